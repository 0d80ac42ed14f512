import { connectPostgres, embedded, type Database } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { connectRedis, type RedisConfig } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { memoryBroker, type Broker } from '@parley/bus';
import type { Adapter, CacheStore } from '@parley/cache-core';
import type { Logger } from '@parley/cache-core/kernel';
import type { Closers } from './closers.ts';
import type { ParleyConfig, RedisSettings } from './config.ts';
import type { Isolation } from './isolation.ts';
import { embeddedFolder } from './select.ts';
import { watchServerSettings } from './server-settings.ts';

/** What everything stands on. */
export interface Backend {
  /** Undefined: entries of the cache are kept in the memory of this process alone. */
  readonly store?: CacheStore;
  readonly broker: Broker;
  readonly warnings?: () => readonly string[];
}

export interface BackendOptions {
  readonly closers: Closers;
  readonly logger: Logger;
  readonly isolation: Isolation;
}

/** Opens what the adapter needs, and hands each thing to the closers as soon as it is open. */
export async function openBackend(
  adapter: Adapter,
  config: ParleyConfig,
  options: BackendOptions,
): Promise<Backend> {
  const { redis, databaseUrl } = config;
  const { schema } = options.isolation;
  if (adapter === 'memory') return { broker: memoryBroker() };
  if (adapter === 'postgres') {
    return onDatabase(connectPostgres({ url: databaseUrl?.reveal(), schema }), options);
  }
  if (adapter === 'embedded') {
    const folder = embeddedFolder(config);
    return onDatabase(
      await embedded(folder === undefined ? { memory: true, schema } : { folder, schema }),
      options,
    );
  }
  if (redis === undefined) throw new TypeError('the adapter redis needs the settings of a Redis');
  return onRedis(redis, options);
}

function onRedis(settings: RedisSettings, { closers, logger, isolation }: BackendOptions): Backend {
  const connection = connectRedis({
    ...driverConfig(settings),
    prefix: `${settings.keyPrefix}${isolation.prefix}`,
  });
  closers.add('the connection to Redis', () => connection.close(settings.closeTimeoutMs));
  const serverSettings = watchServerSettings(connection, settings.expected, logger);
  closers.add('the comparison of settings', () => serverSettings.close());
  return {
    store: redisCacheStore(connection),
    broker: redisBroker(connection),
    warnings: () => serverSettings.warnings(),
  };
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

function onDatabase(db: Database, { closers, isolation }: BackendOptions): Backend {
  closers.add('the database', () => db.close());
  if (isolation.temporary && db.kind === 'postgres') {
    closers.add('the schema of this test', () =>
      db.query({ text: `drop schema if exists ${db.schema} cascade` }),
    );
  }
  const store = postgresCacheStore(db);
  closers.add('the sweeper of the cache', () => store.close());
  const broker = postgresBroker(db);
  closers.add('the sweeper of the bus', () => broker.close());
  return { store, broker };
}
