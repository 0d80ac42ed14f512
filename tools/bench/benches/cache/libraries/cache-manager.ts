import { createCache } from 'cache-manager';
import { CacheableMemory } from 'cacheable';
import { Keyv } from 'keyv';
import { openKeyvStore } from './keyv-stores.ts';
import { hourMs } from './library.ts';
import type { OpenLibrary, Wish } from './library.ts';

/** In memory without clones and without serializing; has neither tags nor a bus. Where a server is to be away, `nonBlocking`. */
export async function openCacheManager(wish: Wish): Promise<OpenLibrary> {
  const shared = await openKeyvStore(wish);
  const memory = new Keyv({ store: new CacheableMemory({ useClone: false, lruSize: 100_000 }) });
  memory.serialize = undefined;
  memory.deserialize = undefined;
  const cache = createCache({
    stores: [...(wish.local || !shared ? [memory] : []), ...(shared ? [shared] : [])],
    ttl: hourMs,
    nonBlocking: wish.outageLimitMs !== undefined,
  });
  return {
    get: (key) => cache.get(key),
    set: (key, value, options) => cache.set(key, value, options?.ttlMs),
    delete: (key) => cache.del(key),
    load: (key, loader, options) => cache.wrap(key, loader, options?.ttlMs),
    bindLoad: (key, loader, options) => () => cache.wrap(key, loader, options?.ttlMs),
    clear: () => cache.clear(),
    getMany: (keys) => cache.mget([...keys]),
    setMany: (entries) => cache.mset(entries.map(([key, value]) => ({ key, value }))),
    deleteMany: (keys) => cache.mdel([...keys]),
    async close() {
      await cache.disconnect();
    },
  };
}
