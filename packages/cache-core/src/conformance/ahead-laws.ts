import { deepEqual, equal } from 'node:assert/strict';
import { gate, inTime, until, withCaches, type CacheHarness } from './cache-harness.ts';
import type { Law } from './law.ts';

const numbers = Array.from({ length: 25 }, (_, i) => `k${i}`);

/** Loading before anybody asks, which must not undo what others did meanwhile. */
export const aheadLaws: readonly Law<CacheHarness>[] = [
  {
    name: 'warming up loads what is missing, in batches, and leaves what is there or came meanwhile',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        await two.set('k1', 'there');
        const { opened, open, entered, enter } = gate();
        const batches: (readonly string[])[] = [];
        const warming = one.warm(
          numbers,
          async (keys) => {
            batches.push(keys);
            enter();
            await opened;
            return keys.map((key) => `loaded ${key}`);
          },
          { batch: 10, concurrency: 1 },
        );
        await inTime(harness, entered, 'the first batch');
        await two.set('k2', 'newer');
        await two.delete('k3');
        open();
        deepEqual(await inTime(harness, warming, 'the warm-up'), { present: 1, loaded: 24, failed: 0 });
        deepEqual(
          batches.map((keys) => keys.length),
          [9, 10, 5],
        );
        for (const cache of [two, one]) {
          await until(harness, async () => (await cache.get('k2')) === 'newer', 'the newer value');
          deepEqual(await cache.mget(['k0', 'k1', 'k2', 'k3', 'k24']), [
            'loaded k0',
            'there',
            'newer',
            undefined,
            'loaded k24',
          ]);
        }
      }),
  },
  {
    name: 'prefetching loads once what is missing or soon at its end, for every process, and nobody waits for it',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        let loads = 0;
        const load = (): string => `load ${(loads += 1)}`;
        equal(one.prefetch('k', load, { ttl: 30 }), undefined);
        two.prefetch('k', load, { ttl: 30 });
        for (const cache of [one, two])
          await until(harness, async () => (await cache.get('k')) === 'load 1', 'the first load');
        one.prefetch('k', load, { ttl: 60, within: 20 });
        two.prefetch('k', load, { ttl: 60 });
        await harness.advance(50);
        equal(loads, 1);
        one.prefetch('k', load, { ttl: 60, within: 40 });
        await until(harness, async () => (await one.get('k')) === 'load 2', 'the second load');
        equal(await one.get('k', load), 'load 2');
        equal(loads, 2);
      }),
  },
];
