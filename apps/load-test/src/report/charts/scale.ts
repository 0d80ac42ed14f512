/** Where a value stands on paper. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Round numbers from zero to the largest. */
export function linear(most: number, [from, to]: readonly [number, number], wanted = 4): Scale {
  const rough = (most > 0 ? most : 1) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const count = Math.max(1, Math.ceil((most > 0 ? most : 1) / step - 1e-9));
  const end = step * count;
  return {
    at: (value) => from + ((to - from) * value) / end,
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12))),
  };
}

/** Times differ by powers of ten: what is small is seen beside what is large. */
export function logarithmic(
  [least, most]: readonly [number, number],
  [from, to]: readonly [number, number],
): Scale {
  const low = Math.floor(Math.log10(Math.max(least, 1e-3)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(most, 1e-3)) - 1e-9));
  const at = (value: number): number => {
    const power = Math.log10(Math.max(value, 10 ** low));
    return from + ((to - from) * (power - low)) / (high - low);
  };
  return { at, ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)) };
}
