import { join } from 'node:path';
import { PortTakenError, ServerFailedError } from './errors.ts';
import type { Launcher, RunningProcess } from './launch.ts';
import { withPostgres } from './postgres-admin.ts';
import { dataOf, removeStaleLock } from './postgres-data.ts';
import { sweepSharedMemory } from './shared-memory.ts';
import { until } from './until.ts';

export const HOST = '127.0.0.1';
const STARTUP_MS = 60_000;
/** What fits into the address of a Unix socket everywhere. */
const SOCKET_PATH_BYTES = 103;

export interface PostgresProcessOptions {
  readonly launcher: Launcher;
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  readonly durable: boolean;
  /** Addresses of the loopback interface, separated by commas; 127.0.0.1 among them. @default 127.0.0.1 only */
  readonly listen?: string | undefined;
}

function settingsOf({
  folder,
  port,
  durable,
  listen = HOST,
}: PostgresProcessOptions): Record<string, string> {
  const socketFits = Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) <= SOCKET_PATH_BYTES;
  return {
    port: String(port),
    listen_addresses: listen,
    unix_socket_directories: socketFits ? folder : '',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    // In the data folder, so that a killed server leaves nothing in /dev/shm.
    dynamic_shared_memory_type: 'mmap',
  };
}

/** Starts `postgres` on a prepared folder and resolves when it answers. */
export async function launchPostgres(options: PostgresProcessOptions): Promise<RunningProcess> {
  const { launcher, folder } = options;
  await removeStaleLock(folder);
  await sweepSharedMemory();
  const flags = Object.entries(settingsOf(options)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const process = await launcher.start({
    binary: 'postgres',
    args: ['-D', dataOf(folder), ...flags],
    folder,
  });
  await untilReady(process, options);
  return process;
}

/** Resolves when this very server answers: on a taken port another one would. */
async function untilReady(
  process: RunningProcess,
  { url, port, folder }: PostgresProcessOptions,
): Promise<void> {
  const answers = (): Promise<boolean> =>
    withPostgres(url, async (query) => {
      const [row] = await query<{ data: string }>("SELECT current_setting('data_directory') AS data");
      return row?.data === dataOf(folder);
    });
  try {
    await until(answers, { what: `Postgres answers on port ${port}`, deadline: STARTUP_MS, process });
  } catch (error) {
    await process.kill();
    const output = error instanceof ServerFailedError ? error.output : '';
    if (/Address already in use/.test(output)) throw new PortTakenError(port, { cause: error });
    throw error;
  }
}
