import { createCache, memoryCacheStore, type CacheEvent, type CacheOptions } from '@parley/cache-core';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { bench, quiet } from './fixture.ts';

const tiers: readonly [string, (clock: CacheOptions['clock']) => CacheOptions][] = [
  ['in memory', () => ({})],
  ['over a store', (clock) => ({ store: memoryCacheStore({ clock }) })],
  ['over a store alone', (clock) => ({ store: memoryCacheStore({ clock }), local: false })],
];

describe.each(tiers)('a cache %s', (_, optionsFor) => {
  const open = () => {
    const clock = virtualClock();
    return { clock, cache: createCache({ clock, random: () => 0, ...optionsFor(clock) }) };
  };

  it('touches an entry: it lives on with the ttl that is said, or with its own again', async () => {
    const { clock, cache } = open();
    await cache.set('k', 'value', { ttl: 10 });
    await clock.advance(8_000);
    expect(await cache.touch('k')).toBe(true);
    expect(await cache.ttl('k')).toBeCloseTo(10);
    expect(await cache.touch('k', '1m')).toBe(true);
    await clock.advance(59_000);
    expect(await cache.get('k')).toBe('value');
    expect(await cache.ttl('k')).toBeCloseTo(1);
    await clock.advance(1_000);
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.touch('k')).toBe(false);
    expect(await cache.touch('never there', 5)).toBe(false);
  });

  it('keeps the grace of an entry that was touched, and does not load it anew before its time', async () => {
    const { clock, cache } = open();
    let loads = 0;
    const options = { ttl: 10, grace: 10, refreshAhead: 0.2 };
    const load = (): string => `load ${(loads += 1)}`;
    await cache.get('k', load, options);
    await clock.advance(7_000);
    await cache.touch('k', 20);
    await clock.advance(10_000);
    expect(await cache.get('k', load, options)).toBe('load 1');
    await quiet(clock);
    expect(loads).toBe(1);
    await clock.advance(15_000);
    expect(await cache.get('k', () => Promise.reject(new Error('down')), options)).toBe('load 1');
  });

  it('deletes one or many, and tells which had an entry', async () => {
    const { cache } = open();
    await cache.mset([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    expect([await cache.delete('a'), await cache.delete('a')]).toEqual([true, false]);
    expect(await cache.mdel(['a', 'b', 'c', 'd'])).toBe(2);
    expect(await cache.mget(['a', 'b', 'c'])).toEqual([undefined, undefined, undefined]);
    expect(await cache.mdel([])).toBe(0);
  });

  it('keeps nothing of what a loader declines', async () => {
    const { cache } = open();
    const declined = await cache.get('k', (entry) => {
      entry.skip();
      return 'for those who wait';
    });
    expect(declined).toBe('for those who wait');
    expect(await cache.has('k')).toBe(false);
    expect(cache.stats()).toMatchObject({ loads: 1, declined: 1, fills: 0 });
  });

  it('lets a caller go by his signal, and the load goes on for the others', async () => {
    const { cache } = open();
    const value = Promise.withResolvers<string>();
    const entered = Promise.withResolvers<void>();
    const load = (): Promise<string> => {
      entered.resolve();
      return value.promise;
    };
    const impatient = new AbortController();
    const leaving = cache.get('k', load, { signal: impatient.signal });
    const staying = cache.get('k', load);
    await entered.promise;
    impatient.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'ABORTED' });
    value.resolve('loaded');
    expect(await staying).toBe('loaded');
    for (const call of [
      () => cache.get('other', load, { signal: impatient.signal }),
      () => cache.set('other', 1, { signal: impatient.signal }),
      () => cache.mget(['other'], { signal: impatient.signal }),
      () => cache.delete('other', { signal: impatient.signal }),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'ABORTED' });
    }
  });

  it('tells what happens, to who listens and for as long as he does', async () => {
    const { cache } = open();
    const heard: CacheEvent[] = [];
    const leave = cache.on((event) => heard.push(event));
    await cache.get('k', () => 1, { tags: ['t'] });
    await cache.set('k', 2);
    await cache.delete('k');
    await cache.invalidateByTag('t');
    leave();
    await cache.set('k', 3);
    expect(heard.map(({ type }) => type)).toEqual(['miss', 'load', 'set', 'delete', 'invalidate']);
    expect(heard[0]).toMatchObject({ namespace: 'cache', key: 'k' });
    expect(cache.stats()).toMatchObject({
      misses: 1,
      loads: 1,
      fills: 1,
      sets: 2,
      deletes: 1,
      invalidations: 1,
    });
  });
});

describe('an entry that another process touched', () => {
  it('lives on here too', async () => {
    const { clock, join } = bench();
    const [one, two] = [join(), join()];
    await one.set('k', 'value', { ttl: 10 });
    expect(await two.get('k')).toBe('value');
    await one.touch('k', 60);
    await quiet(clock);
    await clock.advance(30_000);
    expect(await two.get('k')).toBe('value');
    expect(await two.ttl('k')).toBeCloseTo(30);
  });
});

describe('closing', () => {
  it('leaves no timer, and may be repeated', async () => {
    const { clock, join } = bench();
    const cache = join();
    await cache.get('k', () => 1);
    await quiet(clock);
    await cache.close();
    await cache.close();
    await quiet(clock);
    expect(clock.pending).toBe(0);
    expect(cache.stats().localEntries).toBe(0);
  });
});
