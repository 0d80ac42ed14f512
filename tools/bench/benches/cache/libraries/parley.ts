import { createCache } from '@parley/cache-core';
import type { CacheOptions, CacheStore, Invalidation } from '@parley/cache-core';
import { tableName } from './library.ts';
import type { OpenLibrary, Wish, Written } from './library.ts';

interface Backend {
  readonly store?: CacheStore;
  readonly invalidation?: Invalidation;
  close(): Promise<void>;
}

/** The defaults, but for what the wish says. */
export async function openParley(wish: Wish, more: CacheOptions = {}): Promise<OpenLibrary> {
  const backend = await openBackend(wish);
  const { store, invalidation } = backend;
  const cache = createCache({
    store,
    invalidation,
    // As in production; in development values are frozen when they are taken in, which costs hits nothing.
    handOut: 'shared',
    ...(wish.namespace !== undefined && { namespace: wish.namespace }),
    ...(!wish.local && { local: false }),
    ...(wish.outageLimitMs !== undefined && { storeDeadline: wish.outageLimitMs / 1000 }),
    ...(wish.loaderLimitMs !== undefined && { hardLimit: wish.loaderLimitMs / 1000 }),
    ...more,
  });
  const given = ({ tags, ttlMs }: Written) => ({
    ...(tags && { tags }),
    ...(ttlMs !== undefined && { ttl: ttlMs / 1000 }),
  });
  const bindLoad: OpenLibrary['bindLoad'] = (key, loader, options) => {
    const own = options && given(options);
    return () => cache.get(key, loader, own);
  };
  return {
    get: (key) => cache.get(key),
    set: (key, value, options) => cache.set(key, value, options && given(options)),
    delete: (key) => cache.delete(key),
    load: (...load) => bindLoad(...load)(),
    bindLoad,
    clear: () => cache.clear(),
    getMany: (keys) => cache.mget(keys),
    setMany: (entries) => cache.mset(entries),
    deleteMany: (keys) => cache.mdel(keys),
    invalidateTag: (tag) => cache.invalidateByTag(tag),
    async close() {
      await cache.close();
      await backend.close();
    },
  };
}

async function openBackend(given: Wish): Promise<Backend> {
  // Ours has both; a prefix that ends in the namespace would keep them apart by itself.
  const wish =
    given.namespace === undefined ? given : { ...given, prefix: given.prefix.replace(/[^:]*$/, '') };
  if (wish.redis !== undefined || wish.cluster !== undefined) return openRedis(wish);
  if (wish.postgres !== undefined) return openPostgres(wish.postgres, wish);
  return { close: async () => {} };
}

async function openRedis({ redis, cluster, busRedis, prefix, bus }: Wish): Promise<Backend> {
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisBroker } = await import('@parley/adapter-redis/bus');
  const { redisCacheStore } = await import('@parley/adapter-redis/cache');
  const { busInvalidation, createBus } = await import('@parley/bus');
  const url = redis ?? `redis+cluster://${(cluster ?? []).map((address) => new URL(address).host).join(',')}`;
  const connection = connectRedis({ ...redisConfigFromUrl(url), prefix });
  const forBus =
    busRedis === undefined ? connection : connectRedis({ ...redisConfigFromUrl(busRedis), prefix });
  await Promise.all([connection.ready(), forBus.ready()]);
  const heard = bus === false ? undefined : createBus({ broker: redisBroker(forBus) });
  return {
    store: redisCacheStore(connection),
    ...(heard && { invalidation: busInvalidation(heard) }),
    close: async () => {
      await heard?.close();
      await Promise.all([connection.close(), forBus.close()]);
    },
  };
}

async function openPostgres(url: string, { prefix, bus }: Wish): Promise<Backend> {
  const { connectPostgres } = await import('@parley/adapter-postgres');
  const { postgresBroker } = await import('@parley/adapter-postgres/bus');
  const { postgresCacheStore } = await import('@parley/adapter-postgres/cache');
  const { busInvalidation, createBus } = await import('@parley/bus');
  const db = connectPostgres({ url, schema: tableName(prefix) });
  const store = postgresCacheStore(db);
  const broker = postgresBroker(db);
  const heard = bus === false ? undefined : createBus({ broker });
  return {
    store,
    ...(heard && { invalidation: busInvalidation(heard) }),
    async close() {
      await heard?.close();
      await Promise.all([store.close(), broker.close()]);
      await db.close();
    },
  };
}
