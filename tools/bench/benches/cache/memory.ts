import { seededRandom } from '../../src/random.ts';
import type { Subject, Subjects } from '../../src/scenario.ts';

const boundBytes = 32 * 1024 * 1024;

/** Enough to fill it three times over. */
const writes = 120_000;

interface Bounded {
  readonly set: (key: string, value: unknown) => unknown;

  /** What it believes to hold. */
  readonly bytes: () => number;
}

/** The heap that a cache of at most 32 MiB takes for each byte that it reports, with values of random kinds and sizes. */
export const memoryOfEntries = subjects(latinText);

/** The same with text of which V8 needs two bytes for each character. */
export const memoryOfWideText = subjects(cyrillicText);

type Text = (length: number, random: () => number) => string;

function subjects(text: Text): Subjects {
  return {
    ours: filled(text, async () => {
      const { createCache } = await import('@parley/cache-core');
      const cache = createCache({ local: { maxBytes: boundBytes, maxEntries: 1e6 }, handOut: 'shared' });
      return { set: (key, value) => cache.set(key, value), bytes: () => cache.stats().localBytes };
    }),
    rivals: {
      // It can only bound what it has serialised, and does not tell how much that is.
      bentocache: filled(text, async () => {
        const { BentoCache, bentostore } = await import('bentocache');
        const { memoryDriver } = await import('bentocache/drivers/memory');
        const memory = memoryDriver({ maxSize: boundBytes, maxItems: 1_000_000 });
        const cache = new BentoCache({
          default: 'main',
          stores: { main: bentostore().useL1Layer(memory) },
          ttl: 3_600_000,
        });
        return { set: (key, value) => cache.set({ key, value }), bytes: () => boundBytes };
      }),
      'lru-cache': filled(text, async () => {
        const { LRUCache } = await import('lru-cache');
        const cache = new LRUCache<string, object>({
          maxSize: boundBytes,
          sizeCalculation: (value, key) => JSON.stringify(value).length + key.length,
        });
        return {
          set: (key, value) => cache.set(key, Object(value)),
          bytes: () => cache.calculatedSize,
        };
      }),
    },
  };
}

function filled(text: Text, open: () => Promise<Bounded>): Subject {
  return async ({ seed }) => {
    const random = seededRandom(seed);
    const cache = await open();
    // What the code of the cache takes itself is not memory of entries.
    for (let i = 0; i < 100; i++) await cache.set(`warm:${i % 10}`, valueOf(random, text));
    let most = 0;
    return {
      async op() {
        const before = held();
        const reportedBefore = cache.bytes() === boundBytes ? 0 : cache.bytes();
        for (let i = 0; i < writes; i++) {
          await cache.set(`entry:${i}`, valueOf(random, text));
          if (i % 100 === 0) most = Math.max(most, cache.bytes());
        }
        return (held() - before) / (cache.bytes() - reportedBefore);
      },
      figures: () => ({ reportedMB: cache.bytes() / 1e6, bytesOverBound: Math.max(0, most - boundBytes) }),
    };
  };
}

function held(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Mostly small, now and then large, as sizes are. */
function valueOf(random: () => number, make: Text): unknown {
  const size = Math.floor(2 ** (3 + random() * 9));
  const kind = Math.floor(random() * 5);
  const text = (length: number): string => make(length, random);
  if (kind === 0) return { text: text(size) };
  if (kind === 1) return Array.from({ length: size / 16 }, () => Math.floor(random() * 1e6));
  if (kind === 2)
    return { id: size, price: random(), name: text(12), tags: [text(6), text(6)], about: text(size) };
  if (kind === 3)
    return Array.from({ length: Math.ceil(size / 100) }, () => ({ id: random(), name: text(20), on: true }));
  return { nested: { deep: { text: text(size / 2) } }, list: [1, 2, 3], ratio: random() };
}

// Both by way of bytes, so that V8 holds them flat and not as references to their parts.
function latinText(length: number, random: () => number): string {
  return Buffer.from(codes(length, () => 97 + random() * 26)).toString('latin1');
}

function cyrillicText(length: number, random: () => number): string {
  return Buffer.from(new Uint16Array(codes(length, () => 0x4_30 + random() * 32)).buffer).toString('utf16le');
}

function codes(length: number, next: () => number): number[] {
  return Array.from({ length }, next);
}
