import type { Call } from '../chat/chat.ts';
import { bytesMissing } from './blobs/blob-errors.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import type { StoredPart } from './parts.ts';

/** An object store answers each part after a while, and many at once. */
const mostAhead = 8;
const bytesAhead = 8 * 1_048_576;

/** The parts of a file in their order, each whole: while one is looked at, those behind it are on their way. */
export async function* readAhead(
  blobs: Pick<BlobStore, 'read'>,
  parts: readonly StoredPart[],
  { signal }: Call = {},
): AsyncGenerator<Buffer> {
  const over = new AbortController();
  const call = { signal: signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]) };
  const coming: { readonly size: number; readonly bytes: Promise<Buffer> }[] = [];
  const ask = (part: StoredPart): void => {
    const bytes = readWhole(blobs, part, call);
    // It is waited for in its turn, or nobody wants it any more.
    bytes.catch(() => undefined);
    coming.push({ size: part.size, bytes });
  };
  let next = 0;
  const askMore = (): void => {
    for (; next < parts.length && coming.length < mostAhead; next += 1) {
      const part = parts[next];
      const ahead = coming.reduce((sum, { size }) => sum + size, 0);
      if (part === undefined || (coming.length > 0 && ahead + part.size > bytesAhead)) return;
      ask(part);
    }
  };
  try {
    for (askMore(); coming.length > 0; askMore()) {
      const bytes = await coming[0]?.bytes;
      coming.shift();
      signal?.throwIfAborted();
      if (bytes !== undefined) yield bytes;
    }
  } finally {
    over.abort();
  }
}

async function readWhole(
  blobs: Pick<BlobStore, 'read'>,
  { key, size }: StoredPart,
  call: Call,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of await blobs.read(key, { first: 0, last: size - 1 }, call))
    pieces.push(Buffer.from(piece));
  const bytes = Buffer.concat(pieces);
  if (bytes.length === size) return bytes;
  throw bytesMissing(new Error(`${key} has ${bytes.length} bytes of ${size}`));
}
