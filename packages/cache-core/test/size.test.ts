import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCache, memoryCacheStore, type CacheOptions } from '@parley/cache-core';
import { beforeAll, describe, expect, it } from 'vitest';

const entries = 20_000;
const local = { maxBytes: 1e9, maxEntries: 1e6 };

let collectGarbage: () => void;

beforeAll(() => {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc !== 'function') throw new Error('V8 has no gc to call');
  collectGarbage = () => gc();
});

function held(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const latin = (length: number, i: number): string =>
  Buffer.from(Array.from({ length }, (_, at) => 97 + ((i + at) % 26))).toString('latin1');

/** From its bytes, so that V8 holds it in one piece. */
const cyrillic = (length: number, i: number): string =>
  Buffer.from(Uint16Array.from({ length }, (_, at) => 0x4_30 + ((i + at) % 32)).buffer).toString('utf16le');

const row = (text: typeof latin, i: number): unknown => ({
  id: i,
  name: text(12, i),
  price: i + 0.5,
  tags: [text(6, i), text(6, i + 1)],
  about: text(100, i),
});

interface Shape {
  readonly shape: string;
  readonly valueOf: (i: number) => unknown;
  readonly tags?: (i: number) => readonly string[];
}

const shapes: readonly Shape[] = [
  { shape: 'a small number', valueOf: (i) => i },
  { shape: 'text', valueOf: (i) => latin(300, i) },
  { shape: 'text beyond Latin-1', valueOf: (i) => cyrillic(300, i) },
  { shape: 'a row of a table', valueOf: (i) => row(latin, i) },
  { shape: 'a row with text beyond Latin-1', valueOf: (i) => row(cyrillic, i) },
  { shape: 'a list of numbers', valueOf: (i) => Array.from({ length: 40 }, (_, at) => i + at + 0.5) },
  { shape: 'bytes', valueOf: (i) => new Uint8Array(500).fill(i) },
  { shape: 'a row under tags', valueOf: (i) => row(latin, i), tags: (i) => [`team:${i % 50}`, 'rows'] },
];

/** What the heap has for each byte that is reported. */
async function ratioOf({ valueOf, tags }: Shape, read: boolean): Promise<number> {
  const keys = Array.from({ length: entries }, (_, i) => `entry:${i}`);
  const options = { local, handOut: 'shared' } satisfies CacheOptions;
  const store = memoryCacheStore();
  const cache = createCache(read ? { ...options, store } : options);
  if (read) {
    const writer = createCache({ ...options, store, local: false });
    for (const [i, key] of keys.entries()) await writer.set(key, valueOf(i), { tags: tags?.(i) ?? [] });
  }
  const before = held();
  for (const [i, key] of keys.entries()) {
    if (read) await cache.get(key);
    else await cache.set(key, valueOf(i), { tags: tags?.(i) ?? [] });
  }
  const taken = held() - before;
  const { localEntries, localBytes } = cache.stats();
  expect(localEntries).toBe(entries);
  return taken / localBytes;
}

const about = (ratio: number): boolean => ratio > 0.75 && ratio < 1.25;

describe('what the memory tier reports is about what the heap has', () => {
  // What was written keeps the value that it was given, what was read has it from its bytes.
  it.each(
    shapes.flatMap((shape) => [
      { ...shape, way: 'written', read: false },
      { ...shape, way: 'read from a store', read: true },
    ]),
  )('$shape, $way', { timeout: 60_000 }, async ({ read, ...shape }) => {
    const ratios = [await ratioOf(shape, read)];
    // The heap is this whole process's: what else it does, or lets go of, is in one measurement and not in all of them.
    while (!ratios.some(about) && ratios.length < 4) ratios.push(await ratioOf(shape, read));
    expect(ratios.filter(about), `of ${ratios.join(', ')}`).not.toEqual([]);
  });
});
