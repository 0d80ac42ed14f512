import type { StoredRecord } from '@parley/bus';

/** Postgres takes less than 8,000 bytes. */
const maxBytes = 7_999;

/** The first of every notice, so that a later version can write others. */
const format = 1;

/** A log has come further: its channel, epoch, offset, whether all of its topic hear of it (1 or 0), and perhaps the records. */
export type StreamItem = readonly [
  kind: 's',
  channel: string,
  epoch: string,
  offset: number,
  wide: number,
  records?: readonly (readonly [offset: number, at: number, id: string, body: string])[],
];
/** A signal to a channel: whether all of its topic hear it, and its body. */
export type SignalItem = readonly [kind: 'e', channel: string, wide: number, body: string];
/** A signal whose body is in a parcel. */
export type ParcelItem = readonly [kind: 'p', channel: string, wide: number, parcel: string];
/** There may be work in a queue. */
export type QueueItem = readonly [kind: 'q', queue: string];
export type NoticeItem = StreamItem | SignalItem | ParcelItem | QueueItem;

export interface Notice {
  /** Who speaks. */
  readonly from: string;
  readonly items: readonly NoticeItem[];
}

export const recordsOf = (item: StreamItem): StoredRecord[] =>
  (item[5] ?? []).map(([offset, at, id, body]) => ({ offset, at, id, body }));

export const itemText = (item: NoticeItem): string => JSON.stringify(item);

/**
 * As few notices as there is room in. Each has a number of its own: of two that are the same word for word in one transaction the server
 * passes on one.
 */
export function packNotices(from: string, items: readonly string[], nextNumber: () => number): string[] {
  const notices: string[] = [];
  let open: string[] = [];
  let size = 0;
  const head = (): string => `[${format},${JSON.stringify(from)},${nextNumber()}`;
  const room = maxBytes - headBytes(from);
  const end = (): void => {
    if (open.length > 0) notices.push(`${head()},${open.join(',')}]`);
    open = [];
    size = 0;
  };
  for (const item of items) {
    const bytes = Buffer.byteLength(item) + 1;
    if (size + bytes > room) end();
    open.push(item);
    size += bytes;
  }
  end();
  return notices;
}

/** Whether it can travel at all. */
export const fits = (from: string, item: string): boolean =>
  Buffer.byteLength(item) + 1 <= maxBytes - headBytes(from);

const headBytes = (from: string): number => from.length + 32;

/** Undefined where this version cannot read it. */
export function unpackNotice(payload: string): Notice | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    if (!Array.isArray(value) || value[0] !== format) return undefined;
    const [, from, , ...items]: unknown[] = value;
    if (typeof from !== 'string' || !items.every(isItem)) return undefined;
    return { from, items };
  } catch {
    return undefined;
  }
}

function isItem(value: unknown): value is NoticeItem {
  if (!Array.isArray(value)) return false;
  const [kind, name, second, third, fourth, fifth]: unknown[] = value;
  if (typeof name !== 'string') return false;
  if (kind === 'q') return true;
  if (kind === 'e' || kind === 'p') return typeof second === 'number' && typeof third === 'string';
  if (
    kind !== 's' ||
    typeof second !== 'string' ||
    !Number.isSafeInteger(third) ||
    typeof fourth !== 'number'
  )
    return false;
  return fifth === undefined || (Array.isArray(fifth) && fifth.every(isRecord));
}

function isRecord(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [offset, at, ...texts]: unknown[] = value;
  return (
    Number.isSafeInteger(offset) &&
    typeof at === 'number' &&
    texts.length === 2 &&
    texts.every((text) => typeof text === 'string')
  );
}
