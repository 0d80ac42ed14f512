import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm, rmdir, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MEBIBYTE = 1_048_576;

/** A file system of its own, in memory, for what happens when a disk is full. */
export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
  /** Something else takes all but so many bytes of what is free. */
  fill(leave?: number): Promise<void>;
  /** What had filled it is gone. */
  clear(): Promise<void>;
  free(): Promise<number>;
}

/** Mounts it, which takes root on Linux. */
export async function startSmallDisk({ mebibytes }: { readonly mebibytes: number }): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0711`, 'parley-disk', folder]);
  } catch (error) {
    await rmdir(folder);
    throw new Error(
      'a small disk is mounted, which takes root on Linux: run the tests as root in a container',
      {
        cause: error,
      },
    );
  }
  const ballast = join(folder, 'ballast');
  const free = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  };
  const clear = (): Promise<void> => rm(ballast, { force: true });
  return {
    folder,
    free,
    clear,
    async fill(leave = 0) {
      await clear();
      // Others write there at the same time: who is faster has the last of it, and full it is either way.
      for (let left = await free(); left > leave; left = await free()) {
        const piece = Buffer.alloc(Math.min(left - leave, MEBIBYTE));
        await appendFile(ballast, piece).catch((error: unknown) => {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        });
      }
    },
    async [Symbol.asyncDispose]() {
      // Also when a process still has a file open there.
      await run('umount', ['--lazy', folder]);
      await rmdir(folder);
    },
  };
}
