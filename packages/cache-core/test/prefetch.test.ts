import { createCache, type CacheEvent } from '@parley/cache-core';
import { describe, expect, it } from 'vitest';
import { bench, breakable, quiet } from './fixture.ts';

describe('prefetching', () => {
  it('loads anew what has less left than the part of its ttl that is refreshed ahead, or than it is told', async () => {
    const { clock, join } = bench();
    const cache = join();
    let loads = 0;
    const load = (): string => `v${(loads += 1)}`;
    const rules = { ttl: 10, refreshAhead: 0.2 } as const;
    cache.prefetch('k', load, rules);
    await quiet(clock);
    expect(await cache.get('k')).toBe('v1');
    await clock.advance(7_900);
    cache.prefetch('k', load, rules);
    await quiet(clock);
    expect(loads).toBe(1);
    cache.prefetch('k', load, { ...rules, within: '5s' });
    await quiet(clock);
    expect(await cache.get('k')).toBe('v2');
    await clock.advance(8_100);
    cache.prefetch('k', load, rules);
    await quiet(clock);
    expect(await cache.get('k')).toBe('v3');
  });

  it('keeps callers on the old value until the new one is there, and they share the load', async () => {
    const { clock, join } = bench();
    const cache = join();
    const rules = { ttl: 10, grace: 10 } as const;
    await cache.set('k', 'old', rules);
    const slow = async (): Promise<string> => {
      await clock.sleep(300);
      return 'new';
    };
    cache.prefetch('k', slow, { ...rules, within: '1m' });
    cache.prefetch('k', slow, { ...rules, within: '1m' });
    await quiet(clock);
    expect(await cache.get('k')).toBe('old');
    await clock.advance(300);
    await quiet(clock);
    expect(await cache.get('k')).toBe('new');
    expect(cache.stats().loads).toBe(1);
  });

  it('tells of a loader that fails by an event, and by nothing else', async () => {
    const { clock, join } = bench();
    const cache = join();
    const events: CacheEvent[] = [];
    cache.on((event) => events.push(event));
    const failure = new Error('of the loader');
    cache.prefetch('k', () => Promise.reject(failure));
    await quiet(clock);
    expect(events).toContainEqual({ type: 'load-error', namespace: 'cache', key: 'k', error: failure });
    expect(() => cache.prefetch('', () => 1)).toThrow(expect.objectContaining({ field: 'key' }));
    expect(() => cache.prefetch('k', () => 1, { within: -1 })).toThrow(
      expect.objectContaining({ field: 'within' }),
    );
  });

  it('runs a bounded number at once, and drops and tells what would wait too long', async () => {
    const { clock, join } = bench();
    const cache = join();
    const dropped: string[] = [];
    cache.on((event) => {
      if (event.type === 'load-error') dropped.push(event.key);
    });
    let running = 0;
    let most = 0;
    const slow = async (): Promise<number> => {
      most = Math.max(most, (running += 1));
      await clock.sleep(10);
      running -= 1;
      return 1;
    };
    for (let i = 0; i < 1_100; i++) cache.prefetch(`k${i}`, slow);
    do {
      await quiet(clock);
      await clock.advance(10);
      await quiet(clock);
    } while (cache.stats().fills < 1_016);
    expect(most).toBe(16);
    expect(dropped).toHaveLength(1_100 - 1_016);
    expect(await cache.get('k1015')).toBe(1);
    expect(await cache.get('k1016')).toBeUndefined();
  });

  it('does nothing to a store that is away but load for this process', async () => {
    const { clock, store } = bench();
    const broken = breakable(store);
    const cache = createCache({ clock, store: broken.store });
    broken.is = 'refused';
    cache.prefetch('k', () => 'loaded');
    await quiet(clock);
    expect((await cache.entry('k'))?.source).toBe('local');
    await cache.close();
  });
});
