import { expect, it } from 'vitest';
import { Histogram, merged } from '../../src/measure/histogram.ts';

function histogramOf(values: Iterable<number>): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function* times(count: number): Generator<number> {
  // From microseconds to minutes.
  for (let i = 0; i < count; i += 1) yield 10 ** (-3 + (8.2 * i) / count);
}

it('percentiles are those of the values, with an error below a thousandth', () => {
  const values = [...times(20_000)];
  const histogram = histogramOf(values);
  for (const percent of [1, 10, 50, 90, 99, 99.9]) {
    const exact = values[Math.ceil((percent / 100) * values.length) - 1] ?? 0;
    // It counts whole microseconds.
    expect(Math.abs(histogram.at(percent) - exact)).toBeLessThanOrEqual(Math.max(exact / 1_000, 0.001));
  }
});

it('the largest and the number of values are exact', () => {
  const histogram = histogramOf([1, 2, 123.456]);
  expect(histogram.percentiles()).toMatchObject({ count: 3, max: 123.456 });
  expect(histogram.at(100)).toBe(123.456);
});

it('all whole microseconds of the first two milliseconds are told apart', () => {
  const histogram = histogramOf(Array.from({ length: 2_000 }, (_, i) => i / 1_000));
  expect(histogram.at(50)).toBe(0.999);
  expect(histogram.at(25)).toBe(0.499);
});

it('what came before it was due counts as no time, and what took for ever as the longest', () => {
  const histogram = histogramOf([-5, 1e12]);
  expect(histogram.at(50)).toBe(0);
  expect(histogram.at(100)).toBeGreaterThan(2_000_000);
});

it('several are put together from what they weigh on their way', () => {
  const values = [...times(3_000)];
  const parts = [0, 1, 2].map((part) => histogramOf(values.filter((_, i) => i % 3 === part)).sparse());
  const [whole, together] = [histogramOf(values), merged(structuredClone(parts))];
  expect(together.count).toBe(3_000);
  for (const percent of [1, 50, 99, 99.9]) expect(together.at(percent)).toBe(whole.at(percent));
  expect(together.percentiles().max / whole.percentiles().max).toBeCloseTo(1, 3);
});

it('an empty one says zero, and so does one that was cleared', () => {
  const histogram = histogramOf([5]);
  histogram.clear();
  for (const one of [histogram, new Histogram()])
    expect(one.percentiles()).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
  expect(histogram.sparse()).toEqual([]);
});
