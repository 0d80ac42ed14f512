import { seededRandom } from '../../src/random.ts';
import type { SubjectEnvironment, Subjects, Work } from '../../src/scenario.ts';

interface Store {
  get(key: string): number | undefined;
  set(key: string, value: number): unknown;
}

const maxEntries = 10_000;

/** Every key is held, so that each call is a hit. */
export const lruGet = stores(maxEntries, (store, sequence) => {
  for (const key of sequence) store.set(key, 1);
  return { op: (i) => store.get(sequence[i % sequence.length] ?? '') };
});

/** Twice as many keys as are held: about half of the calls replace a value, the others push an entry out. */
export const lruSet = stores(2 * maxEntries, (store, sequence) => ({
  op: (i) => store.set(sequence[i % sequence.length] ?? '', i),
}));

function stores(keys: number, use: (store: Store, sequence: readonly string[]) => Work): Subjects {
  const work = ({ seed }: SubjectEnvironment, store: Store) => use(store, randomKeys(keys, seed));
  return {
    ours: async (environment) => {
      const { createLru } = await import('@parley/cache-core/kernel');
      const lru = createLru<string, number>({ maxEntries });
      return work(environment, { get: (key) => lru.get(key), set: (key, value) => lru.set(key, value) });
    },
    rivals: {
      'lru-cache': async (environment) => {
        const { LRUCache } = await import('lru-cache');
        const lru = new LRUCache<string, number>({ max: maxEntries });
        return work(environment, { get: (key) => lru.get(key), set: (key, value) => lru.set(key, value) });
      },
      // It keeps up to twice as many entries as it is told, in two generations and without an order of use.
      'quick-lru': async (environment) => {
        const { default: QuickLru } = await import('quick-lru');
        const lru = new QuickLru<string, number>({ maxSize: maxEntries });
        return work(environment, { get: (key) => lru.get(key), set: (key, value) => lru.set(key, value) });
      },
    },
    // First in, first out: bounded, but what is used often is pushed out like the rest. The ring says which is the oldest; to ask
    // the map for its first key costs ever more where many before it were deleted.
    floor: (environment) => {
      const map = new Map<string, number>();
      const ring: (string | undefined)[] = Array.from({ length: maxEntries });
      let next = 0;
      const set = (key: string, value: number): void => {
        const before = map.size;
        map.set(key, value);
        if (map.size === before) return;
        const oldest = ring[next];
        if (oldest !== undefined) map.delete(oldest);
        ring[next] = key;
        next = (next + 1) % maxEntries;
      };
      return work(environment, { get: (key) => map.get(key), set });
    },
  };
}

function randomKeys(count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const keys = Array.from({ length: count }, (_, i) => `account:${i}`);
  return Array.from({ length: 1 << 16 }, () => keys[Math.floor(random() * count)] ?? '');
}
