export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** All pages of a list, one after another. */
export async function everything<T>(
  read: (cursor: { readonly cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Page<T> = await read(cursor === undefined ? {} : { cursor });
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}
