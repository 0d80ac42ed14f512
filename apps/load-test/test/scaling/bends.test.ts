import { expect, it } from 'vitest';
import { bendsOf } from '../../src/scaling/costs.ts';
import { aScaling } from '../support/a-scaling.ts';

/** A series of which only the hub's processors are known, as milliseconds a message. */
function series(costs: readonly (readonly [x: number, ms: number])[]) {
  const [like] = aScaling().series[0]?.points ?? [];
  if (like === undefined) throw new Error('there is a point');
  return { points: costs.map(([x, ms]) => ({ ...like, x, metrics: { ms } })) };
}
const bends = (...costs: (readonly [number, number])[]) =>
  bendsOf(series(costs), ({ metrics }) => metrics['ms']);

it('what differs as two runs of the same do is a flat line, however far it is drawn', () => {
  expect(bends([1, 2.12], [10, 2.35], [100, 2.04], [1_000, 2.28], [10_000, 2.5])).toEqual([]);
});

it('a cost that grows with what there is stays on its line, and leaves it where it grows faster', () => {
  expect(bends([10, 5], [110, 7], [1_010, 25])).toEqual([]);
  expect(bends([10, 5], [110, 7], [1_010, 50])).toEqual([{ x: 1_010, expected: 25, measured: 50 }]);
});

it('a cost that rises where it was flat leaves its line, and one that falls as well', () => {
  expect(bends([1, 2], [10, 2], [100, 3])).toEqual([{ x: 100, expected: 2, measured: 3 }]);
  expect(bends([1, 2], [10, 2], [100, 1])).toEqual([{ x: 100, expected: 2, measured: 1 }]);
});
