import { HubError, idSchema, limits } from '@parley/hub-protocol';

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/**
 * A page of a list that is read by its keys.
 *
 * @param read rows behind a key, at most so many
 * @param keyOf what the list is ordered by
 */
export async function readPage<T>(
  { limit = limits.pageDefault, cursor }: PageQuery,
  read: (after: string | undefined, limit: number) => Promise<readonly T[]>,
  keyOf: (item: T) => string,
): Promise<Page<T>> {
  // One more than asked for tells whether there is a next page.
  const rows = await read(cursor === undefined ? undefined : keyIn(cursor), limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
}

/**
 * A page of a list that says itself where the page has ended.
 *
 * @param read from an end on, at most so many
 */
export async function readOn<T>(
  { limit = limits.pageDefault, cursor }: PageQuery,
  read: (
    after: string | undefined,
    limit: number,
  ) => Promise<{ readonly items: T[]; readonly end: string | undefined }>,
): Promise<Page<T>> {
  const { items, end } = await read(cursor === undefined ? undefined : keyIn(cursor), limit);
  return { items, next: end === undefined ? null : cursorOf(end) };
}

/** A page of a list that is there as a whole, ordered by a key that no two have in common. */
export function cutPage<T>(
  items: readonly T[],
  query: PageQuery,
  keyOf: (item: T) => string,
): Promise<Page<T>> {
  const sorted = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const read = async (after = '', limit: number): Promise<T[]> =>
    sorted.filter((item) => keyOf(item) > after).slice(0, limit);
  return readPage(query, read, keyOf);
}

/** The same in the order in which they are, for lists that are added to at their front only. */
export function cutOrdered<T>(items: readonly T[], query: PageQuery): Promise<Page<T>> {
  // Counted from the end: what is added in front of it moves nothing.
  const numbered = items.map((item, i) => ({ item, left: items.length - i }));
  const read = async (after: string | undefined, limit: number) =>
    numbered.filter(({ left }) => after === undefined || left < Number(after)).slice(0, limit);
  return readPage(query, read, ({ left }) => String(left)).then(({ items, next }) => ({
    items: items.map(({ item }) => item),
    next,
  }));
}

/** The number that a list goes on behind, where it is ordered by numbers of the log. */
export function seqIn(key: string | undefined): number {
  if (key === undefined) return 0;
  if (/^\d{1,15}$/.test(key)) return Number(key);
  throw notNext();
}

const notNext = (): HubError =>
  new HubError('INVALID', 'cursor must be `next` of the page before', { field: 'cursor' });

/** Of a list that is read by ids. */
export function idIn(key: string): string {
  if (idSchema.safeParse(key).success) return key;
  throw notNext();
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyIn(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (key !== '' && key.length <= 100 && cursorOf(key) === cursor) return key;
  throw notNext();
}
