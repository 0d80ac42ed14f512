import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Tables } from '../database/tables.ts';
import type { Call } from '../chat/chat.ts';
import { bytesMissing } from './blobs/blob-errors.ts';
import type { ByteRange } from './blobs/blob-store.ts';
import type { FileCore } from './file-core.ts';

export interface StoredPart {
  readonly key: string;
  readonly place: number;
  readonly size: number;
}

/** Notes a key and writes bytes under it. What becomes of them is decided by who asked; until then they are to be removed. */
export async function writePart(
  { chat: { tables, clock }, blobs, mark, figures }: FileCore,
  fileId: string,
  place: number,
  bytes: Uint8Array,
  call: Call = {},
): Promise<string> {
  await mark.ensure(call);
  const key = `${fileId}-${place}-${randomBytes(6).toString('hex')}`;
  const row = {
    key,
    file_id: fileId,
    place,
    size: bytes.length,
    state: 'writing',
    started_at: clock.now(),
  } as const;
  await tables.kysely<Tables>().insertInto('file_parts').values(row).execute();
  try {
    await blobs.put(key, bytes, call);
  } catch (error) {
    figures.partsFailed += 1;
    throw error;
  }
  figures.partsWritten += 1;
  figures.bytesWritten += bytes.length;
  return key;
}

/** What was written for nothing. Whatever fails here is done by the collector. */
export async function dropPart(
  { chat: { tables }, blobs }: Pick<FileCore, 'chat' | 'blobs'>,
  key: string,
  call: Call = {},
): Promise<void> {
  await blobs.delete(key, call);
  await tables.kysely<Tables>().deleteFrom('file_parts').where('key', '=', key).execute();
}

export async function readParts(
  { chat: { tables } }: FileCore,
  fileId: string,
  state: 'stored' | 'preview',
): Promise<StoredPart[]> {
  const rows = await tables
    .kysely<Tables>()
    .selectFrom('file_parts')
    .select(['key', 'place', 'size'])
    .where('file_id', '=', fileId)
    .where('state', '=', state)
    .orderBy('place')
    .execute();
  return rows.map(({ key, place, size }) => ({ key, place: Number(place), size: Number(size) }));
}

/** Bytes of a range of a file, from whatever parts they are in. The first part is open when this resolves. */
export async function openRange(
  { blobs }: Pick<FileCore, 'blobs'>,
  parts: readonly StoredPart[],
  { first, last }: ByteRange,
  call: Call = {},
): Promise<Readable> {
  const wanted = parts.flatMap(({ key, place, size }) => {
    const range = { first: Math.max(first - place, 0), last: Math.min(last - place, size - 1) };
    return range.first <= range.last ? [{ key, range }] : [];
  });
  const [head, ...rest] = wanted;
  const length = wanted.reduce((sum, { range }) => sum + lengthOf(range), 0);
  if (head === undefined || length !== last - first + 1)
    throw bytesMissing(new Error('the parts of the file do not cover the range'));
  const begun = await blobs.read(head.key, head.range, call);
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield* whole(begun, head);
    for (const part of rest) yield* whole(await blobs.read(part.key, part.range), part);
  };
  const joined = Readable.from(all(), { objectMode: false });
  // One that is ended before it was read from has not begun with any of its parts: nobody else would close the first.
  joined.once('close', () => begun.destroy());
  // What goes wrong before the first of it is read is heard of by whoever reads.
  begun.on('error', () => undefined);
  return joined;
}

interface Wanted {
  readonly key: string;
  readonly range: ByteRange;
}

/** Who waits for more than there is would wait for ever. */
async function* whole(bytes: Readable, { key, range }: Wanted): AsyncGenerator<Uint8Array> {
  let missing = lengthOf(range);
  for await (const piece of bytes) {
    const chunk: Buffer = Buffer.from(piece);
    missing -= chunk.length;
    yield chunk;
  }
  if (missing > 0) throw bytesMissing(new Error(`${key} is ${missing} bytes shorter than it was`));
}

const lengthOf = ({ first, last }: ByteRange): number => last - first + 1;
