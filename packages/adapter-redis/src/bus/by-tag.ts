/** Some of a list, and where they stood in it. */
export interface Group<Item> {
  readonly tag: string;
  readonly items: readonly Item[];
  readonly places: readonly number[];
}

/** What belongs to one slot together, in the order given. */
export function byTag<Item>(items: readonly Item[], tagOf: (item: Item) => string): Group<Item>[] {
  const groups = new Map<string, { tag: string; items: Item[]; places: number[] }>();
  for (const [place, item] of items.entries()) {
    const tag = tagOf(item);
    const group = groups.get(tag) ?? { tag, items: [], places: [] };
    groups.set(tag, group);
    group.items.push(item);
    group.places.push(place);
  }
  return [...groups.values()];
}
