import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { hourMs, tableName } from './library.ts';
import type { OpenLibrary, Wish, Written } from './library.ts';

/**
 * With `serialize: false` in memory and a driver that pipelines by itself, its fastest settings; but where other processes fill the store,
 * `serialize: false` makes 1.6.1 throw on what it has read from there. On Postgres with knex: its driver for kysely writes dates into a
 * column of numbers. Where a server is to be away, it gets its circuit breaker and a limit for commands.
 */
export async function openBentocache(wish: Wish): Promise<OpenLibrary> {
  const closing: (() => Promise<unknown>)[] = [];
  let store = bentostore();
  if (wish.local)
    store = store.useL1Layer(memoryDriver({ maxItems: 100_000, serialize: wish.shared === true }));
  const redis = wish.redis ?? wish.cluster;
  if (redis !== undefined) {
    const { redisBusDriver, redisDriver } = await import('bentocache/drivers/redis');
    const { Redis, Cluster } = await import('ioredis');
    const driverOptions = {
      enableAutoPipelining: true,
      ...(wish.outageLimitMs !== undefined && { commandTimeout: wish.outageLimitMs }),
    };
    const connect = () =>
      typeof redis === 'string'
        ? new Redis(redis, driverOptions)
        : new Cluster([...redis], { enableAutoPipelining: true });
    const connection = connect();
    connection.on('error', () => {});
    closing.push(async () => connection.disconnect());
    store = store.useL2Layer(redisDriver({ connection, prefix: wish.prefix }));
    if (wish.bus !== false && wish.local) {
      const { hostname, port } = new URL(
        wish.busRedis ?? (typeof redis === 'string' ? redis : redis[0]) ?? '',
      );
      store = store.useBus(redisBusDriver({ connection: { host: hostname, port: Number(port) } }));
    }
  } else if (wish.postgres !== undefined) {
    const { knexDriver } = await import('bentocache/drivers/knex');
    const { default: knex } = await import('knex');
    const connection = knex({ client: 'pg', connection: wish.postgres, pool: { min: 0, max: 10 } });
    const table = tableName(wish.prefix.replace(/[^:]*$/, ''));
    store = store.useL2Layer(knexDriver({ connection, tableName: table, prefix: wish.prefix }));
  }
  const cache = new BentoCache({
    default: 'main',
    stores: { main: store },
    ttl: hourMs,
    ...(wish.outageLimitMs !== undefined && { l2CircuitBreakerDuration: '30s' }),
    ...(wish.loaderLimitMs !== undefined && {
      hardTimeout: wish.loaderLimitMs,
      lockTimeout: wish.loaderLimitMs,
    }),
  });
  const given = ({ tags, ttlMs }: Written = {}) => ({
    ...(tags && { tags: [...tags] }),
    ...(ttlMs !== undefined && { ttl: ttlMs }),
  });
  const bindLoad: OpenLibrary['bindLoad'] = (key, factory, options) => {
    const own = { key, factory, ...given(options) };
    return () => cache.getOrSet(own);
  };
  return {
    get: (key) => cache.get({ key }),
    set: (key, value, options) => cache.set({ key, value, ...given(options) }),
    delete: (key) => cache.delete({ key }),
    load: (...load) => bindLoad(...load)(),
    bindLoad,
    clear: () => cache.clear(),
    deleteMany: (keys) => cache.deleteMany({ keys: [...keys] }),
    invalidateTag: (tag) => cache.deleteByTag({ tags: [tag] }),
    async close() {
      await cache.disconnectAll().catch(() => {});
      for (const close of closing) await close();
    },
  };
}
