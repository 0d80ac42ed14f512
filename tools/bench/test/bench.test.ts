import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bench } from '../src/bench.ts';
import { linesOf, logTo } from './log.ts';
import { fixtures } from './run-fixture.ts';
import { scratchFolder } from './scratch.ts';

async function run(...args: string[]) {
  const printed: string[] = [];
  const told: string[] = [];
  const output = { print: (text: string) => printed.push(text), tell: (text: string) => told.push(text) };
  const code = await bench([...args, '--folder', fixtures], {
    print: (text) => void output.print(text),
    tell: (text) => void output.tell(text),
  });
  return { code, printed: printed.join('\n'), told: told.join('\n') };
}

describe('a run', () => {
  it('prints its seed and the table, and exits with 0 although goals are missed', async () => {
    const { code, printed, told } = await run('figures', '--seed', '42');
    expect(code).toBe(0);
    expect(told).toContain('bench figures, seed 42, node v');
    expect(printed).toMatch(
      /^speed +ops\/s +120k +200k +quick 150k, slow 60\.0k +0\.600x +0\.800x quick .*missed 2 of 4/mu,
    );
    expect(printed).toContain('We lose in speed to quick by 20%.');
    expect(printed).toContain('Goal missed in speed: p50 at most 1.5x floor; it is 2.');
  });

  it('writes the results as other tools expect them, and where they were measured', async () => {
    const file = join(scratchFolder(), 'results.json');
    await run('figures', '--seed', '42', '--json', file);
    const results: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(results).toMatchObject({
      $meta: {
        bench: 'figures',
        seed: 42,
        quick: false,
        node: process.version,
        cores: expect.any(Number),
        cpu: expect.any(String),
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/u),
      },
      speed: {
        unit: 'ops/s',
        better: 'higher',
        ours: 120_000,
        rivals: { quick: 150_000, slow: 60_000 },
        floor: 200_000,
        spread: 0,
        p50: 2,
        p99: 9,
        memoryMB: expect.any(Number),
        cpuSeconds: expect.any(Number),
        goals: expect.arrayContaining([{ goal: 'at least 1x quick', actual: 0.8, met: false }]),
        ratios: { floor: { ratio: 0.6, spread: 0 }, quick: { ratio: 0.8, spread: 0 } },
        subjects: {
          'older client': { role: 'other floor', median: 100_000, rounds: [100_000, 100_000, 100_000] },
        },
      },
      loads: { better: 'equal', ours: 1, rivals: { herd: 37 }, floor: null },
    });
    expect(Object.keys(results ?? {})).toEqual(['$meta', 'speed', 'loads']);
  });

  it('runs only the scenarios that are asked for', async () => {
    const { printed } = await run('figures', '--only', 'loads', '--quick');
    expect(printed).toContain('loads');
    expect(printed).not.toContain('speed');
  });

  it('exits with 1 on a missed goal when it is to be asserted', async () => {
    expect((await run('figures', '--assert', '--only', 'speed')).code).toBe(1);
    expect((await run('figures', '--assert', '--only', 'loads')).code).toBe(0);
  });

  it('exits with 1 when a subject failed, names it, and still writes what the others did', async () => {
    const file = join(scratchFolder(), 'results.json');
    const { code, printed } = await run('faults', '--only', 'exits', '--json', file);
    expect(code).toBe(1);
    expect(printed).toContain('Failed in exits: faulty crashed in round: ended with exit code 7');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      exits: { ours: 1, rivals: { faulty: null }, subjects: { faulty: { failure: expect.any(String) } } },
    });
  });
});

describe('a wrong call', () => {
  it.each([
    { args: [], message: 'name one bench, not 0' },
    { args: ['figures', 'turns'], message: 'name one bench, not 2' },
    { args: ['turnz'], message: 'no bench is called "turnz"; there are: faults, figures, servers, turns' },
    { args: ['turns', '--only', 'tunrs'], message: 'no scenario is called "tunrs"; there are: turns, fresh' },
    { args: ['turns', '--fast'], message: "Unknown option '--fast'" },
    { args: ['turns', '--seed', 'x'], message: '--seed is a whole number below 2^32, not "x"' },
    { args: ['turns', '--seed', '4294967296'], message: '--seed is a whole number' },
    { args: ['turns', '--json'], message: "Option '--json" },
    { args: ['turns', '--json', '/no/such/folder/a.json'], message: '--json: ENOENT' },
    { args: ['turns', '--json', fixtures], message: '--json: EISDIR' },
    { args: ['--compare', 'a.json'], message: '--compare needs two files' },
    { args: ['--compare', '/no/a.json', '/no/b.json'], message: '/no/a.json: ENOENT' },
  ])('$args is told before any work, with exit code 2', async ({ args, message }) => {
    const log = join(scratchFolder(), 'log');
    logTo(log);
    const { code, told, printed } = await run(...args);
    expect(code).toBe(2);
    expect(told).toContain(message);
    expect(told).toContain('npm run bench -- <name>');
    expect(printed).toBe('');
    expect(linesOf(log)).toEqual([]);
  });

  it('leaves a file as it is that turned out to be writable', async () => {
    const file = join(scratchFolder(), 'old.json');
    writeFileSync(file, 'old');
    expect((await run('turns', '--only', 'x', '--json', file)).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('old');
    const folder = join(scratchFolder(), 'new');
    mkdirSync(folder);
    expect((await run('turns', '--only', 'x', '--json', join(folder, 'new.json'))).code).toBe(2);
    expect(existsSync(join(folder, 'new.json'))).toBe(false);
  });
});

describe('without a run', () => {
  it('lists the benches with their scenarios and subjects', async () => {
    const { code, printed } = await run('--list');
    expect(code).toBe(0);
    expect(printed).toContain('turns\n  turns: ours, floor, one, two, bare\n  fresh: ');
    expect((await run('--list', 'figures')).printed).toMatch(
      /^figures\n {2}speed: .*\n {2}loads: ours, herd$/u,
    );
  });

  it('compares two files, and exits with 1 on a regression only when it is to be asserted', async () => {
    const folder = scratchFolder();
    const files = [1, 0.5].map((ratio) => {
      const file = join(folder, `${ratio}.json`);
      writeFileSync(
        file,
        JSON.stringify({ it: { better: 'higher', ratios: { floor: { ratio, spread: 0.1 } } } }),
      );
      return file;
    });
    expect(await run('--compare', ...files)).toMatchObject({ code: 0 });
    const { code, printed } = await run('--compare', '--assert', ...files);
    expect(code).toBe(1);
    expect(printed).toMatch(/-50% .*regression\nRegressions: it to floor\.$/u);
    expect((await run('--compare', '--assert', ...files.toReversed())).printed).toMatch(/No regression\.$/u);
  });

  it('explains itself', async () => {
    const { code, printed } = await run('--help');
    expect(code).toBe(0);
    expect(printed).toContain('--quick');
  });
});
