import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Latencies } from '../../src/load/latencies.ts';

it('tells every percentile to within a thousandth, from microseconds to minutes', () => {
  const ms = fc.double({ min: 0.001, max: 100_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(ms, { minLength: 1, maxLength: 500 }), (values) => {
      const latencies = new Latencies();
      for (const value of values) latencies.record(value);
      const sorted = values.toSorted((a, b) => a - b);
      const at = (percent: number) =>
        sorted[Math.max(Math.ceil((percent / 100) * values.length), 1) - 1] ?? 0;
      const { p50, p90, p99, 'p99.9': p999, max } = latencies.percentiles();
      const exact = [at(50), at(90), at(99), at(99.9)];
      for (const [index, told] of [p50, p90, p99, p999].entries())
        expect(told / (exact[index] ?? 0)).toBeCloseTo(1, 2.5);
      expect(max).toBe(Math.max(...values));
    }),
    { numRuns: 30 },
  );
});

it('counts a call that took no time at all', () => {
  const latencies = new Latencies();
  latencies.record(0);
  expect(latencies.percentiles()).toEqual({ p50: 0, p90: 0, p99: 0, 'p99.9': 0, max: 0 });
});
