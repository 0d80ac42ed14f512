/** How many letters must be changed, added, left out or swapped with their neighbour to make one word of the other. */
function slips(from: string, to: string): number {
  const cells = new Map<string, number>();
  const between = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const known = cells.get(key);
    if (known !== undefined) return known;
    const same = from[i - 1] === to[j - 1];
    const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
    const fewest = Math.min(
      between(i - 1, j) + 1,
      between(i, j - 1) + 1,
      between(i - 1, j - 1) + (same ? 0 : 1),
      swapped ? between(i - 2, j - 2) + 1 : Infinity,
    );
    cells.set(key, fewest);
    return fewest;
  };
  return between(from.length, to.length);
}

const longest = 60;

/** What somebody probably meant; undefined: nothing is near. Of short words a single letter is much. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  if (word === '' || word.length > longest) return undefined;
  const [best] = known
    .filter((name) => name.length <= longest)
    .map((name) => ({ name, away: name.startsWith(word) && word.length > 2 ? 1 : slips(word, name) }))
    .filter(({ name, away }) => away <= (Math.max(name.length, word.length) < 5 ? 1 : 2))
    .toSorted((a, b) => a.away - b.away);
  return best?.name;
}

export function didYouMean(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `Did you mean ${name}?`;
}
