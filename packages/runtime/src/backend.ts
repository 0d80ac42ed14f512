import type { Database } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { memoryBroker, type Broker } from '@parley/bus';
import type { Adapter, CacheStore } from '@parley/cache-core';
import type { Logger } from '@parley/cache-core/kernel';
import { memoryPresenceStore, type PresenceStore } from '@parley/presence';
import type { Closers } from './closers.ts';
import type { ParleyConfig, RedisSettings } from './config.ts';
import { openDatabase, type DatabaseOptions, type OpenDatabase } from './database.ts';
import type { GateStores } from './gate-stores.ts';
import type { Isolation } from './isolation.ts';
import { watchServerSettings, type ServerSettings } from './server-settings.ts';

/** What everything stands on. */
export interface Backend {
  /** Undefined: entries of the cache are kept in the memory of this process alone. */
  readonly store?: CacheStore;
  readonly broker: Broker;
  /** Who is where; nothing is done with it before presence is used. */
  readonly presenceStore: PresenceStore;
  /** For limits, locks and sessions; loaded and made when one of them is first used. */
  readonly gateStores: () => Promise<GateStores>;
  /** What keeps the cache, or was asked for, or both. */
  readonly database?: OpenDatabase;
  /** On the second Redis of the chat hub, which is asked at the start whether it lets us in. */
  readonly second?: CacheStore;
  readonly warnings?: () => readonly string[];
}

export interface BackendOptions {
  readonly closers: Closers;
  readonly logger: Logger;
  readonly isolation: Isolation;
  /** Asks for a database, whatever keeps the cache. */
  readonly database?: DatabaseOptions | undefined;
  /** Whether the second Redis, where there is one, is for this application. */
  readonly chat?: boolean | undefined;
}

/** Opens what the adapter needs, and hands each thing to the closers as soon as it is open. */
export async function openBackend(
  adapter: Adapter,
  config: ParleyConfig,
  options: BackendOptions,
): Promise<Backend> {
  const keepsCache = adapter === 'postgres' || adapter === 'embedded';
  // First of all, so that it is closed last: whatever else is still at work may need it.
  const database =
    keepsCache || options.database !== undefined ? await openDatabase(config, options) : undefined;
  const backend =
    keepsCache && database !== undefined
      ? onDatabase(database.db, options)
      : without(adapter, config, options);
  const { chatRedis } = config;
  return {
    ...backend,
    ...(options.chat === true && chatRedis !== undefined && onSecond(chatRedis, backend, options)),
    ...(database !== undefined && { database }),
  };
}

/** What is sent and who is there, on a Redis of its own. */
function onSecond(
  settings: RedisSettings,
  { warnings }: Backend,
  options: BackendOptions,
): Pick<Backend, 'broker' | 'presenceStore' | 'second' | 'warnings'> {
  const keeps = 'who is there';
  const { connection, serverSettings } = openRedis(settings, keeps, options);
  return {
    broker: redisBroker(connection),
    presenceStore: redisPresenceStore(connection),
    second: redisCacheStore(connection),
    warnings: () => [...(warnings?.() ?? []), ...serverSettings.warnings()],
  };
}

function without(adapter: Adapter, { redis }: ParleyConfig, options: BackendOptions): Backend {
  if (adapter === 'memory') return inMemory();
  if (redis === undefined) throw new TypeError(`the adapter ${adapter} needs the settings of a Redis`);
  return onRedis(redis, options);
}

function inMemory(): Backend {
  return {
    broker: memoryBroker(),
    presenceStore: memoryPresenceStore(),
    gateStores: async () => (await import('./gate-stores.ts')).memoryGateStores(),
  };
}

function onRedis(settings: RedisSettings, options: BackendOptions): Backend {
  const keeps = 'limits, locks, sessions and jobs';
  const { connection, serverSettings } = openRedis(settings, keeps, options);
  return {
    store: redisCacheStore(connection),
    broker: redisBroker(connection),
    presenceStore: redisPresenceStore(connection),
    gateStores: async () => (await import('./gate-stores.ts')).redisGateStores(connection),
    warnings: () => serverSettings.warnings(),
  };
}

interface OpenRedis {
  readonly connection: RedisConnection;
  readonly serverSettings: ServerSettings;
}

function openRedis(
  settings: RedisSettings,
  keeps: string,
  { closers, logger, isolation }: BackendOptions,
): OpenRedis {
  const connection = connectRedis({
    ...driverConfig(settings),
    prefix: `${settings.keyPrefix}${isolation.prefix}`,
  });
  closers.add('the connection to Redis', () => connection.close(settings.closeTimeoutMs));
  const { expected } = settings;
  const serverSettings = watchServerSettings(connection, { expected, keeps }, logger);
  closers.add('the comparison of settings', () => serverSettings.close());
  return { connection, serverSettings };
}

function driverConfig(settings: RedisSettings): RedisConfig {
  const { mode, addresses, db, tls, username, password, connectTimeoutMs, reconnectIntervalMs } = settings;
  const common = {
    username,
    password: password?.reveal(),
    tls,
    connectTimeout: connectTimeoutMs / 1000,
    reconnectInterval: reconnectIntervalMs / 1000,
  };
  if (mode === 'cluster') return { ...common, mode, nodes: addresses };
  if (mode === 'sentinel') {
    const sentinelPassword = settings.sentinelPassword?.reveal();
    return { ...common, mode, sentinels: addresses, name: settings.masterName ?? '', db, sentinelPassword };
  }
  const [{ host, port } = { host: '', port: 0 }] = addresses;
  return { ...common, mode, host, port, db };
}

function onDatabase(db: Database, { closers }: BackendOptions): Backend {
  const store = postgresCacheStore(db);
  closers.add('the sweeper of the cache', () => store.close());
  const broker = postgresBroker(db);
  closers.add('the sweeper of the bus', () => broker.close());
  return {
    store,
    broker,
    presenceStore: postgresPresenceStore(db),
    gateStores: async () => (await import('./gate-stores.ts')).postgresGateStores(db),
  };
}
