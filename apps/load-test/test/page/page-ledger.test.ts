import { expect, it } from 'vitest';
import { pageTotals } from '../../src/page/page-ledger.ts';
import type { Testimony } from '../../src/page/witness.ts';

const log = [
  { id: 'a', seq: 1, number: 11 },
  { id: 'b', seq: 2, number: 12 },
  { id: 'c', seq: 3, number: 13 },
];

function said(change: Partial<Testimony> = {}): Testimony {
  return {
    painted: [
      ['a', 11, 0, 5],
      ['b', 12, 0, 5],
      ['c', 13, 0, 5],
    ],
    neighbours: [
      ['a', 'b'],
      ['b', 'c'],
      ['b', 'line of somebody who joined'],
    ],
    doubled: [],
    rows: 3,
    tasks: [],
    keys: [],
    keysPainted: [],
    ...change,
  };
}

const right = { shown: 3, lost: 0, doubled: 0, disordered: 0, altered: 0 };

it('a page that shows what the log has is right', () => {
  expect(pageTotals(said(), log)).toEqual(right);
});

it('what was never drawn is lost, and what stood there twice is doubled', () => {
  const painted = said().painted.slice(0, 2);
  expect(pageTotals(said({ painted, doubled: ['b'] }), log)).toEqual({
    ...right,
    shown: 2,
    lost: 1,
    doubled: 1,
  });
});

it('whoever stood behind a later one at any time was out of order', () => {
  const neighbours = [...said().neighbours, ['c', 'a'] as const];
  expect(pageTotals(said({ neighbours }), log)).toEqual({ ...right, disordered: 1 });
});

it('another text than in the log, and a message that is not in it, were altered', () => {
  const painted = [...said().painted.slice(1), ['a', 12, 0, 5] as const, ['ghost', 14, 0, 5] as const];
  expect(pageTotals(said({ painted }), log)).toEqual({ ...right, shown: 4, altered: 2 });
});
