import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Cache } from '../cache.ts';
import { counted, until, withCaches, type CacheHarness } from './cache-harness.ts';
import type { Law } from './law.ts';
import { briefMs } from './store-harness.ts';

const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);

/** How long things live and what they cost. */
export const lifeLaws: readonly Law<CacheHarness>[] = [
  {
    name: 'a lifetime may be a class, is cut by jitter, and may be shorter in memory than in the store',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        for (const [ttl, seconds] of [
          ['short', 300],
          ['medium', 3_600],
          ['long', 86_400],
          ['5m', 300],
          [0.75, 0.75],
          [undefined, 3_600],
        ] as const) {
          for (const cache of [one, two]) {
            const isNear = async (): Promise<boolean> => {
              await one.set('k', 1, { ttl });
              return near((await cache.ttl('k')) ?? 0, seconds);
            };
            await until(harness, isNear, `${ttl} to be ${seconds} s`);
          }
        }
        await one.mset(
          keys.map((key) => [key, key] as const),
          { ttl: 1_000, jitter: 0.5 },
        );
        const left = await Promise.all(keys.map(async (key) => Math.round((await two.ttl(key)) ?? 0)));
        ok(left.every((seconds) => seconds > 490 && seconds <= 1_000));
        ok(new Set(left).size > 5, 'all of them end at one moment');

        await one.set('brief', 1, { ttl: 60, localTtl: briefMs / 1000 });
        await harness.advance(briefMs + 1);
        equal((await one.entry('brief'))?.source, 'store');
      }),
  },
  {
    name: 'an entry that is touched lives on in every process',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        await one.set('k', 1, { ttl: briefMs / 1000 });
        equal(await two.get('k'), 1);
        equal(await one.touch('k', 60), true);
        equal(await one.touch('none', 60), false);
        await harness.advance(briefMs + harness.toleranceMs);
        for (const cache of [one, two]) {
          await until(harness, async () => (await cache.get('k')) === 1, 'the entry that was touched');
          const left = (await cache.ttl('k')) ?? 0;
          ok(left > 30 && left <= 60, `${left} s left`);
        }
      }),
  },
  {
    name: 'a bulk call is one call to the store for each thing that it does',
    verify: async (harness) => {
      const { store, calls } = counted(harness.first.store);
      const during = async (work: () => Promise<unknown>): Promise<string[]> => {
        calls.length = 0;
        await work();
        return [...calls].filter((call) => call !== 'epochs').sort();
      };
      const loadAll = async (missing: readonly string[]): Promise<readonly string[]> => missing;
      await withCaches({ ...harness, first: { ...harness.first, store } }, { local: false }, async (one) => {
        const entries = keys.map((key) => [key, key] as const);
        deepEqual(await during(() => one.mset(entries)), ['write']);
        deepEqual(await during(() => one.mget(keys)), ['read']);
        deepEqual(await during(() => one.mdel(keys)), ['remove']);
        deepEqual(await during(() => one.getMany(keys, loadAll)), ['fill', 'lease', 'read']);
        deepEqual(await one.mget(keys), keys);
      });
    },
  },
  {
    name: 'what is large is stored compressed, and stays readable after the option has changed',
    verify: async (harness) => {
      const value = { text: 'again and '.repeat(2_000) };
      const bytesOf = async (key: string): Promise<number> =>
        (await harness.first.store.read([`cache:${key}`]))[0]?.bytes.length ?? Number.NaN;
      const write = (key: string, compressFrom: number): Promise<void> =>
        withCaches(harness, { compressFrom }, (one) => one.set(key, value));
      await write('packed', 1_000);
      await write('plain', Infinity);
      const [packed, plain] = [await bytesOf('packed'), await bytesOf('plain')];
      ok(packed < 1_000, `${packed} bytes are left of ${plain}`);
      ok(plain > 20_000, `${plain} bytes are stored of 20,000`);
      for (const compressFrom of [1, Infinity]) {
        await withCaches(harness, { compressFrom }, async (one) => {
          deepEqual(await one.mget(['packed', 'plain']), [value, value]);
        });
      }
    },
  },
  {
    name: 'that there is none is remembered for as long as it is said, in every process',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        let loads = 0;
        const none = (): undefined => void (loads += 1);
        const ask = async (cache: Cache, negativeTtl?: number): Promise<number> => {
          equal(await cache.get('k', none, { negativeTtl }), undefined);
          return loads;
        };
        deepEqual([await ask(one), await ask(two)], [1, 2]);
        deepEqual([await ask(one, briefMs / 1000), await ask(one), await ask(two)], [3, 3, 3]);
        await harness.advance(briefMs + harness.toleranceMs);
        deepEqual([await ask(two)], [4]);
      }),
  },
];

/** The server's clock and the way to it may take a little. */
const near = (left: number, seconds: number): boolean => left <= seconds && left > seconds - 0.7;
