import { isParleyError, StoreUnavailable } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { bench, breakable, inTime, quiet } from './fixture.ts';

describe('while the store is away', () => {
  it.each(['refused', 'hung'] as const)(
    'loads alone after the first deadline, and waits no second time (%s)',
    async (how) => {
      const { clock, store, join } = bench();
      const control = breakable(store);
      const cache = join({ store: control.store, storeDeadline: '300ms' });
      await cache.get('warm', () => 'warm');
      control.is = how;
      const first = await inTime(
        clock,
        cache.get('a', () => 'A'),
      );
      expect(first.value).toBe('A');
      expect(first.tookMs).toBeLessThanOrEqual(how === 'hung' ? 300 : 0);
      for (const key of ['b', 'c', 'd']) {
        const next = await inTime(
          clock,
          cache.get(key, () => key),
        );
        expect(next).toEqual({ value: key, tookMs: 0 });
      }
      expect(await cache.get('warm')).toBe('warm');
      expect(await cache.get('a', () => 'again')).toBe('A');
      expect(cache.stats().outages).toBe(1);
    },
  );

  it('a plain read is a miss, a write and an invalidation say that they did not happen', async () => {
    const { clock, store, join } = bench();
    const control = breakable(store);
    const cache = join({ store: control.store });
    control.is = 'refused';
    expect(await cache.get('k')).toBeUndefined();
    for (const attempt of [
      () => cache.set('k', 1),
      () => cache.delete('k'),
      () => cache.invalidateByTag('t'),
      () => cache.clear(),
    ]) {
      const failure = await inTime(
        clock,
        attempt().then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
      expect(isParleyError(failure.value, 'STORE_UNAVAILABLE')).toBe(true);
    }
    expect(await cache.mget(['k', 'l'])).toEqual([undefined, undefined]);
  });

  it('callers of one key still share one load, and loaders are bounded', async () => {
    const { clock, store, join } = bench();
    const control = breakable(store);
    const cache = join({ store: control.store, loadersWithoutStore: { running: 2, queued: 3 } });
    control.is = 'refused';
    let running = 0;
    let most = 0;
    const slow = async (): Promise<string> => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(100);
      running -= 1;
      return 'x';
    };
    const outcomes = Array.from({ length: 8 }, (_, i) =>
      cache.get(`k${i % 6}`, slow).catch((error: unknown) => (isParleyError(error) ? error.code : 'other')),
    );
    const { value } = await inTime(clock, Promise.all(outcomes));
    expect(most).toBe(2);
    expect(value.filter((one) => one === 'OVERLOADED')).toHaveLength(1);
  });

  it('comes back by itself, forgets what it kept, and uses the store again', async () => {
    const { clock, store, join } = bench();
    const control = breakable(store);
    const other = join();
    const cache = join({ store: control.store });
    await cache.set('k', 'before');
    control.is = 'refused';
    expect(
      (
        await inTime(
          clock,
          cache.get('x', () => 'alone'),
        )
      ).value,
    ).toBe('alone');
    await other.set('k', 'during');
    control.is = 'up';
    await clock.advance(2_000);
    expect(await cache.get('k')).toBe('during');
    expect(await cache.get('x', () => 'shared')).toBe('shared');
    expect(await other.get('x')).toBe('shared');
  });

  it('asks a store that is away no more than a few times a second', async () => {
    const { clock, store, join } = bench();
    const control = breakable(store);
    const cache = join({ store: control.store });
    control.is = 'refused';
    await inTime(
      clock,
      cache.get('a', () => 'A'),
    );
    control.calls = 0;
    for (let i = 0; i < 100; i++) {
      await inTime(
        clock,
        cache.get(`k${i}`, () => i),
      );
      await clock.advance(100);
    }
    expect(control.calls).toBeGreaterThan(2);
    expect(control.calls).toBeLessThan(40);
  });

  it('a value within its grace stands in when the loader fails too', async () => {
    const { clock, store, join } = bench();
    const control = breakable(store);
    const cache = join({ store: control.store });
    const rules = { ttl: 1, grace: '1h' } as const;
    await cache.get('k', () => 'old', rules);
    await clock.advance(1_500);
    control.is = 'hung';
    const failing = cache.get<string>('k', () => Promise.reject(new Error('database down')), rules);
    expect((await inTime(clock, failing)).value).toBe('old');
  });
});

describe('a store that goes away while a loader runs', () => {
  it.each(['refused', 'hung'] as const)(
    'the value is answered, and kept here until it is back (%s)',
    async (how) => {
      const { clock, store, join } = bench();
      const control = breakable(store);
      const cache = join({ store: control.store, storeDeadline: '300ms' });
      for (const tags of [['t'], () => ['known later']]) {
        const loading = Promise.withResolvers<string>();
        const entered = Promise.withResolvers<void>();
        const load = (): Promise<string> => {
          entered.resolve();
          return loading.promise;
        };
        const callers = [cache.get('k', load, { tags }), cache.get('k', load, { tags })];
        await entered.promise;
        control.is = how;
        loading.resolve('loaded');
        const { value, tookMs } = await inTime(clock, Promise.all(callers));
        expect(value).toEqual(['loaded', 'loaded']);
        expect(tookMs).toBeLessThanOrEqual(how === 'hung' ? 300 : 0);
        expect(await cache.get('k')).toBe('loaded');
        control.is = 'up';
        await clock.advance(2_000);
        await quiet(clock);
        expect(cache.stats().localEntries).toBe(0);
        await cache.delete('k');
      }
    },
  );

  it('a loader that fails by itself is heard, also where its error is one of a store', async () => {
    const { join } = bench();
    const own = new StoreUnavailable('of another cache');
    await expect(join().get('k', () => Promise.reject(own))).rejects.toBe(own);
  });
});

describe('one call that is slow, while others are answered', () => {
  it('fails alone, and the store is not taken for away', async () => {
    const { clock, store, join } = bench();
    const read: typeof store.read = (keys) =>
      keys.some((key) => key.endsWith(':slow')) ? new Promise(() => {}) : store.read(keys);
    const cache = join({ store: { ...store, read }, storeDeadline: '300ms' });
    const slow = cache.get('slow', () => 'loaded');
    await quiet(clock);
    await clock.advance(100);
    await cache.set('other', 1);
    expect(await inTime(clock, slow)).toEqual({ value: 'loaded', tookMs: 200 });
    expect(cache.stats()).toMatchObject({ outages: 0, storeErrors: 1 });
    expect(await store.read(['cache:slow'])).toMatchObject([{ version: expect.any(Number) }]);
  });
});

describe('a process that dies with the lease of a key', () => {
  it.each([
    ['dies', 'hung'],
    ['is cut off', 'refused'],
  ] as const)('keeps others waiting for no longer than the lease lasts: it %s', async (_, how) => {
    const { clock, store, join } = bench();
    const control = breakable(store);
    const dying = join({ store: control.store, lease: '3s' });
    const late = Promise.withResolvers<string>();
    const entered = Promise.withResolvers<void>();
    const doomed = dying.get('k', () => {
      entered.resolve();
      return late.promise;
    });
    await entered.promise;
    control.is = how;
    const { value, tookMs } = await inTime(
      clock,
      join({ lease: '3s' }).get('k', () => 'of the next one'),
    );
    expect(value).toBe('of the next one');
    expect(tookMs).toBeGreaterThan(1_000);
    expect(tookMs).toBeLessThanOrEqual(3_100);
    // What it loaded meanwhile, should it be alive after all, replaces nothing.
    control.is = 'up';
    late.resolve('of the dead one');
    expect((await inTime(clock, doomed)).value).toBe('of the dead one');
    expect(await join().get('k')).toBe('of the next one');
  });
});
