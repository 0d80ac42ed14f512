import { systemClock } from '@parley/cache-core/kernel';
import { resolveConfig } from './config.ts';
import type { PostgresConfig } from './config.ts';
import type { Database } from './database.ts';
import { databaseHealth } from './health.ts';
import { Listeners } from './pg-listen.ts';
import { ConnectionPool } from './pool.ts';
import { Servers } from './servers.ts';
import { runTransaction } from './transaction.ts';

/**
 * Connections to a Postgres server. Nothing is opened before it is needed, so this succeeds when the server is away; what is wrong with
 * the configuration itself is an `InvalidArgument` at once.
 */
export function connectPostgres(config: PostgresConfig): Database {
  const settings = resolveConfig(config);
  const servers = new Servers({ host: settings.host, port: settings.port }, settings.standbys);
  const pool = new ConnectionPool(settings, servers);
  const listeners = new Listeners(settings, servers);
  const acquire: Database['acquire'] = (options) => pool.acquire(options);
  const close = async (): Promise<void> => {
    await Promise.all([listeners.close(), pool.close()]);
  };
  return {
    kind: 'postgres',
    schema: settings.schema,
    maxConnections: settings.maxConnections,
    clock: systemClock,
    get server() {
      return pool.server;
    },
    query: (statement, params, options) => pool.query(statement, params, options),
    acquire,
    transaction: (work, options) => runTransaction(acquire, work, options),
    listen: (channel, handlers, options) => listeners.listen(channel, handlers, options),
    health: databaseHealth(systemClock, pool, () => pool.use),
    close,
    [Symbol.asyncDispose]: close,
  };
}
