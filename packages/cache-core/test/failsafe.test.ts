import { isParleyError } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { bench, breakable, inTime } from './fixture.ts';

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
