import {
  createCache,
  type Cache,
  type CacheOptions,
  type CacheStore,
  type Codec,
  type Invalidation,
} from '@parley/cache-core';
import type { CacheHarness } from '@parley/cache-core/conformance';

/** Processes on which one promise of the whole is broken, by their store, their invalidation or the cache itself. */
export type CacheSaboteur = (good: CacheHarness) => CacheHarness;

/** For each law, processes that it must catch. */
export type CacheSaboteurs = Readonly<Record<string, readonly CacheSaboteur[]>>;

export const withStore =
  (change: (store: CacheStore) => CacheStore): CacheSaboteur =>
  (good) => {
    // One for both processes, as the store in them is one.
    const store = change(good.first.store);
    return { ...good, first: { ...good.first, store }, second: { ...good.second, store } };
  };

export const withInvalidation =
  (change: (invalidation: Invalidation) => Invalidation): CacheSaboteur =>
  (good) => ({
    ...good,
    first: { ...good.first, invalidation: change(good.first.invalidation) },
    second: { ...good.second, invalidation: change(good.second.invalidation) },
  });

export const vouching = (until: (good: number) => number): CacheSaboteur =>
  withInvalidation((good) => ({
    ...good,
    subscribe(listener) {
      const subscription = good.subscribe(listener);
      return { ...subscription, vouchedUntil: () => until(subscription.vouchedUntil()) };
    },
  }));

/** A cache some of whose methods are others. */
export const withMethods =
  (methods: (good: Cache) => object): CacheSaboteur =>
  (good) => ({
    ...good,
    create(options) {
      const cache = createCache(options);
      return Object.assign(cache, methods(cache));
    },
  });

/** A cache that goes by other options than those that it is given. */
export const withOptions =
  (wrong: CacheOptions): CacheSaboteur =>
  (good) => ({ ...good, create: (options) => createCache({ ...options, ...wrong }) });

export const withCodec =
  (codec: Codec): CacheSaboteur =>
  (good) => ({ ...good, create: (options) => createCache({ codec, ...options }) });

export const withGuardsNamed = (rename: (guard: string) => string): CacheSaboteur =>
  withStore((good) => ({
    ...good,
    epochs: (guards, options) => good.epochs(guards.map(rename), options),
    bump: (guards, options) => good.bump(guards.map(rename), options),
  }));

export const leasesThatNobodyBreaks = withStore((good) => ({
  ...good,
  remove: async (keys) => {
    const found = await good.read(keys);
    await good.remove(keys.filter((_, i) => found[i] !== undefined));
    return found.map((one) => one !== undefined);
  },
}));

export const leasesForEverybody = withStore((good) => ({
  ...good,
  lease: async (requests) => requests.map(() => ({ state: 'granted', stamp: 1 })),
}));
