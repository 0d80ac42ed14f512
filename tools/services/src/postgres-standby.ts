import { startProxy, type FaultProxy } from './faults/proxy.ts';
import {
  startPostgres,
  startPostgresOn,
  type FillFolder,
  type PostgresOptions,
  type PostgresServer,
} from './postgres.ts';
import { dataOf, SUPERUSER } from './postgres-data.ts';
import { until } from './until.ts';

export interface PostgresPairOptions extends Omit<PostgresOptions, 'password'> {
  /** Commits wait until the standby has written them; without, what the standby has not received is lost with the primary. */
  readonly synchronous: boolean;
}

export interface PostgresPair extends AsyncDisposable {
  readonly primary: PostgresServer;
  /** Answers reads from the start, and writes after `promote()`. `restart({ data: 'wipe' })` copies the primary anew. */
  readonly standby: PostgresServer;
  /** The connection over which the log flows to the standby (as replies): faults here make it lag or miss the last writes. */
  readonly link: FaultProxy;
  /** Resolves when the standby shows all that the primary had written when this was called. */
  caughtUp(): Promise<void>;
  /** Resolves when the standby accepts writes. The primary is left as it is: kill or pause it first, as a failover would find it. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

const SETTINGS = {
  // A standby that was cut off finds what it missed.
  wal_keep_size: '512MB',
  wal_retrieve_retry_interval: '100ms',
};

/** A primary and a standby that streams from it; resolves when it does. */
export async function startPostgresPair({
  synchronous,
  settings,
  ...options
}: PostgresPairOptions): Promise<PostgresPair> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    // The standby first: a primary waits with its end until the standby has received everything.
    for (const resource of opened.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
  };
  try {
    const primary = await startPostgres({ ...options, settings: { ...SETTINGS, ...settings } });
    opened.push(primary);
    const link = await startProxy({ target: primary });
    opened.push(link);
    const standby = await startPostgresOn(copyOf(link), options);
    opened.push(standby);
    await untilStreaming(primary, 'async');
    if (synchronous) {
      await primary.configure({ synchronous_standby_names: '*' });
      await untilStreaming(primary, 'sync');
    }
    return {
      primary,
      standby,
      link,
      caughtUp: () => untilReplayed(primary, standby),
      promote: () => promote(standby),
      stop: close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function copyOf({ host, port }: FaultProxy): FillFolder {
  return async (launcher, folder) => {
    await launcher.run({
      binary: 'pg_basebackup',
      args: [
        `--host=${host}`,
        `--port=${port}`,
        `--username=${SUPERUSER}`,
        '--no-password',
        `--pgdata=${dataOf(folder)}`,
        '--write-recovery-conf',
        '--wal-method=stream',
        '--checkpoint=fast',
        '--no-sync',
      ],
      folder,
    });
  };
}

async function untilStreaming(primary: PostgresServer, state: 'async' | 'sync'): Promise<void> {
  await until(
    async () => {
      const rows = await primary.query(
        'SELECT 1 FROM pg_stat_replication WHERE state = $1 AND sync_state = $2',
        ['streaming', state],
      );
      return rows.length === 1;
    },
    { what: `the standby of port ${primary.port} streams (${state})` },
  );
}

async function untilReplayed(primary: PostgresServer, standby: PostgresServer): Promise<void> {
  const [written] = await primary.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
  await until(
    async () => {
      const [row] = await standby.query<{ done: boolean }>(
        'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS done',
        [written?.lsn],
      );
      return row?.done;
    },
    { what: `the standby on port ${standby.port} has replayed ${written?.lsn}` },
  );
}

async function promote(standby: PostgresServer): Promise<void> {
  await standby.query('SELECT pg_promote(false)');
  // Mostly a matter of milliseconds; a server that was just about to ask its primary for more gives that up after ten seconds only.
  await until(
    async () => {
      const [row] = await standby.query<{ waiting: boolean }>('SELECT pg_is_in_recovery() AS waiting');
      return row?.waiting === false;
    },
    { what: `the standby on port ${standby.port} is promoted` },
  );
  // It may have copied the name of a standby that it does not have.
  await standby.configure({ synchronous_standby_names: null });
}
