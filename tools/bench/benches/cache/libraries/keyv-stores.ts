import type { Keyv, KeyvStoreAdapter } from 'keyv';
import { tableName } from './library.ts';
import type { Wish } from './library.ts';

/** The stores that cacheable, cache-manager and keyv share, by their documented way to the greatest speed. */
export async function openKeyvStore(wish: Wish): Promise<Keyv | undefined> {
  const { Keyv } = await import('keyv');
  const store = await openAdapter(wish);
  if (store === undefined) return undefined;
  // The key carries the namespace once; see "Fixing Double Prefixing of Keys" of @keyv/redis.
  const keyv =
    wish.postgres === undefined
      ? new Keyv({ store, namespace: wish.prefix, useKeyPrefix: false })
      : new Keyv({ store, namespace: wish.prefix });
  keyv.on('error', () => {});
  return keyv;
}

async function openAdapter(wish: Wish): Promise<KeyvStoreAdapter | undefined> {
  if (wish.postgres !== undefined) {
    const { KeyvPostgres } = await import('@keyv/postgres');
    return new KeyvPostgres({
      uri: wish.postgres,
      useUnloggedTable: true,
      table: tableName(wish.prefix.replace(/[^:]*$/, '')),
    });
  }
  if (wish.cluster !== undefined) {
    const { default: KeyvRedis } = await import('@keyv/redis');
    return new KeyvRedis({ rootNodes: wish.cluster.map((url) => ({ url })) });
  }
  if (wish.redis === undefined) return undefined;
  const { default: KeyvRedis, createKeyvNonBlocking } = await import('@keyv/redis');
  if (wish.outageLimitMs === undefined) return new KeyvRedis(wish.redis);
  const store: unknown = createKeyvNonBlocking(wish.redis, { connectionTimeout: wish.outageLimitMs }).store;
  if (!(store instanceof KeyvRedis)) throw new Error('@keyv/redis made another store');
  // Unheard, it would end the process.
  store.client.on('error', () => {});
  return store;
}
