/** How well a name fits what was typed of it; the less the better. Undefined: not at all. */
export function matchOf(query: string, names: readonly string[]): number | undefined {
  let best: number | undefined;
  for (const [place, name] of names.entries()) {
    const found = matchOne(query, name.toLowerCase());
    if (found !== undefined) best = Math.min(best ?? Infinity, found + place / 100);
  }
  return best;
}

function matchOne(query: string, name: string): number | undefined {
  if (name === query) return 0;
  const at = name.indexOf(query);
  if (at < 0) return undefined;
  if (at === 0) return 1;
  return /[\s._-]/u.test(name[at - 1] ?? '') ? 2 : 3;
}

/** The best few of many. What fits equally well stays in its order. */
export function bestOf<T>(
  items: Iterable<T>,
  scoreOf: (item: T) => number | undefined,
  most: number,
): readonly T[] {
  const scored: { readonly item: T; readonly score: number }[] = [];
  for (const item of items) {
    const score = scoreOf(item);
    if (score !== undefined) scored.push({ item, score });
  }
  return scored
    .toSorted((a, b) => a.score - b.score)
    .slice(0, most)
    .map(({ item }) => item);
}
