import { createCache, type Cache, type CacheStore, type Codec, type Invalidation } from '@parley/cache-core';
import type { CacheHarness } from '@parley/cache-core/conformance';
import { lookalike } from './saboteur.ts';

/** Processes on which one promise of the whole is broken, by their store, their invalidation or the cache itself. */
export type CacheSaboteur = (good: CacheHarness) => CacheHarness;

const withStore =
  (change: (store: CacheStore) => CacheStore): CacheSaboteur =>
  (good) => {
    // One for both processes, as the store in them is one.
    const store = change(good.first.store);
    return { ...good, first: { ...good.first, store }, second: { ...good.second, store } };
  };

const withInvalidation =
  (change: (invalidation: Invalidation) => Invalidation): CacheSaboteur =>
  (good) => ({
    ...good,
    first: { ...good.first, invalidation: change(good.first.invalidation) },
    second: { ...good.second, invalidation: change(good.second.invalidation) },
  });

const vouching = (until: (good: number) => number): CacheSaboteur =>
  withInvalidation((good) => ({
    ...good,
    subscribe(listener) {
      const subscription = good.subscribe(listener);
      return { ...subscription, vouchedUntil: () => until(subscription.vouchedUntil()) };
    },
  }));

/** A cache some of whose methods are others. */
const withMethods =
  (methods: (good: Cache) => object): CacheSaboteur =>
  (good) => ({
    ...good,
    create(options) {
      const cache = createCache(options);
      return Object.assign(cache, methods(cache));
    },
  });

const withCodec =
  (codec: Codec): CacheSaboteur =>
  (good) => ({ ...good, create: (options) => createCache({ codec, ...options }) });

const withGuardsNamed = (rename: (guard: string) => string): CacheSaboteur =>
  withStore((good) => ({
    ...good,
    epochs: (guards, options) => good.epochs(guards.map(rename), options),
    bump: (guards, options) => good.bump(guards.map(rename), options),
  }));

const leasesThatNobodyBreaks = withStore((good) => ({
  ...good,
  remove: async (keys) => {
    const found = await good.read(keys);
    await good.remove(keys.filter((_, i) => found[i] !== undefined));
    return found.map((one) => one !== undefined);
  },
}));

const leasesForEverybody = withStore((good) => ({
  ...good,
  lease: async (requests) => requests.map(() => ({ state: 'granted', stamp: 1 })),
}));

const silence = withInvalidation((good) => ({ ...good, publish: async () => {} }));

const bumpsThatDoNothing = withStore((good) => ({
  ...good,
  bump: async (guards, options) => (await good.epochs(guards, options)).map((epoch) => epoch ?? 0),
}));

const looseJson: Codec = {
  id: 99,
  encode: (value) =>
    Buffer.from(JSON.stringify(typeof value === 'bigint' ? String(value) : value) ?? 'null', 'utf8'),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')),
};

/** For each law of the whole cache, processes that it must catch. */
export const cacheSaboteurs: Readonly<Record<string, readonly CacheSaboteur[]>> = {
  'a subscription vouches for itself while it is live, and no further than it could notice a loss': [
    vouching(() => 1_000_000_000),
    vouching((good) => (good === Infinity ? 0 : good)),
    vouching(() => Infinity),
  ],
  'a key that is deleted while its loader runs is not stored': [leasesThatNobodyBreaks],
  'who asks after a deletion does not get the load that began before it': [leasesThatNobodyBreaks],
  'a key whose tag is invalidated while its loader runs is stale at once': [bumpsThatDoNothing],
  'a tag invalidates what carries it or a tag below it, and nothing else': [
    bumpsThatDoNothing,
    withGuardsNamed((guard) => guard.slice(0, 7)),
    withMethods((cache) => {
      const invalidate = cache.invalidateByTags.bind(cache);
      return {
        invalidateByTags: (tags: readonly string[]) => invalidate(tags.filter((tag) => tag.includes(':'))),
      };
    }),
  ],
  'clearing a namespace clears it and those below it, and no lookalike': [
    withGuardsNamed(lookalike),
    withGuardsNamed((guard) => guard.replaceAll('/', ':').split(':').slice(0, 2).join(':')),
    bumpsThatDoNothing,
  ],
  'what one process sets, deletes or invalidates, another soon sees': [silence, bumpsThatDoNothing],
  'of writes and reads in two processes at once, both end with what the store has': [silence],
  'warm reads of tagged entries ask the store nothing': [
    // Begins anew, and so forgets everything, each time it is asked.
    withInvalidation((good) => ({
      ...good,
      subscribe(listener) {
        const subscription = good.subscribe(listener);
        const vouchedUntil = (): number => {
          listener.state('live');
          return subscription.vouchedUntil();
        };
        return { ...subscription, vouchedUntil };
      },
    })),
  ],
  'a loader that fails rejects with its own error, and nothing is kept': [
    withMethods((cache) => {
      const get = cache.get.bind(cache);
      return {
        get: (key: string, loader: () => unknown) =>
          get(key, loader).catch((cause: unknown) => Promise.reject(new Error('the load failed', { cause }))),
      };
    }),
    withMethods((cache) => {
      const get = cache.get.bind(cache);
      return { get: (key: string, loader: () => unknown) => get(key, loader).catch(() => undefined) };
    }),
  ],
  'every value comes back as it is, in another process too': [withCodec(looseJson)],
  'what cannot come back as it is, is refused with the place of the fault': [withCodec(looseJson)],
  'keys that are no keys are refused, hostile ones are kept apart': [
    withStore((good) => ({
      ...good,
      read: (keys) => good.read(keys.map(lookalike)),
      write: (records) => good.write(records.map((record) => ({ ...record, key: lookalike(record.key) }))),
      remove: (keys) => good.remove(keys.map(lookalike)),
    })),
    withMethods((cache) => {
      const set = cache.set.bind(cache);
      return { set: (key: string, value: unknown) => set(key.slice(0, 100) || 'empty', value) };
    }),
  ],
  'many callers in two processes share one load': [leasesForEverybody],
  'a loader that never ends is left at its limit, and the key is free again': [
    withMethods((cache) => {
      const get = cache.get.bind(cache);
      return { get: (key: string, loader: () => unknown) => get(key, loader) };
    }),
    withStore((good) => ({
      ...good,
      release: async () => {},
      lease: (requests) => good.lease(requests.map((one) => ({ ...one, ttlMs: one.ttlMs * 100 }))),
    })),
  ],
  'an entry is fresh for its ttl, and gone after it, in every process': [
    withStore((good) => ({
      ...good,
      write: (records) =>
        good.write(records.map((one) => ({ ...one, freshMs: one.freshMs * 10, keepMs: one.keepMs * 10 }))),
    })),
    withStore((good) => ({
      ...good,
      write: (records) => good.write(records.map((one) => ({ ...one, freshMs: 0 }))),
    })),
  ],
  'within its grace a stale value stands in for a loader that fails': [
    withStore((good) => ({
      ...good,
      write: (records) => good.write(records.map((one) => ({ ...one, keepMs: one.freshMs }))),
    })),
    withStore((good) => ({ ...good, remove: async (keys) => keys.map(() => true) })),
  ],
  'a bulk load asks the loader once, for what is nowhere': [
    withMethods((cache) => ({
      getMany: (keys: readonly string[], load: (keys: readonly string[]) => Promise<unknown[]>) =>
        Promise.all(keys.map((key) => cache.get(key, async () => (await load([key]))[0]))),
    })),
    withMethods(() => ({
      getMany: (keys: readonly string[], load: (keys: readonly string[]) => Promise<unknown[]>) => load(keys),
    })),
  ],
  'warming up loads what is missing, in batches, and leaves what is there or came meanwhile': [
    withMethods((cache) => ({
      warm: async (keys: readonly string[], load: (keys: readonly string[]) => Promise<unknown[]>) => {
        const values = await load(keys);
        await cache.mset(keys.map((key, i) => [key, values[i]] as const));
        return { present: 0, loaded: keys.length, failed: 0 };
      },
    })),
    leasesThatNobodyBreaks,
  ],
  'prefetching loads once what is missing or soon at its end, for every process, and nobody waits for it': [
    withMethods((cache) => ({
      prefetch: (key: string, loader: () => unknown, options: object) => cache.get(key, loader, options),
    })),
    withMethods((cache) => ({
      prefetch: (key: string, loader: () => unknown, options: object) =>
        void Promise.resolve(loader()).then((value) => cache.set(key, value, options)),
    })),
    withMethods(() => ({ prefetch: () => undefined })),
    leasesForEverybody,
  ],
  'ten megabytes are refused, or come back exactly where they are allowed': [
    withStore((good) => ({
      ...good,
      write: (records) => good.write(records.map((one) => ({ ...one, bytes: one.bytes.slice(0, 2 ** 20) }))),
    })),
    (good) => ({ ...good, create: (options) => createCache({ maxBytes: Infinity, ...options }) }),
  ],
  'stored bytes that were altered, cut short or come from the future are a counted miss, and are replaced': [
    withStore((good) => {
      const wholes = new Map<string, Uint8Array>();
      return {
        ...good,
        // Serves what it remembers in the place of what is there.
        read: async (keys) =>
          (await good.read(keys)).map((record, i) => {
            const key = keys[i] ?? '';
            const bytes = record && (wholes.get(key) ?? record.bytes);
            if (bytes !== undefined) wholes.set(key, bytes);
            return record && bytes && { ...record, bytes };
          }),
      };
    }),
    // Damage is hidden: nothing is there, and nothing is counted.
    withStore((good) => ({
      ...good,
      read: async (keys) =>
        (await good.read(keys)).map((one) => (one && one.bytes.length > 40 ? one : undefined)),
    })),
  ],
  'two versions of a program share a store: what the other wrote in another form is a miss, never a wrong value':
    [
      (good) => ({
        ...good,
        create(options) {
          const cache = createCache(options);
          const namespace = cache.namespace.bind(cache);
          return Object.assign(cache, {
            namespace: (name: string, options?: object) => namespace(name, { ...options, schema: undefined }),
          });
        },
      }),
    ],
  'two versions of a program share a store: bytes of a codec that one does not know are a counted miss for it':
    [
      (good) => ({
        ...good,
        create: (options) => createCache({ ...options, readableCodecs: undefined }),
      }),
    ],
};
