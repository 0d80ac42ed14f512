import { describe, expect, it } from 'vitest';
import type { SubjectRun } from '../src/run-scenario.ts';
import type { Better, Goal, Scenario } from '../src/scenario.ts';
import { bestRival, standingNamed, summarise } from '../src/summary.ts';

const subject = () => ({ op: () => 1 });

function run(
  name: string,
  values: readonly number[],
  figures: Readonly<Record<string, number>> = {},
): SubjectRun {
  return { name, rounds: values.map((value) => ({ value, figures })) };
}

function scenario(better: Better, goals: readonly Goal[] = []): Scenario {
  return {
    id: 'it',
    unit: 'ops/s',
    better,
    load: { kind: 'measure' },
    subjects: { ours: subject, floor: subject, rivals: { a: subject, b: subject } },
    goals,
  };
}

const runs = [
  run('ours', [100, 200, 300], { p99: 8, max: 9 }),
  run('floor', [200, 400, 600], { p99: 4 }),
  run('a', [50, 100, 150]),
  run('b', [120, 160, 400]),
];

describe('a scenario worked out', () => {
  it('has a ratio to each subject from the rounds that ran side by side', () => {
    const summary = summarise(scenario('higher'), runs);
    expect(summary.standings.map(({ name, role, ratio }) => [name, role, ratio?.median])).toEqual([
      ['ours', 'ours', undefined],
      ['floor', 'floor', 0.5],
      ['a', 'rival', 2],
      ['b', 'rival', 100 / 120],
    ]);
  });

  it('is as unsure as the least sure of its subjects', () => {
    expect(
      summarise(scenario('higher'), [run('ours', [10, 10, 10]), run('floor', [10, 20, 30])]).spread,
    ).toBe(0.25);
  });

  it.each([
    ['higher', 'b'],
    ['lower', 'a'],
    ['equal', undefined],
  ] as const)('knows the hardest rival when %s is better', (better, best) => {
    expect(bestRival(summarise(scenario(better), runs))?.name).toBe(best);
  });

  it('knows the figures by their medians, and the largest maximum', () => {
    const rounds = [3, 1, 2].map((max) => ({ value: 1, figures: { p99: max, max } }));
    const summary = summarise(scenario('lower'), [{ name: 'ours', rounds }]);
    expect(standingNamed(summary, 'ours')?.figures).toEqual({ p99: 2, max: 3 });
  });

  it('knows the largest of a figure that must not happen even once, and judges by it', () => {
    const rounds = [0, 3, 0].map((lost) => ({ value: 1, figures: { lost, late: lost } }));
    const goals = [
      { of: 'lost', atMost: 0 },
      { of: 'late', atMost: 0 },
    ];
    const summary = summarise({ ...scenario('higher', goals), worstOf: ['lost'] }, [
      { name: 'ours', rounds },
    ]);
    expect(standingNamed(summary, 'ours')?.figures).toEqual({ lost: 3, late: 0 });
    expect(summary.goals.map(({ actual, met }) => [actual, met])).toEqual([
      [3, false],
      [0, true],
    ]);
  });

  it('doubts whoever is beyond a bound in any round, by the worst of them', () => {
    const rounds = [1, 0.5, 0.7].map((held) => ({ value: 1, figures: { held } }));
    const doubts = [{ of: 'held', atLeast: 0.99, says: 'did not hold the rate' }];
    const all = [{ name: 'ours', rounds: rounds.slice(0, 1) }, { name: 'a', rounds }, run('b', [1])];
    expect(summarise({ ...scenario('higher'), doubts }, all).doubts).toEqual([
      'a did not hold the rate (held 0.500)',
    ]);
  });

  it('shows ours in another set-up, which is no rival', () => {
    const { subjects, ...rest } = scenario('higher');
    const summary = summarise({ ...rest, subjects: { ...subjects, variants: { mine: subject } } }, [
      ...runs,
      run('mine', [999, 999, 999]),
    ]);
    expect(standingNamed(summary, 'mine')?.role).toBe('variant');
    expect(bestRival(summary)?.name).toBe('b');
  });

  it('passes over a rival that failed', () => {
    const failed = { name: 'b', rounds: [], failure: 'crashed' };
    const summary = summarise(scenario('higher'), [...runs.slice(0, 3), failed]);
    expect(bestRival(summary)?.name).toBe('a');
    expect(standingNamed(summary, 'b')).toMatchObject({
      sample: undefined,
      ratio: undefined,
      failure: 'crashed',
    });
  });
});

describe('a goal', () => {
  const judged = (goal: Goal, of = runs) =>
    summarise(scenario('higher', [goal]), of).goals.map(({ goal, actual, met }) => [goal, actual, met]);

  it('holds for a ratio to a subject', () => {
    expect(judged({ against: 'floor', atLeast: 0.5 })).toEqual([['at least 0.5x floor', 0.5, true]]);
    expect(judged({ against: 'floor', atLeast: 0.51 })).toEqual([['at least 0.51x floor', 0.5, false]]);
    expect(judged({ against: 'a', atMost: 1.9 })).toEqual([['at most 1.9x a', 2, false]]);
  });

  it('holds for each rival by itself', () => {
    expect(judged({ against: 'rivals', atLeast: 1 })).toEqual([
      ['at least 1x a', 2, true],
      ['at least 1x b', 100 / 120, false],
    ]);
  });

  it('holds for the figure of ours itself, between two bounds or exactly', () => {
    expect(judged({ atLeast: 200, atMost: 300 })).toEqual([
      ['at least 200 ops/s and at most 300 ops/s', 200, true],
    ]);
    expect(judged({ atLeast: 201, atMost: 201 })).toEqual([['exactly 201 ops/s', 200, false]]);
  });

  it('holds for another figure than the reported one', () => {
    expect(judged({ against: 'floor', atMost: 1.5, of: 'p99' })).toEqual([
      ['p99 at most 1.5x floor', 2, false],
    ]);
    expect(judged({ atMost: 8, of: 'p99' })).toEqual([['p99 at most 8', 8, true]]);
  });

  it('is missed when it cannot be judged', () => {
    expect(judged({ against: 'a', atLeast: 0, of: 'p99' })).toEqual([
      ['p99 at least 0x a', undefined, false],
    ]);
    const failed = [{ name: 'ours', rounds: [], failure: 'hung' }, ...runs.slice(1)];
    expect(judged({ atMost: 1000 }, failed)).toEqual([['at most 1000 ops/s', undefined, false]]);
  });
});
