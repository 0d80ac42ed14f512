import type { Subject, Subjects, Work } from '../../src/scenario.ts';
import { openLibrary } from './libraries/library.ts';
import type { LibraryName, OpenLibrary } from './libraries/library.ts';
import { keysOf, mustEqual, valueOf } from './values.ts';

const keys = keysOf(2000);
const keyAt = (i: number): string => keys[i % 2000] ?? '';
const batch = 100;
const batches = Array.from({ length: 20 }, (_, i) => keys.slice(i * batch, (i + 1) * batch));
const batchAt = (i: number): readonly string[] => batches[i % 20] ?? [];
const hour = 3_600_000;

type Use = (cache: OpenLibrary, bytes: number) => Work | Promise<Work>;

/** Without memory in front, so that every call goes to the server. */
function library(name: LibraryName, bytes: number, use: Use): Subject {
  return async ({ url, prefix }) => {
    const cache = await openLibrary(name, { prefix, redis: url('redis'), local: false });
    return { ...(await use(cache, bytes)), teardown: () => cache.close() };
  };
}

/** What both versions of the driver have. */
interface Redis {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, px: 'PX', ms: number): Promise<unknown>;
  mget(keys: string[]): Promise<(string | null)[]>;
  pipeline(): { set(key: string, value: string, px: 'PX', ms: number): unknown; exec(): Promise<unknown> };
}

type UseClient = (redis: Redis, prefixed: (key: string) => string, bytes: number) => Work | Promise<Work>;

/** The driver alone, with its own pipelining. */
function driver(which: 'ioredis' | 'ioredis-6', bytes: number, use: UseClient): Subject {
  return async ({ url, prefix }) => {
    const options = { enableAutoPipelining: true };
    const redis =
      which === 'ioredis'
        ? new (await import('ioredis')).Redis(url('redis'), options)
        : new (await import('ioredis-6')).Redis(url('redis'), options);
    const work = await use(redis, (key) => prefix + key, bytes);
    return { ...work, teardown: async () => redis.disconnect() };
  };
}

function subjects(names: readonly LibraryName[], bytes: number, use: Use, useClient: UseClient): Subjects {
  return {
    ours: library('parley', bytes, use),
    floor: driver('ioredis-6', bytes, useClient),
    rivals: Object.fromEntries(names.map((name) => [name, library(name, bytes, use)])),
    otherFloors: { 'ioredis 5': driver('ioredis', bytes, useClient) },
  };
}

/** `get`, each call for itself. */
export const redisHits = (bytes: number): Subjects =>
  subjects(
    ['bentocache', 'cacheable', 'cache-manager', 'keyv'],
    bytes,
    async (cache, size) => {
      await Promise.all(keys.map((key, i) => cache.set(key, valueOf(i, size))));
      mustEqual(await cache.get(keyAt(7)), valueOf(7, size));
      return { op: (i) => cache.get(keyAt(i)) };
    },
    async (redis, prefixed, size) => {
      await Promise.all(
        keys.map((key, i) => redis.set(prefixed(key), JSON.stringify(valueOf(i, size)), 'PX', hour)),
      );
      return {
        op: async (i) => {
          const found = await redis.get(prefixed(keyAt(i)));
          return found === null ? undefined : JSON.parse(found);
        },
      };
    },
  );

/** 100 keys a call. Bentocache reads one key at a time. */
export const redisReadsOfMany = (bytes: number): Subjects =>
  subjects(
    ['cacheable', 'cache-manager', 'keyv'],
    bytes,
    async (cache, size) => {
      await Promise.all(keys.map((key, i) => cache.set(key, valueOf(i, size))));
      const { getMany } = cache;
      if (getMany === undefined) throw new Error('it reads one key at a time');
      mustEqual((await getMany(batchAt(0)))[7], valueOf(7, size));
      return { op: (i) => getMany(batchAt(i)) };
    },
    async (redis, prefixed, size) => {
      await Promise.all(
        keys.map((key, i) => redis.set(prefixed(key), JSON.stringify(valueOf(i, size)), 'PX', hour)),
      );
      return {
        op: async (i) => {
          const found = await redis.mget(batchAt(i).map(prefixed));
          return found.map((text): unknown => (text === null ? undefined : JSON.parse(text)));
        },
      };
    },
  );

/** 100 keys a call. Bentocache writes one key at a time. */
export const redisWritesOfMany = (bytes: number): Subjects =>
  subjects(
    ['cacheable', 'cache-manager', 'keyv'],
    bytes,
    async (cache, size) => {
      const entries = entriesOf(size);
      const { setMany } = cache;
      if (setMany === undefined) throw new Error('it writes one key at a time');
      await setMany(entries[0] ?? []);
      mustEqual(await cache.get(keyAt(7)), valueOf(7, size));
      return { op: (i) => setMany(entries[i % 20] ?? []) };
    },
    (redis, prefixed, size) => {
      const entries = entriesOf(size);
      return {
        op: (i) => {
          const pipeline = redis.pipeline();
          for (const [key, value] of entries[i % 20] ?? [])
            pipeline.set(prefixed(key), JSON.stringify(value), 'PX', hour);
          return pipeline.exec();
        },
      };
    },
  );

function entriesOf(bytes: number) {
  return batches.map((names, b) => names.map((key, i) => [key, valueOf(b * batch + i, bytes)] as const));
}
