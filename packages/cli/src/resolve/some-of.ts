import type { Page } from './everything.ts';

/** The first of a list whose pages may end before they are full, for so many pages at most. */
export async function someOf<T>(
  read: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
  limit: number,
  pages = 10,
): Promise<Page<T>> {
  const items: T[] = [];
  let next: string | null = null;
  for (let nth = 0; nth < pages; nth += 1) {
    const page = await read({ limit: limit - items.length, ...(next !== null && { cursor: next }) });
    items.push(...page.items);
    next = page.next;
    if (next === null || items.length >= limit) break;
  }
  return { items, next };
}
