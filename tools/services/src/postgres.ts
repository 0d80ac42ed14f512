import { launcherFor, type Launcher, type RunningProcess } from './launch.ts';
import { whenPortIsFree, withFreePort } from './ports.ts';
import { postgresAdmin, type PostgresAdmin } from './postgres-admin.ts';
import { createData, removeData, SUPERUSER, type PostgresDataOptions } from './postgres-data.ts';
import { HOST, launchPostgres } from './postgres-process.ts';
import type { Server } from './server.ts';
import { sweepSharedMemory } from './shared-memory.ts';
import { supervise } from './supervise.ts';

const SHUTDOWN_MS = 10_000;

export interface PostgresOptions {
  /** Lines of postgresql.conf, over the defaults of Postgres. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Flushes to disk before it acknowledges, as in production. Without, what was acknowledged survives the death of the process all the
   * same, but not that of the machine.
   * @default false
   */
  readonly durable?: boolean;
  /** The superuser's, checked by scram-sha-256. @default none: every connection on loopback is trusted */
  readonly password?: string;
}

export interface PostgresServer extends Server, PostgresAdmin {
  /** Ends it without a checkpoint, as `pg_ctl stop -m immediate`: no more than a warning for clients; the next start recovers. */
  stopImmediately(): Promise<void>;
}

/** How the folder of a server comes to its data: for a primary by initdb, for a standby from its primary. */
export type FillFolder = (launcher: Launcher, folder: string) => Promise<void>;

export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const data: PostgresDataOptions = { settings: options.settings ?? {}, password: options.password };
  return startPostgresOn((launcher, folder) => createData(launcher, folder, data), options);
}

export async function startPostgresOn(
  fill: FillFolder,
  { settings = {}, durable = false, password }: PostgresOptions,
): Promise<PostgresServer> {
  const launcher = await launcherFor('postgres');
  const folder = await launcher.createFolder('postgres');
  try {
    await fill(launcher, folder);
    return await withFreePort((port) => {
      const url = `postgres://${SUPERUSER}${password === undefined ? '' : `:${encodeURIComponent(password)}`}@${HOST}:${port}/postgres`;
      const listen = settings['listen_addresses'];
      return serve({ launcher, folder, port, url, durable, listen }, fill);
    });
  } catch (error) {
    await launcher.removeFolder(folder);
    throw error;
  }
}

async function serve(
  options: Parameters<typeof launchPostgres>[0],
  fill: FillFolder,
): Promise<PostgresServer> {
  const { launcher, folder, port, url } = options;
  let current: RunningProcess | undefined;
  const supervised = await supervise({
    launcher,
    folder,
    // Fast shutdown: does not wait for clients to leave.
    stopSignal: 'SIGINT',
    async launch() {
      const launch = (): Promise<RunningProcess> => launchPostgres(options);
      current = await (current === undefined ? launch() : whenPortIsFree(launch));
      return current;
    },
    close: (process) => process.stop('SIGINT', SHUTDOWN_MS),
    async wipe() {
      await removeData(folder);
      await fill(launcher, folder);
    },
  });
  const stop = async (): Promise<void> => {
    await supervised.stop();
    await sweepSharedMemory();
  };
  return {
    ...supervised,
    ...postgresAdmin(url),
    get pid() {
      return supervised.pid;
    },
    url,
    host: HOST,
    port,
    stop,
    [Symbol.asyncDispose]: stop,
    stopImmediately: async () => current?.stop('SIGQUIT', SHUTDOWN_MS),
  };
}
