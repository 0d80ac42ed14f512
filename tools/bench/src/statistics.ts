/** What many rounds come to. */
export interface Sample {
  readonly median: number;

  /** Half the distance between the quartiles, relative to the median. */
  readonly spread: number;
  readonly min: number;
  readonly max: number;
}

/** The value below which the fraction `q` lies, interpolated between neighbours. The values must be sorted and not empty. */
function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

/** Of no values at all there is no sample. */
export function sampleOf(values: readonly number[]): Sample | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const half = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2;
  return { median, spread: relative(half, median), min: quantile(sorted, 0), max: quantile(sorted, 1) };
}

/** The ratio of two subjects, from the rounds that ran next to each other: what slowed both of them cancels out. */
export function ratioOf(ours: readonly number[], others: readonly number[]): Sample | undefined {
  const pairs = ours.flatMap((value, round) => {
    const other = others[round];
    return other === undefined ? [] : [divide(value, other)];
  });
  return sampleOf(pairs);
}

/** None against none is level: zero loads on both sides, for example. */
function divide(value: number, by: number): number {
  return by === 0 && value === 0 ? 1 : value / by;
}

function relative(half: number, median: number): number {
  if (half === 0) return 0;
  // Rounds that differ around zero, or without bound, have no relative spread; 1 says "as large as the figure itself".
  return median === 0 || !Number.isFinite(half) ? 1 : half / Math.abs(median);
}
