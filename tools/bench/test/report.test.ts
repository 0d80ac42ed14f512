import { describe, expect, it } from 'vitest';
import type { SubjectRun } from '../src/run-scenario.ts';
import { report, sentences } from '../src/report.ts';
import type { Better, Scenario } from '../src/scenario.ts';
import { summarise } from '../src/summary.ts';
import type { Summary } from '../src/summary.ts';

const subject = () => ({ op: () => 1 });

function duel(
  better: Better,
  ours: readonly number[],
  rival: readonly number[],
  more: Partial<Scenario> = {},
): Summary {
  const runs: SubjectRun[] = Object.entries({ ours, rival }).map(([name, values]) =>
    values.length === 0
      ? { name, rounds: [], failure: 'hung in round: no answer within 60 s' }
      : { name, rounds: values.map((value) => ({ value, figures: { heapMB: 12 } })) },
  );
  const scenario = { id: 'it', unit: 'ops/s', better, load: { kind: 'measure' } as const, ...more };
  return summarise({ ...scenario, subjects: { ours: subject, rivals: { rival: subject } } }, runs);
}

describe('the plain words at the end', () => {
  const said = (summary: Summary, quick = false) => sentences([summary], quick);

  it('say where we lose, to whom and by how much', () => {
    expect(said(duel('higher', [80, 80, 80], [100, 100, 100]))).toEqual(['We lose in it to rival by 20%.']);
    expect(said(duel('lower', [130, 130, 130], [100, 100, 100]))).toEqual(['We lose in it to rival by 30%.']);
  });

  it('say so when we lose nowhere', () => {
    expect(said(duel('higher', [120], [100]))).toEqual(['We lose to no rival.']);
    expect(said(duel('lower', [80], [100]))).toEqual(['We lose to no rival.']);
  });

  it('claim neither a defeat nor a victory that the spread does not bear out', () => {
    const level = ['We lose to no rival.', expect.stringMatching(/^We are level with rival in it: .*±\d/u)];
    expect(said(duel('higher', [90, 97, 104], [100, 100, 100]))).toEqual(level);
    expect(said(duel('higher', [96, 103, 110], [100, 100, 100]))).toEqual(level);
  });

  it('say nothing of better and worse where there is none', () => {
    expect(said(duel('equal', [1], [37]))).toEqual([]);
  });

  it('name each goal that is missed', () => {
    expect(
      said(duel('higher', [120], [100], { goals: [{ against: 'rival', atLeast: 2 }, { atLeast: 1 }] })),
    ).toEqual(['We lose to no rival.', 'Goal missed in it: at least 2x rival; it is 1.20.']);
  });

  it('name a failed subject with its failure', () => {
    expect(said(duel('higher', [120], []))).toEqual([
      'Failed in it: rival hung in round: no answer within 60 s',
    ]);
  });

  it('warn of noise and of quick runs', () => {
    const noisy = duel('equal', [100, 200, 300], [1]);
    expect(said(noisy, true)).toEqual([
      'it is noisy: its rounds lie ±25% apart. Do not quote it.',
      'Quick rounds show that the scenarios work. Do not quote their figures.',
    ]);
  });
});

describe('the table', () => {
  it('has a line for each scenario, aligned, with everything one has to see', () => {
    const summaries = [
      duel('higher', [1_234_567], [2_000_000], { id: 'long-name', goals: [{ atLeast: 1 }] }),
      duel('lower', [12.3456], [], { id: 'ms', unit: 'ms', goals: [{ atMost: 1 }] }),
      duel('higher', [100, 200, 300], [100, 200, 300], { id: 'wild' }),
    ];
    const [overview = '', details = ''] = report(summaries, false).split('\n\n');
    expect(`\n${overview}\n`).toBe(`
scenario   unit    ours  floor  rivals        to floor  to best rival      spread  goals
---------  -----  -----  -----  ------------  --------  -------------  ----------  -------------
long-name  ops/s  1.23M      -  rival 2.00M          -   0.617x rival       ±0.0%  met
ms         ms      12.3      -  rival failed         -              -       ±0.0%  missed 1 of 1
wild       ops/s    200      -  rival 200            -       1x rival  ±25% noisy  -
`);
    expect(details.split('\n').slice(0, 4)).toEqual([
      'scenario   subject  spread    min    max  heapMB',
      '---------  -------  ------  -----  -----  ------',
      'long-name  ours      ±0.0%  1.23M  1.23M      12',
      'long-name  rival     ±0.0%  2.00M  2.00M      12',
    ]);
  });
});
