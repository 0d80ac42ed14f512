import {
  startPostgres,
  startPostgresPair,
  startRedis,
  startRedisSentinel,
  type PostgresPair,
  type PostgresServer,
  type RedisSentinel,
  type RedisServer,
} from '@parley/services';
import type { Measured } from '../measure/processes.ts';

export const grounds = ['embedded', 'postgres', 'redis'] as const;
/** What our own hub stands on: its embedded Postgres, a Postgres, or a Postgres and a Redis. */
export type Ground = (typeof grounds)[number];

/** What another one stands ready for: it takes over when the first dies. */
export type Spare = 'postgres' | 'redis';

/** The servers of a hub of our own. */
export interface Servers {
  /** Where the hub finds them. */
  readonly env: Readonly<Record<string, string>>;
  readonly measured: readonly Measured[];
  readonly postgres?: PostgresServer | undefined;
  readonly redis?: RedisServer | undefined;
  /** Where Postgres has a spare: `postgres` is its primary. */
  readonly pair?: PostgresPair | undefined;
  /** Where Redis has a spare, instead of `redis`. */
  readonly sentinel?: RedisSentinel | undefined;
}

export interface ServersOptions {
  readonly ground: Ground;
  readonly spare?: Spare | undefined;
  /** Told of each that is opened, so that it ends with the others. */
  readonly own: <T extends AsyncDisposable>(one: T) => T;
}

/** Postgres flushes before it acknowledges, as it does for whoever runs a hub; a spare has written it too. */
export async function openServers(options: ServersOptions): Promise<Servers> {
  const database = await openPostgres(options);
  const broker = options.ground === 'redis' ? await openRedis(options) : none;
  return {
    ...database,
    ...broker,
    env: { ...database.env, ...broker.env },
    measured: [...database.measured, ...broker.measured],
  };
}

const none: Servers = { env: {}, measured: [] };

async function openPostgres({ ground, spare, own }: ServersOptions): Promise<Servers> {
  if (ground === 'embedded') return none;
  if (spare !== 'postgres') {
    const postgres = own(await startPostgres({ durable: true }));
    const measured = [{ name: 'postgres', role: 'postgres', pid: () => postgres.pid }] as const;
    return { postgres, env: { DATABASE_URL: postgres.url }, measured };
  }
  const pair = own(await startPostgresPair({ synchronous: true, durable: true }));
  const both = [pair.primary, pair.standby];
  const hosts = both.map(({ host, port }) => `${host}:${port}`).join(',');
  // The hub finds out by itself which of them takes writes.
  const url = `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`;
  return { pair, postgres: pair.primary, env: { DATABASE_URL: url }, measured: numbered('postgres', both) };
}

async function openRedis({ spare, own }: ServersOptions): Promise<Servers> {
  if (spare !== 'redis') {
    const redis = own(await startRedis());
    const measured = [{ name: 'redis', role: 'redis', pid: () => redis.pid }] as const;
    return { redis, env: { REDIS_URL: redis.url }, measured };
  }
  const sentinel = own(await startRedisSentinel());
  const addresses = sentinel.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
  return {
    sentinel,
    env: { REDIS_SENTINELS: addresses, REDIS_SENTINEL_NAME: sentinel.name },
    measured: numbered('redis', [...sentinel.servers, ...sentinel.sentinels]),
  };
}

function numbered(
  role: 'postgres' | 'redis',
  servers: readonly { readonly pid: number | undefined }[],
): Measured[] {
  return servers.map((server, i) => ({ name: `${role}-${i + 1}`, role, pid: () => server.pid }));
}
