/** Maps without a promise for each item where none is needed. When the function throws, nothing that it began goes unheard. */
export function mapNowOrLater<Item, Result>(
  items: readonly Item[],
  map: (item: Item, i: number) => Result | Promise<Result>,
): readonly Result[] | Promise<readonly Result[]> {
  const now: Result[] = [];
  const all: (Result | Promise<Result>)[] = [];
  try {
    items.forEach((item, i) => {
      const result = map(item, i);
      all.push(result);
      if (!(result instanceof Promise)) now.push(result);
    });
  } catch (error) {
    for (const result of all) if (result instanceof Promise) result.catch(() => {});
    throw error;
  }
  return now.length === all.length ? now : Promise.all(all);
}
