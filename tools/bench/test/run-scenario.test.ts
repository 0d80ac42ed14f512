import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { linesOf, logTo } from './log.ts';
import { isAlive } from './processes.ts';
import { runFixture } from './run-fixture.ts';
import { scratchFolder } from './scratch.ts';

const names = ['ours', 'floor', 'one', 'two', 'bare'];
let log: string;

beforeEach(() => {
  log = join(scratchFolder(), 'log');
  logTo(log);
});

function turnsInLog(): string[][] {
  const turns = linesOf(log).filter((line) => line.endsWith(' turn'));
  const rounds: string[][] = [];
  while (turns.length > 0)
    rounds.push(turns.splice(0, names.length).map((line) => line.replace(' turn', '')));
  return rounds;
}

describe('the turns of a scenario', () => {
  it('gives each subject one turn in every round, in an order that changes', async () => {
    await runFixture('turns', 'turns');
    const rounds = turnsInLog();
    expect(rounds).toHaveLength(7);
    for (const round of rounds) expect(round.toSorted()).toEqual(names.toSorted());
    expect(new Set(rounds.map((round) => round.join())).size).toBeGreaterThan(1);
  });

  it('comes in the same order for the same seed, and in another for another', async () => {
    await runFixture('turns', 'turns', { seed: 7 });
    await runFixture('turns', 'turns', { seed: 7 });
    await runFixture('turns', 'turns', { seed: 8 });
    const rounds = turnsInLog();
    expect(rounds.slice(7, 14)).toEqual(rounds.slice(0, 7));
    expect(rounds.slice(14)).not.toEqual(rounds.slice(0, 7));
  });

  it('discards the first round of each subject', async () => {
    const runs = await runFixture('turns', 'turns');
    for (const name of names)
      expect(runs[name]?.rounds.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('runs fewer rounds when it is quick, and tells the subjects', async () => {
    const { ours } = await runFixture('turns', 'turns', { quick: true, seed: 5 });
    expect(ours?.rounds.map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(ours?.rounds.map(({ figures }) => figures)).toMatchObject([
      { quick: 1, seed: 5, latest: 2 },
      { latest: 3 },
      { latest: 4 },
    ]);
  });

  it('sets each subject up once in a process of its own, with a prefix of its own, and tears it down', async () => {
    await runFixture('turns', 'turns');
    const setups = linesOf(log).filter((line) => line.includes(' setup '));
    const [subjects, pids, prefixes] = [0, 2, 3].map((field) => setups.map((line) => line.split(' ')[field]));
    expect(subjects).toEqual(names);
    expect(new Set(pids).size).toBe(names.length);
    expect(pids).not.toContain(String(process.pid));
    expect(new Set(prefixes).size).toBe(names.length);
    expect(linesOf(log).filter((line) => line.endsWith(' teardown'))).toHaveLength(names.length);
  });

  it('takes a new process for every round when asked to', async () => {
    const { ours } = await runFixture('turns', 'fresh');
    expect(ours?.rounds.map(({ value }) => value)).toEqual([0, 0]);
    const lines = linesOf(log).filter((line) => line.startsWith('ours '));
    expect(lines.map((line) => line.split(' ')[1])).toEqual(
      Array.from({ length: 3 }, () => ['setup', 'turn', 'teardown']).flat(),
    );
    expect(new Set(lines.flatMap((line) => line.split(' ')[2] ?? [])).size).toBe(3);
  });

  it('tells the memory and the CPU time of every round', async () => {
    const { ours } = await runFixture('turns', 'turns');
    for (const { figures } of ours?.rounds ?? []) {
      expect(figures['heapMB']).toBeGreaterThan(1);
      expect(figures['rssMB']).toBeGreaterThan(figures['heapMB'] ?? Infinity);
      expect(figures['cpuSeconds']).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('a subject that fails', () => {
  it.each([
    ['throws-in-setup', /^threw in setup: Error: no more .*because: TypeError: out of stock/u],
    [
      'throws-in-round',
      /^threw in round: Error: no more \(at .*faults\.ts.*\), because: TypeError: out of stock/u,
    ],
    ['throws-in-teardown', /^threw in teardown: Error: no more/u],
    ['rejects', /^threw in round: Error: later/u],
    ['crashes', /^crashed in round: ended by SIGKILL; its last output:\nlast words$/u],
    ['exits', /^crashed in round: ended with exit code 7$/u],
    [
      'throws-into-nowhere',
      /^crashed in round: ended with exit code 1; its last output:[^]*Error: uncaught/u,
    ],
    ['measures-nothing', /^threw in round: TypeError: value is NaN, not a finite number/u],
    ['measures-text', /^threw in round: TypeError: op measured string, not a number/u],
  ])('is told with what happened when it %s, and the others go on', async (id, message) => {
    const { ours, faulty } = await runFixture('faults', id);
    expect(faulty?.failure).toMatch(message);
    expect(faulty?.rounds).toEqual([]);
    expect(ours).toMatchObject({ name: 'ours', rounds: [{ value: 1 }, { value: 1 }] });
  });

  it('is ended at the deadline when it hangs, with every process that it has started', async () => {
    const { ours, faulty } = await runFixture('faults', 'hangs');
    expect(faulty?.failure).toBe('hung in round: no answer within 4 s');
    expect(ours?.rounds).toHaveLength(2);
    expectNobodyLeft();
  });
});

it('hears at once that a subject died, although a process lives on that it has started', async () => {
  const { faulty } = await runFixture('faults', 'dies-beside-another');
  expect(faulty?.failure).toBe('crashed in round: ended with exit code 7');
  expectNobodyLeft();
});

it('leaves no process behind that a subject has started', async () => {
  const { faulty } = await runFixture('faults', 'leaves-a-process');
  expect(faulty?.failure).toBeUndefined();
  expectNobodyLeft();
});

function expectNobodyLeft(): void {
  const pids = linesOf(log).flatMap((line) => line.replace('pids ', '').split(' ').map(Number));
  expect(pids).toHaveLength(2);
  expect(pids.filter(isAlive)).toEqual([]);
}
