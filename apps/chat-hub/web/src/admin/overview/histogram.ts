import type { Sample } from './metrics-text.ts';

/** How many were at most as large as each bound, from the least bound on. */
export type Histogram = ReadonlyMap<number, number>;

/** The buckets of all series together. */
export function histogramOf(buckets: readonly Sample[]): Histogram {
  const counts = new Map<number, number>();
  for (const { labels, value } of buckets) {
    const bound = Number((labels['le'] ?? '').replace('Inf', 'Infinity'));
    if (!Number.isNaN(bound)) counts.set(bound, (counts.get(bound) ?? 0) + value);
  }
  return new Map([...counts].toSorted(([a], [b]) => a - b));
}

/** What came in between. */
export function since(now: Histogram, before: Histogram): Histogram {
  return new Map([...now].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

/** About where a part of the values lies: within the bucket they are taken to be spread evenly. Undefined: there are none. */
export function quantile(histogram: Histogram, part: number): number | undefined {
  const all = Math.max(0, ...histogram.values());
  if (all <= 0) return undefined;
  const rank = part * all;
  let [low, below] = [0, 0];
  for (const [bound, count] of histogram) {
    if (count >= rank) {
      if (bound === Infinity) return low;
      return low + (bound - low) * (count === below ? 1 : (rank - below) / (count - below));
    }
    [low, below] = [bound, count];
  }
  return low;
}
