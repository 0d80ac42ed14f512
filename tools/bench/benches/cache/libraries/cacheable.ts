import { EventEmitter } from 'node:events';
import { Cacheable, createKeyv } from 'cacheable';
import { openKeyvStore } from './keyv-stores.ts';
import { hourMs } from './library.ts';
import type { OpenLibrary, Wish, Written } from './library.ts';

/**
 * In memory without clones. `getOrSet` takes no tags, so a load with tags is a `get` and a `set`. Where a server is to be away, `nonBlocking`
 * and the client that its documentation has for it. Errors of loaders are thrown, which they are not by default.
 */
export async function openCacheable(wish: Wish): Promise<OpenLibrary> {
  const shared = await openKeyvStore(wish);
  const sync =
    wish.local && wish.bus !== false && wish.redis !== undefined
      ? { qified: await openBus(wish.busRedis ?? wish.redis), namespace: wish.prefix }
      : undefined;
  const memory = () => createKeyv({ useClone: false, lruSize: 100_000 });
  const cache = new Cacheable({
    primary: wish.local ? memory() : (shared ?? memory()),
    ...(wish.local && shared && { secondary: shared }),
    ttl: hourMs,
    nonBlocking: wish.outageLimitMs !== undefined,
    ...(wish.tags === true && { tags: true }),
    ...(sync && { sync }),
  });
  cache.on('error', () => {});
  const given = ({ tags, ttlMs }: Written = {}) => ({
    ...(tags && { tags: [...tags] }),
    ...(ttlMs !== undefined && { ttl: ttlMs }),
  });
  const bindLoad: OpenLibrary['bindLoad'] = (key, loader, options) => {
    const own = { ...given(options), throwErrors: 'function' } as const;
    if (options?.tags === undefined) return () => cache.getOrSet(key, loader, own);
    return async () => {
      const known: unknown = await cache.get(key);
      if (known !== undefined) return known;
      const value = await loader();
      await cache.set(key, value, own);
      return value;
    };
  };
  return {
    get: (key) => cache.get(key),
    set: (key, value, options) => cache.set(key, value, given(options)),
    delete: (key) => cache.delete(key),
    load: (...load) => bindLoad(...load)(),
    bindLoad,
    clear: () => cache.clear(),
    getMany: (keys) => cache.getMany([...keys]),
    setMany: (entries) => cache.setMany(entries.map(([key, value]) => ({ key, value }))),
    deleteMany: (keys) => cache.deleteMany([...keys]),
    ...(wish.tags === true && { invalidateTag: (tag: string) => cache.tags.invalidateTag(tag) }),
    close: () => cache.disconnect(),
  };
}

async function openBus(uri: string) {
  const { RedisMessageProvider } = await import('@qified/redis');
  const provider = new RedisMessageProvider({ uri });
  // It hears no errors of its clients and keeps them private: without this a lost connection ends the process.
  for (const name of ['pub', 'sub']) {
    const client: unknown = Reflect.get(provider, name);
    if (client instanceof EventEmitter) client.on('error', () => {});
  }
  return provider;
}
