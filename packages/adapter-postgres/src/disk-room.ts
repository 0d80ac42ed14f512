import { statfs } from 'node:fs/promises';
import { StoreUnavailable } from '@parley/cache-core/kernel';

const mebibyte = 1_048_576;

/** What a new database takes, and what one that is there needs to open: a file of its write-ahead log, and a little. */
const neededMiB = { create: 64, open: 24 } as const;

/** Begun on a disk that is full, an embedded database fails without saying why, and leaves behind what nobody can use. */
export async function requireRoom(folder: string, to: keyof typeof neededMiB): Promise<void> {
  const { bavail, bsize, blocks } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / mebibyte);
  // Where nothing is told of the size, nothing is known of the room.
  if (blocks === 0 || free >= neededMiB[to]) return;
  throw new StoreUnavailable(
    `The disk is full: folder ${folder} has ${free} MiB left, and its database needs ${neededMiB[to]}`,
    { evidence: { store: 'postgres', folder, freeMiB: free } },
  );
}
