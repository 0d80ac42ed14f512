import { createCache, type Codec, type EntryOptions } from '@parley/cache-core';
import {
  leasesForEverybody,
  leasesThatNobodyBreaks,
  withCodec,
  withMethods,
  withOptions,
  withStore,
  type CacheSaboteurs,
} from './cache-saboteur.ts';
import { lookalike } from './saboteur.ts';

const looseJson: Codec = {
  id: 99,
  encode: (value) =>
    Buffer.from(JSON.stringify(typeof value === 'bigint' ? String(value) : value) ?? 'null', 'utf8'),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')),
};

export const valueSaboteurs: CacheSaboteurs = {
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
  'a lifetime may be a class, is cut by jitter, and may be shorter in memory than in the store': [
    withOptions({ ttlClasses: { medium: 60 } }),
    withOptions({ random: () => 0.5 }),
    withStore((good) => ({
      ...good,
      write: (records) =>
        good.write(records.map((one) => ({ ...one, freshMs: one.keepMs * 2, keepMs: one.keepMs * 2 }))),
    })),
    withMethods((cache) => {
      const set = cache.set.bind(cache);
      return { set: (key: string, value: unknown, { ttl }: EntryOptions) => set(key, value, { ttl }) };
    }),
  ],
  'a bulk call is one call to the store for each thing that it does': [
    withMethods((cache) => ({
      mget: async (keys: readonly string[]) => {
        const values: unknown[] = [];
        for (const key of keys) values.push(await cache.get(key));
        return values;
      },
    })),
    withMethods((cache) => ({
      mset: async (entries: readonly (readonly [string, unknown])[]) => {
        for (const [key, value] of entries) await cache.set(key, value);
      },
    })),
  ],
  'what is large is stored compressed, and stays readable after the option has changed': [
    withOptions({ compressFrom: Infinity }),
    withOptions({ compressFrom: 0 }),
  ],
  'an entry that is touched lives on in every process': [
    withMethods(() => ({ touch: async (key: string) => key !== 'none' })),
    withStore((good) => ({ ...good, touch: async (records) => records.map(() => true) })),
  ],
  'that there is none is remembered for as long as it is said, in every process': [
    withMethods((cache) => {
      const get = cache.get.bind(cache);
      return { get: (key: string, loader: () => unknown) => get(key, loader) };
    }),
    withMethods((cache) => {
      const get = cache.get.bind(cache);
      return { get: (key: string, loader: () => unknown) => get(key, loader, { negativeTtl: 60 }) };
    }),
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
