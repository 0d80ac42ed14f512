import { createCache, defineKey, memoryCacheStore, type CacheEvent, type Schema } from '@parley/cache-core';
import { listenerErrors, virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { bench, breakable, inTime } from './fixture.ts';

const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`);
const upper = (asked: readonly string[]): string[] => asked.map((key) => key.toUpperCase());

describe('warming up', () => {
  it('runs as many batches at once as it is told, and tells how far it is', async () => {
    const clock = virtualClock();
    const cache = createCache({ clock });
    let running = 0;
    let most = 0;
    const told: unknown[] = [];
    const warming = cache.warm(
      keys(60),
      async (asked) => {
        most = Math.max(most, (running += 1));
        await clock.sleep(100);
        running -= 1;
        return upper(asked);
      },
      { batch: 10, concurrency: 3, onProgress: (progress) => told.push(progress) },
    );
    expect(await inTime(clock, warming)).toEqual({
      value: { present: 0, loaded: 60, failed: 0 },
      tookMs: 200,
    });
    expect(most).toBe(3);
    expect(told).toEqual([10, 20, 30, 40, 50, 60].map((loaded) => ({ present: 0, loaded, failed: 0 })));
    expect(await cache.get('k59')).toBe('K59');
  });

  it('takes keys as they come, and no more than it has batches for', async () => {
    let given = 0;
    async function* cursor(): AsyncGenerator<string> {
      for (; given < 1_000; given++) yield `k${given}`;
    }
    const stop = new AbortController();
    const cache = createCache();
    const warming = cache.warm(
      cursor(),
      async (asked) => {
        if (asked.includes('k50')) stop.abort();
        return upper(asked);
      },
      { batch: 10, concurrency: 2, signal: stop.signal },
    );
    await expect(warming).rejects.toMatchObject({ code: 'ABORTED' });
    expect(given).toBeLessThan(100);
    expect(await cache.get('k0')).toBe('K0');
  });

  it('is given up at once, also while the loader or the next key is waited for', async () => {
    async function* hung(): AsyncGenerator<string> {
      yield 'k';
      await new Promise(() => {});
    }
    for (const [source, loader] of [
      [hung(), upper],
      [['k'], () => new Promise<string[]>(() => {})],
    ] as const) {
      const stop = new AbortController();
      const warming = createCache().warm(source, loader, { batch: 1, signal: stop.signal });
      setTimeout(() => stop.abort(), 5);
      await expect(warming).rejects.toMatchObject({ code: 'ABORTED' });
    }
    await expect(createCache().warm(['k'], upper, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('goes on after a batch that failed, counts its keys, and tells why', async () => {
    const cache = createCache();
    const events: CacheEvent[] = [];
    cache.on((event) => events.push(event));
    const failure = new Error('of the database');
    const loader = (asked: readonly string[]): string[] => {
      if (asked.includes('k3')) throw failure;
      return upper(asked);
    };
    expect(await cache.warm(keys(6), loader, { batch: 2, concurrency: 1 })).toEqual({
      present: 0,
      loaded: 4,
      failed: 2,
    });
    expect(events.filter(({ type }) => type === 'load-error')).toEqual(
      ['k2', 'k3'].map((key) => ({ type: 'load-error', namespace: 'cache', key, error: failure })),
    );
    expect(await cache.mget(keys(6))).toEqual(['K0', 'K1', undefined, undefined, 'K4', 'K5']);
  });

  it('waits for the loader where a caller would be served a stale value, and does not call that one warm', async () => {
    const { clock, join } = bench();
    const cache = join();
    const rules = { ttl: 1, grace: 60, staleWhileRevalidate: true, softLimit: '10ms' } as const;
    await cache.set('a', 'old', rules);
    await cache.set('b', 'old', rules);
    await clock.advance(1_100);
    const warming = cache.warm(
      ['a', 'b'],
      async (asked) => {
        await clock.sleep(500);
        if (asked.includes('b')) throw new Error('down');
        return upper(asked);
      },
      { ...rules, batch: 1 },
    );
    expect((await inTime(clock, warming)).value).toEqual({ present: 0, loaded: 1, failed: 1 });
    expect(await cache.get('b', () => Promise.reject(new Error('down')), rules)).toBe('old');
  });

  it('warms this process while the store is away', async () => {
    const clock = virtualClock();
    const store = breakable(memoryCacheStore({ clock }));
    const cache = createCache({ clock, store: store.store });
    store.is = 'refused';
    expect(await cache.warm(['a', 'b'], upper)).toEqual({ present: 0, loaded: 2, failed: 0 });
    expect((await cache.entry('a'))?.source).toBe('local');
    await cache.close();
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a key that is none', () => createCache().warm(['a', ''], upper), 'key'],
    ['a loader that answers something else', () => createCache().warm(['a'], () => []), 'loader'],
    [
      'a value that cannot be stored',
      () => createCache({ store: memoryCacheStore() }).warm(['a'], () => [() => 1]),
      'value',
    ],
    ['no keys in a batch', () => createCache().warm(['a'], upper, { batch: 0 }), 'batch'],
    ['no batch at a time', () => createCache().warm(['a'], upper, { concurrency: 0 }), 'concurrency'],
  ])('refuses %s', async (_, warm, field) => {
    await expect(warm()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });

  it('is not disturbed by a listener that throws', async () => {
    const told: unknown[] = [];
    const unsubscribe = listenerErrors.subscribe(({ listener }) => told.push(listener));
    const onProgress = (): void => {
      throw new Error('of the application');
    };
    expect(await createCache().warm(['a'], upper, { onProgress })).toMatchObject({ loaded: 1 });
    unsubscribe();
    expect(told).toEqual(['warm.onProgress']);
  });
});

describe('warming up a region', () => {
  interface Seat {
    readonly taken: boolean;
  }
  const schema: Schema<Seat> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof value === 'object' && value !== null && 'taken' in value
          ? { value: { taken: value.taken === true } }
          : { issues: [{ message: 'no seat' }] },
    },
  };
  const seats = defineKey<Seat, readonly [row: string, seat: number]>('seat', schema, {
    tags: (_, [row]) => [`rows:${row}`],
  });

  it('hands the loader ids, and tags each entry by its own', async () => {
    const cache = createCache();
    const region = cache.region(seats);
    const ids = [
      ['a', 1],
      ['a', 2],
      ['b', 1],
    ] as const;
    const warmed = region.warm(ids, (asked) => new Map(asked.map((id) => [id, { taken: id[1] === 1 }])));
    expect(await warmed).toEqual({ present: 0, loaded: 3, failed: 0 });
    expect(await region.getMany(ids)).toEqual([{ taken: true }, { taken: false }, { taken: true }]);
    await cache.invalidateByTag('rows:a');
    expect(await region.getMany(ids)).toEqual([undefined, undefined, { taken: true }]);
  });
});
