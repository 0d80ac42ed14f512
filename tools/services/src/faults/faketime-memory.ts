import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processInfo } from '../processes.ts';

const NAME = /^(?:sem\.)?faketime_(?:shm|sem)_(\d+)$/;

/** Removes what libfaketime leaves in shared memory of processes that were killed, or that became another program. */
export async function sweepFaketimeMemory(folder = '/dev/shm'): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const dead = names.filter((name) => {
    const pid = NAME.exec(name)?.[1];
    return pid !== undefined && processInfo(Number(pid)) === undefined;
  });
  // Another run may remove the same one, and those of other users cannot be removed.
  await Promise.allSettled(dead.map((name) => rm(join(folder, name))));
}
