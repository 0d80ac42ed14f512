import { expect, it } from 'vitest';
import { audit, headsOf } from '../../src/run/audit.ts';

const numbers = (...all: number[]): Int32Array => Int32Array.from(all);

it('the heads are the last numbers that were acknowledged', () => {
  expect(headsOf(3, [numbers(0, 4, 1, 1, 2, 2), numbers(0, 3, 5)])).toEqual([4, 2, 0]);
});

it('what was acknowledged and is shown in its place is not lost', () => {
  const acked = [numbers(0, 1, 10, 0, 2, 11)];
  expect(audit(acked, [[numbers(-1, 10, 11)], [numbers(-1, -1, 11)]])).toEqual({
    acknowledgedLost: 0,
    altered: 0,
  });
});

it('what was acknowledged and shown to nobody is lost, and so is what stands in another place', () => {
  expect(audit([numbers(0, 2, 11)], [[numbers(-1, 10)]])).toMatchObject({ acknowledgedLost: 1 });
  expect(audit([numbers(0, 1, 11)], [[numbers(-1, 10)]])).toMatchObject({ acknowledgedLost: 1 });
  expect(audit([numbers(1, 1, 11)], [[numbers(-1, 11), undefined]])).toMatchObject({ acknowledgedLost: 1 });
});

it('two processes that were shown something else in the same place are found', () => {
  const records = [[numbers(-1, 10, 11, 12)], [numbers(-1, 10, 12, -1)]];
  expect(audit([], records)).toEqual({ acknowledgedLost: 0, altered: 1 });
});
