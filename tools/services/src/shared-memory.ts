import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { processInfo } from './processes.ts';

const run = promisify(execFile);

/** Every Postgres holds one System V segment of this size to know that its data folder is in use. */
const POSTGRES_BYTES = '56';

/**
 * Removes the segments of killed Postgres servers: the kernel keeps them when the process and its folder are gone, and has room for
 * 4096. Only what nobody is attached to and whose creator is dead; Postgres itself treats such a segment as rubbish.
 */
export async function sweepSharedMemory(): Promise<void> {
  const table = await readFile('/proc/sysvipc/shm', 'utf8').catch(() => '');
  const [header = '', ...rows] = table.trim().split('\n');
  const names = header.trim().split(/\s+/);
  const own = process.getuid?.();
  const dead = rows
    .map((row) => {
      const values = row.trim().split(/\s+/);
      return (name: string): string => values[names.indexOf(name)] ?? '';
    })
    .filter((of) => of('size') === POSTGRES_BYTES && of('nattch') === '0')
    .filter((of) => (own === 0 || of('uid') === String(own)) && processInfo(Number(of('cpid'))) === undefined)
    .map((of) => of('shmid'));
  if (dead.length === 0) return;
  // Another run may remove the same one.
  await run(
    'ipcrm',
    dead.flatMap((id) => ['-m', id]),
  ).catch(() => undefined);
}
