import { createCache, memoryCacheStore, type CacheOptions } from '@parley/cache-core';
import { isParleyError, listenerErrors, virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';

describe('the memory tier', () => {
  it('keeps as many entries as it may, and lets go of what was used least recently', async () => {
    const cache = createCache({ local: { maxEntries: 3 } });
    for (const key of ['a', 'b', 'c']) await cache.set(key, key);
    await cache.get('a');
    await cache.set('d', 'd');
    expect(await cache.mget(['a', 'b', 'c', 'd'])).toEqual(['a', undefined, 'c', 'd']);
    expect(cache.stats()).toMatchObject({ localEntries: 3, evictions: 1 });
  });

  it('keeps as many bytes as it may, whatever their entries are like', async () => {
    const maxBytes = 100_000;
    const cache = createCache({ local: { maxBytes } });
    for (let i = 0; i < 2_000; i++) {
      const text = 'x'.repeat((i * 7_919) % 3_000);
      await cache.set(`k${i}`, i % 2 === 0 ? text : { text, i });
      expect(cache.stats().localBytes).toBeLessThanOrEqual(maxBytes);
    }
    const { localEntries, localBytes } = cache.stats();
    expect(localBytes).toBeGreaterThan(maxBytes * 0.9);
    expect(localEntries).toBeLessThan(200);
    await cache.set('larger than all', 'x'.repeat(maxBytes));
    expect(await cache.get('larger than all')).toBeUndefined();
  });

  it('has bounds of its own for a namespace, and may be left out', async () => {
    const cache = createCache({ store: memoryCacheStore(), local: { maxEntries: 2 } });
    const small = cache.namespace('small', { local: { maxEntries: 1 } });
    const none = cache.namespace('none', { local: false });
    for (const key of ['a', 'b', 'c']) {
      for (const part of [cache, small, none]) await part.set(key, key);
    }
    expect(cache.stats().localEntries).toBe(3);
    expect((await none.entry('c'))?.source).toBe('store');
    expect((await small.entry('c'))?.source).toBe('local');
  });
});

describe('values leave it', () => {
  const open = async (options: CacheOptions) => {
    const cache = createCache(options);
    const given = { list: [1] };
    await cache.set('k', given);
    return { cache, given };
  };

  it('frozen all the way down, so that a mutation is an error where it happens', async () => {
    const { cache } = await open({ handOut: 'frozen' });
    const value = await cache.get<{ list: number[] }>('k');
    expect(() => value?.list.push(2)).toThrow(TypeError);
  });

  it('shared, at no cost', async () => {
    const { cache, given } = await open({ handOut: 'shared' });
    expect(await cache.get('k')).toBe(given);
  });

  it.each<[string, CacheOptions]>([
    ['in memory', {}],
    ['over a store', { store: memoryCacheStore() }],
    ['over a store alone', { store: memoryCacheStore(), local: false }],
  ])('cloned, so that nobody changes what another one gets: %s', async (_, options) => {
    const { cache, given } = await open({ ...options, handOut: 'cloned' });
    given.list.push(2);
    const load = (): { list: number[] } => ({ list: [1] });
    const ways: (() => Promise<{ list: number[] } | undefined>)[] = [
      () => cache.get('k'),
      async () => (await cache.mget<{ list: number[] }>(['k']))[0],
      async () => (await cache.entry<{ list: number[] }>('k'))?.value,
      () => cache.get('loaded', load),
      async () => (await cache.getMany('loaded together'.split(' '), (keys) => keys.map(load)))[0],
    ];
    for (const way of [...ways, ...ways]) {
      const value = await way();
      expect(value).toEqual({ list: [1] });
      value?.list.push(3);
    }
    const together = await Promise.all([1, 2].map(() => cache.get('at once', load)));
    expect(together[0]).not.toBe(together[1]);
  });
});

describe('a policy from outside', () => {
  it('decides whether, for how long and under which tags an entry is kept, and hears what happens', async () => {
    const clock = virtualClock();
    const heard: string[] = [];
    const cache = createCache({
      clock,
      policies: [
        {
          name: 'drafts are not kept, pages are brief',
          decide: ({ key }) =>
            key.startsWith('draft:') ? { keep: false } : { ttl: 10, tags: [`kind:${key.split(':')[0]}`] },
          observe: ({ type }) => heard.push(type),
        },
        {
          name: 'broken',
          decide: () => {
            throw new Error('of the policy');
          },
        },
        { name: 'longer', decide: ({ ttlMs }) => ({ ttl: ttlMs / 500 }) },
      ],
    });
    expect(await cache.get('draft:1', () => 'text')).toBe('text');
    expect(await cache.has('draft:1')).toBe(false);
    await cache.set('page:1', 'text', { ttl: '1h' });
    expect(await cache.ttl('page:1')).toBe(20);
    await cache.invalidateByTag('kind:page');
    expect(await cache.has('page:1')).toBe(false);
    expect(heard).toEqual(expect.arrayContaining(['miss', 'load', 'set', 'invalidate']));
  });

  it.each([
    ['ttl', { ttl: Number.NaN, tags: ['lost'] }],
    ['ttl', { ttl: -1 }],
    ['tags[1]', { ttl: 10, tags: ['lost', ''] }],
  ])(
    'that decides what cannot be carried out decides nothing, and it and the field are told: %s',
    async (field, decision) => {
      const told: string[] = [];
      const stop = listenerErrors.subscribe(({ listener, error }) => {
        told.push(`${listener}: ${isParleyError(error, 'INVALID_ARGUMENT') ? error.field : String(error)}`);
      });
      const clock = virtualClock();
      const cache = createCache({ clock, policies: [{ name: 'hasty', decide: () => decision }] });
      await cache.set('set', 'text', { ttl: '1h', tags: ['kept'] });
      expect(await cache.get('loaded', () => 'text', { ttl: '1h' })).toBe('text');
      stop();
      expect(await Promise.all([cache.ttl('set'), cache.ttl('loaded')])).toEqual([3600, 3600]);
      await cache.invalidateByTag('lost');
      expect(await cache.has('set')).toBe(true);
      await cache.invalidateByTag('kept');
      expect(await cache.has('set')).toBe(false);
      const expected = `policy hasty: policies.hasty.${field}`;
      expect(told).toEqual([expected, expected]);
    },
  );
});
