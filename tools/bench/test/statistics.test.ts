import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioOf, sampleOf } from '../src/statistics.ts';

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const rounds = fc.array(positive, { minLength: 1, maxLength: 20 });

describe('what many rounds come to', () => {
  it('is their median, half the distance of their quartiles relative to it, and their ends', () => {
    expect(sampleOf([30, 10, 20, 50, 40])).toEqual({ median: 30, spread: 10 / 30, min: 10, max: 50 });
    expect(sampleOf([1, 2])).toEqual({ median: 1.5, spread: 0.25 / 1.5, min: 1, max: 2 });
  });

  it('is nothing for no rounds', () => {
    expect(sampleOf([])).toBeUndefined();
  });

  it('has no spread when all are the same, zero included', () => {
    expect(sampleOf([0, 0, 0])).toEqual({ median: 0, spread: 0, min: 0, max: 0 });
  });

  it('has a whole spread when the median is zero and the rounds are not', () => {
    expect(sampleOf([-1, 0, 1])?.spread).toBe(1);
  });

  it('depends neither on the order of the rounds nor, but for the scale, on the unit', () => {
    fc.assert(
      fc.property(rounds, positive, (values, unit) => {
        const sample = sampleOf(values);
        expect(sampleOf(values.toReversed())).toEqual(sample);
        const scaled = sampleOf(values.map((value) => value * unit));
        expect(scaled?.spread).toBeCloseTo(sample?.spread ?? Number.NaN, 6);
        expect((scaled?.median ?? 0) / unit).toBeCloseTo(sample?.median ?? Number.NaN, 3);
      }),
    );
  });

  it('has half of the rounds on either side of the median', () => {
    fc.assert(
      fc.property(rounds, (values) => {
        const { median = Number.NaN, min = Number.NaN, max = Number.NaN } = sampleOf(values) ?? {};
        const half = values.length / 2;
        expect(values.filter((value) => value <= median).length).toBeGreaterThanOrEqual(half);
        expect(values.filter((value) => value >= median).length).toBeGreaterThanOrEqual(half);
        expect([Math.min(...values), Math.max(...values)]).toEqual([min, max]);
      }),
    );
  });

  it('is not moved by a single wild round', () => {
    expect(sampleOf([10, 10, 10, 10, 1e9])).toMatchObject({ median: 10, spread: 0 });
  });
});

describe('the ratio of two subjects', () => {
  it('is free of what slowed both of them in the same round', () => {
    fc.assert(
      fc.property(rounds, positive, (slowdowns, ratio) => {
        const sample = ratioOf(
          slowdowns.map((slowdown) => slowdown * ratio),
          slowdowns,
        );
        expect((sample?.median ?? 0) / ratio).toBeCloseTo(1, 9);
        expect(sample?.spread).toBeCloseTo(0, 9);
      }),
    );
  });

  it('is turned over when the subjects change places', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 19 }), (pairs) => {
        const odd = pairs.length % 2 === 1 ? pairs : pairs.slice(1);
        const [ours, theirs] = [odd.map(([a]) => a), odd.map(([, b]) => b)];
        const product = (ratioOf(ours, theirs)?.median ?? 1) * (ratioOf(theirs, ours)?.median ?? 1);
        expect(product).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is level when neither has any, and without bound when only the other has none', () => {
    expect(ratioOf([0, 0], [0, 0])?.median).toBe(1);
    expect(ratioOf([5, 5], [0, 0])?.median).toBe(Infinity);
  });

  it('uses only the rounds that both have had', () => {
    expect(ratioOf([2, 4, 100], [1, 2])?.median).toBe(2);
    expect(ratioOf([], [1])).toBeUndefined();
  });
});
