import type { Subject, SubjectEnvironment, Subjects } from '../../src/scenario.ts';
import { openLibrary } from './libraries/library.ts';
import type { LibraryName, OpenLibrary } from './libraries/library.ts';
import { keysOf, mustEqual, valueOf } from './values.ts';

const keys = keysOf(1024);
const tags = keys.map((_, i) => [`team:${i % 10}`, `role:${i % 3}`]);
const keyAt = (i: number): string => keys[i & 1023] ?? '';

/** `get` of what is in memory, in a cache that has nothing else. */
export function localHits(bytes: number): Subjects {
  const hits =
    (name: LibraryName): Subject =>
    async ({ prefix }) => {
      const cache = await openLibrary(name, { prefix, local: true });
      for (const [i, key] of keys.entries()) await cache.set(key, valueOf(i, bytes));
      mustEqual(await cache.get(keyAt(7)), valueOf(7, bytes));
      return { op: (i) => cache.get(keyAt(i)), teardown: () => cache.close() };
    };
  return {
    ours: hits('parley'),
    rivals: {
      bentocache: hits('bentocache'),
      cacheable: hits('cacheable'),
      'cache-manager': hits('cache-manager'),
      keyv: hits('keyv'),
    },
    // The runner awaits what it returns, as it does for the others.
    floor: async () => {
      const { LRUCache } = await import('lru-cache');
      const cache = new LRUCache<string, object>({ max: 100_000, ttl: 3_600_000, ttlResolution: 1000 });
      for (const [i, key] of keys.entries()) cache.set(key, valueOf(i, bytes));
      return { op: (i) => cache.get(keyAt(i)) };
    },
  };
}

interface Tagged {
  readonly cache: OpenLibrary;
  readonly load: (i: number) => Promise<unknown> | undefined;
}

/** A cache in memory above Redis, with the bus, and every entry in it, with two tags each. */
async function openTagged(
  name: LibraryName,
  { url, prefix }: SubjectEnvironment,
  bytes: number,
): Promise<Tagged> {
  const cache = await openLibrary(name, { prefix, redis: url('redis'), local: true, tags: true });
  const loads = keys.map((key, i) =>
    cache.bindLoad(key, () => Promise.resolve(valueOf(i, bytes)), { tags: tags[i] }),
  );
  await Promise.all(loads.map((one) => one()));
  const load = (i: number): Promise<unknown> | undefined => loads[i & 1023]?.();
  mustEqual(await load(7), valueOf(7, bytes));
  return { cache, load };
}

const withTags = (subject: (name: LibraryName) => Subject): Subjects => ({
  ours: subject('parley'),
  rivals: { bentocache: subject('bentocache'), cacheable: subject('cacheable') },
});

/** `get` with a loader and two tags. */
export const taggedLocalHits = (bytes: number): Subjects =>
  withTags((name) => async (environment) => {
    const { cache, load } = await openTagged(name, environment, bytes);
    return { op: load, teardown: () => cache.close() };
  });

const hitsCounted = 20_000;

/** The commands that the server sees for 100 hits: the other subjects stand still meanwhile, but for the heartbeat of ours. */
export const commandsOfHits = (bytes: number): Subjects =>
  withTags((name) => async (environment) => {
    const { cache, load } = await openTagged(name, environment, bytes);
    const { Redis } = await import('ioredis-6');
    const redis = new Redis(environment.url('redis'));
    const commands = async (): Promise<number> =>
      Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
    return {
      async op() {
        const before = await commands();
        for (let i = 0; i < hitsCounted; i++) await load(i);
        return (((await commands()) - before - 1) * 100) / hitsCounted;
      },
      async teardown() {
        redis.disconnect();
        await cache.close();
      },
    };
  });
