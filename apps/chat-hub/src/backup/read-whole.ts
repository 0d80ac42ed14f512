import { isHubError } from '@parley/hub-protocol';
import type { BlobStore } from '../files/blobs/blob-store.ts';

/** All bytes of a part; undefined: they are not there, or not all of them. */
export async function readWhole(
  blobs: BlobStore,
  key: string,
  size: number,
  signal?: AbortSignal,
): Promise<Buffer | undefined> {
  try {
    const pieces: Buffer[] = [];
    for await (const piece of await blobs.read(key, { first: 0, last: size - 1 }, { signal }))
      pieces.push(Buffer.from(piece));
    const bytes = Buffer.concat(pieces);
    return bytes.length === size ? bytes : undefined;
  } catch (error) {
    if (isHubError(error) && error.code === 'INTERNAL') return undefined;
    throw error;
  }
}
