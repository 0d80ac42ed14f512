import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { once } from 'node:events';
import type { BlobStore } from './blob-store.ts';
import { bytesMissing, storeAway, storeFull } from './blob-errors.ts';

/** How what is being written is called, until it is there. */
const unfinished = '.new';

export interface DiskOptions {
  /**
   * How many bytes of a disk are left free, for whatever else lives there: perhaps the database.
   *
   * @default a tenth of it, and at most a GiB
   */
  readonly spare?: ((diskBytes: number) => number) | undefined;
}

/** Blobs as files of one folder, which all nodes see. */
export function diskBlobs(
  folder: string,
  { spare = (bytes) => Math.min(bytes / 10, 1_073_741_824) }: DiskOptions = {},
): BlobStore {
  // A folder with a million entries is slow to work with on many a file system.
  const folderOf = (key: string): string => join(folder, key.slice(-2));
  const pathOf = (key: string): string => join(folderOf(key), key);
  return {
    async open() {
      await makeFolder(folder);
      // Several nodes may try at the same time, each of them as process 1 of its container.
      const trial = join(folder, `trial-${randomBytes(6).toString('hex')}`);
      const file = await open(trial, 'wx', 0o600);
      await file.close();
      await rm(trial, { force: true });
    },

    async put(key, bytes) {
      const path = pathOf(key);
      try {
        const { bavail, blocks, bsize } = await statfs(folder);
        // Some that are mounted do not know.
        if (blocks > 0 && bavail * bsize - bytes.length < spare(blocks * bsize)) throw noRoom();
        await makeFolder(folderOf(key));
        await writeDurably(`${path}${unfinished}`, bytes);
        await rename(`${path}${unfinished}`, path);
        // The name is kept by the folder, and the folder is a file of its own.
        await syncFolder(folderOf(key));
      } catch (error) {
        await rm(`${path}${unfinished}`, { force: true }).catch(() => undefined);
        throw isFull(error) ? storeFull(error) : storeAway(error);
      }
    },

    async read(key, { first, last }) {
      const stream = createReadStream(pathOf(key), { start: first, end: last });
      try {
        await once(stream, 'open');
        return stream;
      } catch (error) {
        throw codeOf(error) === 'ENOENT' ? bytesMissing(error) : storeAway(error);
      }
    },

    async delete(key) {
      const path = pathOf(key);
      await rm(`${path}${unfinished}`, { force: true });
      await rm(path, { force: true });
    },

    where: pathOf,
  };
}

/** A new folder is kept by the one that it is in, as a file is. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const above = dirname(resolve(first));
  for (let made = resolve(path); made !== above; made = dirname(made)) await syncFolder(dirname(made));
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file: FileHandle = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const noRoom = (): Error => Object.assign(new Error('the disk has too little room left'), { code: 'ENOSPC' });

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
