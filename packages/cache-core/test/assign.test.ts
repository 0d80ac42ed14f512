import type { CacheStore, Notice } from '@parley/cache-core';
import { createCache, memoryInvalidation } from '@parley/cache-core';
import { isParleyError } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { bench, breakable } from './fixture.ts';

/** The keys of each call to `write`. */
function watched(store: CacheStore): { readonly store: CacheStore; readonly writes: string[][] } {
  const writes: string[][] = [];
  return {
    writes,
    store: {
      ...store,
      async write(records, options) {
        writes.push(records.map(({ key }) => key.slice('cache:'.length)));
        await store.write(records, options);
      },
    },
  };
}

function withBatchesOf(store: CacheStore, maxBatch: number): CacheStore {
  return { ...store, capabilities: { ...store.capabilities, maxBatch } };
}

describe('what is set in one turn', () => {
  it('goes to the store in one call, and is told in one notice', async () => {
    const { clock, store } = bench();
    const { store: counted, writes } = watched(store);
    const notices: Notice[] = [];
    const inner = memoryInvalidation();
    const invalidation = {
      ...inner,
      publish: async (notice: Notice) => {
        notices.push(notice);
        await inner.publish(notice);
      },
    };
    const cache = createCache({ clock, store: counted, invalidation });
    // The epoch of the namespace is asked for once.
    await cache.set('warm', 0);
    writes.length = 0;
    notices.length = 0;
    const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
    await Promise.all([
      ...keys.map((key, i) => cache.set(key, i)),
      cache.mset([
        ['m1', 1],
        ['m2', 2],
      ]),
    ]);
    expect(writes).toEqual([[...keys, 'm1', 'm2']]);
    expect(notices.map((notice) => notice.keys.length)).toEqual([52]);
  });

  it('is cut where the batch would get too large, and a large one goes alone', async () => {
    const { store, join } = bench();
    const { store: counted, writes } = watched(withBatchesOf(store, 8));
    const cache = join({ store: counted });
    await cache.set('warm', 0);
    writes.length = 0;
    const large = 'x'.repeat(40_000);
    await Promise.all([
      cache.set('a', 1),
      cache.set('b', 1),
      cache.set('large', large, { compressFrom: Infinity }),
      cache.set('c', 1),
    ]);
    expect(writes).toEqual([['a', 'b'], ['large'], ['c']]);
  });

  it('ends with the value that was set last', async () => {
    const { join } = bench();
    const [one, two] = [join(), join()];
    await Promise.all([one.set('k', 'first'), one.set('k', 'second'), one.set('k', 'third')]);
    expect([await one.get('k'), await two.get('k')]).toEqual(['third', 'third']);
  });

  it('ends with the value that was set last, however many others come with it', async () => {
    const { store, join } = bench();
    const cache = join({ store: withBatchesOf(store, 8) });
    await cache.set('warm', 0);
    const many = (value: string): [string, string][] => ['k', 'l', 'm', 'n'].map((key) => [key, value]);
    await Promise.all([cache.set('k', 'small'), cache.mset(many('large'))]);
    expect(await join().get('k')).toBe('large');
    await Promise.all([cache.mset(many('large')), cache.set('k', 'small')]);
    expect(await join().mget(['k', 'l'])).toEqual(['small', 'large']);
  });

  it('fails for itself where the value is at fault', async () => {
    const { join } = bench();
    const cache = join();
    const outcomes = await Promise.allSettled([
      cache.set('a', 1),
      cache.set('bad', () => 1),
      cache.set('large', 'x'.repeat(2_000), { maxBytes: 1_000 }),
      cache.mset<unknown>([
        ['never', 1],
        ['bad', Symbol('bad')],
      ]),
      cache.set('b', 2),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(await cache.mget(['a', 'bad', 'large', 'never', 'b'])).toEqual([
      1,
      undefined,
      undefined,
      undefined,
      2,
    ]);
  });

  it('fails together where the store is', async () => {
    const { store, join } = bench();
    const control = breakable(store);
    const cache = join({ store: control.store });
    await cache.set('warm', 0);
    control.is = 'refused';
    const outcomes = await Promise.allSettled(['a', 'b'].map((key) => cache.set(key, 1)));
    expect(outcomes.map((one) => one.status === 'rejected' && isParleyError(one.reason))).toEqual([
      true,
      true,
    ]);
  });
});

it('a read that began before the store had the new value does not bring the old one back', async () => {
  const { store, join } = bench();
  await join().set('k', 'old');
  const write = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const met = Promise.withResolvers<void>();
  const cache = join({
    store: {
      ...store,
      async write(records, options) {
        await write.promise;
        await store.write(records, options);
      },
      async read(keys, options) {
        const found = await store.read(keys, options);
        met.resolve();
        await answer.promise;
        return found;
      },
    },
  });
  const setting = cache.set('k', 'new');
  const reading = cache.get('k');
  await met.promise;
  write.resolve();
  await setting;
  answer.resolve();
  expect(await reading).toBe('old');
  expect(await cache.get('k')).toBe('new');
});
