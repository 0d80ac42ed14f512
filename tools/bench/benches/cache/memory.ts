import { seededRandom } from '../../src/random.ts';
import type { Subject, Subjects } from '../../src/scenario.ts';

const boundBytes = 32 * 1024 * 1024;

/** Enough to fill it three times over. */
const writes = 120_000;

interface Bounded {
  readonly set: (key: string, value: unknown, tags?: readonly string[]) => unknown;

  /** What it believes to hold. */
  readonly bytes: () => number;
}

/** The heap that a cache of at most 32 MiB takes for each byte that it reports, with values of random kinds and sizes. */
export const memoryOfEntries = subjects(latinText);

/** The same with text of which V8 needs two bytes for each character. */
export const memoryOfWideText = subjects(cyrillicText);

/** The same under tags: a few that all share, and one of each owner's, below another. */
export const memoryOfTaggedEntries = subjects(latinText, (i) => [`kind:${i % 10}`, `owner:${i % 2000}`]);

type Text = (length: number, random: () => number) => string;

type TagsOf = (i: number) => readonly string[];

function subjects(text: Text, tagsOf?: TagsOf): Subjects {
  const filled = (open: () => Promise<Bounded>): Subject => filledWith(text, tagsOf, open);
  const rivals = { bentocache: filled(openBentocache) };
  return {
    ours: filled(openOurs),
    rivals: tagsOf === undefined ? { ...rivals, 'lru-cache': filled(openLruCache) } : rivals,
  };
}

async function openOurs(): Promise<Bounded> {
  const { createCache } = await import('@parley/cache-core');
  const cache = createCache({ local: { maxBytes: boundBytes, maxEntries: 1e6 }, handOut: 'shared' });
  return {
    set: (key, value, tags) => cache.set(key, value, tags && { tags }),
    bytes: () => cache.stats().localBytes,
  };
}

/** It can only bound what it has serialised, and does not tell how much that is. */
async function openBentocache(): Promise<Bounded> {
  const { BentoCache, bentostore } = await import('bentocache');
  const { memoryDriver } = await import('bentocache/drivers/memory');
  const memory = memoryDriver({ maxSize: boundBytes, maxItems: 1_000_000 });
  const cache = new BentoCache({
    default: 'main',
    stores: { main: bentostore().useL1Layer(memory) },
    ttl: 3_600_000,
  });
  return {
    set: (key, value, tags) => cache.set({ key, value, ...(tags && { tags: [...tags] }) }),
    bytes: () => boundBytes,
  };
}

async function openLruCache(): Promise<Bounded> {
  const { LRUCache } = await import('lru-cache');
  const cache = new LRUCache<string, object>({
    maxSize: boundBytes,
    sizeCalculation: (value, key) => JSON.stringify(value).length + key.length,
  });
  return { set: (key, value) => cache.set(key, Object(value)), bytes: () => cache.calculatedSize };
}

function filledWith(text: Text, tagsOf: TagsOf | undefined, open: () => Promise<Bounded>): Subject {
  return async ({ seed }) => {
    const random = seededRandom(seed);
    const cache = await open();
    const fill = (key: string, i: number): unknown => cache.set(key, valueOf(random, text), tagsOf?.(i));
    // What the code of the cache takes itself is not memory of entries.
    for (let i = 0; i < 100; i++) await fill(`warm:${i % 10}`, i);
    let most = 0;
    return {
      async op() {
        const before = held();
        const reportedBefore = cache.bytes() === boundBytes ? 0 : cache.bytes();
        for (let i = 0; i < writes; i++) {
          await fill(`entry:${i}`, i);
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
