import { exponentialBackoff, InvalidArgument } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('draws evenly between the least and the present most, which grows to the cap and never beyond', () => {
  fc.assert(
    fc.property(
      fc.record({
        baseMs: fc.integer({ min: 1, max: 1_000 }),
        maxMs: fc.integer({ min: 100, max: 100_000 }),
        factor: fc.double({ min: 1, max: 10, noNaN: true }),
        minMs: fc.nat(100),
        failures: fc.integer({ min: 1, max: 5_000 }),
        drawn: unit,
      }),
      ({ failures, drawn, ...options }) => {
        const most = exponentialBackoff({ ...options, random: () => 1 });
        const { minMs, maxMs, baseMs } = options;
        expect(most(1)).toBeCloseTo(Math.max(minMs, Math.min(maxMs, baseMs)), 6);
        expect(most(failures + 1)).toBeGreaterThanOrEqual(most(failures));
        expect(most(failures)).toBeLessThanOrEqual(maxMs);
        const delay = exponentialBackoff({ ...options, random: () => drawn })(failures);
        expect(delay).toBeCloseTo(minMs + drawn * (most(failures) - minMs), 6);
      },
    ),
  );
});

it('doubles by default, from 50 ms up to 5 s', () => {
  const backoff = exponentialBackoff({ random: () => 1 });
  expect([1, 2, 3, 4, 7, 8, 100, 1e9].map(backoff)).toEqual([50, 100, 200, 400, 3_200, 5_000, 5_000, 5_000]);
  expect(exponentialBackoff({ random: () => 0 })(9)).toBe(0);
});

it('refuses options that make no sense', () => {
  for (const options of [
    { baseMs: 0 },
    { maxMs: Number.NaN },
    { factor: 0.5 },
    { minMs: -1 },
    { minMs: 10, maxMs: 5 },
  ]) {
    expect(() => exponentialBackoff(options)).toThrow(InvalidArgument);
  }
});
