/** Chooses by a number from 0 up to, but not including, 1; undefined where there is nothing to choose. */
export type Weighted<T> = (chance: number) => T | undefined;

/** Each as often as its weight says. */
export function weighted<T>(choices: readonly (readonly [T, number])[]): Weighted<T> {
  const ends: number[] = [];
  let sum = 0;
  for (const [, weight] of choices) ends.push((sum += weight));
  return (chance) => {
    const wanted = chance * sum;
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return choices[low]?.[0];
  };
}
