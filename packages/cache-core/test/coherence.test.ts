import {
  createCache,
  memoryInvalidation,
  type Invalidation,
  type InvalidationListener,
  type InvalidationSubscription,
  type Notice,
} from '@parley/cache-core';
import { describe, expect, it } from 'vitest';
import { bench } from './fixture.ts';

/** An invalidation whose notices can be lost, with or without the subscription knowing. */
function unreliable() {
  const inner = memoryInvalidation();
  const listeners = new Set<InvalidationListener>();
  const control = {
    losing: false,
    /** What subscriptions vouch for at the most, without a word of theirs. */
    vouchedUntil: Infinity,
    state: (state: 'live' | 'suspect') => listeners.forEach((listener) => listener.state(state)),
    invalidation: {
      ...inner,
      publish: async (notice: Notice) => {
        if (!control.losing) await inner.publish(notice);
      },
      subscribe: (listener: InvalidationListener): InvalidationSubscription => {
        listeners.add(listener);
        const subscription = inner.subscribe(listener);
        return {
          ...subscription,
          vouchedUntil: () => Math.min(control.vouchedUntil, subscription.vouchedUntil()),
        };
      },
    } satisfies Invalidation,
  };
  return control;
}

describe('with the subscription cut', () => {
  it('nothing is believed for longer than the staleness bound, neither values nor tags', async () => {
    const { clock, store } = bench();
    const bus = unreliable();
    const options = { clock, store, invalidation: bus.invalidation, stalenessBound: '2s' } as const;
    const [one, two] = [createCache(options), createCache(options)];
    await clock.settle();
    await one.set('a', 'old');
    await one.set('b', 'old', { tags: ['t'] });
    expect(await two.mget(['a', 'b'])).toEqual(['old', 'old']);
    bus.losing = true;
    bus.state('suspect');
    await one.set('a', 'new');
    await one.invalidateByTag('t');
    await clock.advance(2_001);
    expect(await two.get('a')).toBe('new');
    expect(await two.get('b')).toBeUndefined();
    expect((await two.health()).status).toBe('degraded');
  });

  it('nothing older than the bound is believed once the time is over for which it vouched, although nobody said so', async () => {
    const { clock, store } = bench();
    const bus = unreliable();
    const options = { clock, store, invalidation: bus.invalidation, stalenessBound: '2s' } as const;
    const [one, two] = [createCache(options), createCache(options)];
    await clock.settle();
    await one.set('a', 'old');
    await one.set('b', 'old', { tags: ['t'] });
    expect(await two.mget(['a', 'b'])).toEqual(['old', 'old']);
    bus.losing = true;
    await one.set('a', 'new');
    await one.invalidateByTag('t');
    await clock.advance(2_001);
    expect(await two.mget(['a', 'b'])).toEqual(['old', 'old']);
    expect((await two.health()).status).toBe('up');
    // As after a standstill of the event loop: the moment has passed, and no timer had its turn.
    bus.vouchedUntil = clock.monotonic();
    expect(await two.get('a')).toBe('new');
    expect(await two.get('b')).toBeUndefined();
    expect((await two.health()).status).toBe('degraded');
    bus.vouchedUntil = clock.monotonic() + 1;
    expect((await two.health()).status).toBe('up');
  });

  it('everything is asked anew once it is back', async () => {
    const { clock, store } = bench();
    const bus = unreliable();
    const options = { clock, store, invalidation: bus.invalidation, stalenessBound: '1h' } as const;
    const [one, two] = [createCache(options), createCache(options)];
    await clock.settle();
    await one.set('a', 'old', { tags: ['t'] });
    await one.set('b', 'old', { tags: ['t'] });
    expect(await two.mget(['a', 'b'])).toEqual(['old', 'old']);
    bus.losing = true;
    await one.set('a', 'new');
    await one.invalidateByTag('t');
    bus.losing = false;
    bus.state('suspect');
    bus.state('live');
    expect(await two.mget(['a', 'b'])).toEqual(['new', undefined]);
  });
});

describe('without a subscription', () => {
  it('a change by another process is seen within the bound', async () => {
    const { clock, store } = bench();
    const [one, two] = [createCache({ clock, store }), createCache({ clock, store })];
    await one.set('a', 'old', { tags: ['t'] });
    expect(await two.get('a')).toBe('old');
    await one.set('a', 'new', { tags: ['t'] });
    await clock.advance(2_001);
    expect(await two.get('a')).toBe('new');
    await one.invalidateByTag('t');
    await clock.advance(2_001);
    expect(await two.get('a')).toBeUndefined();
  });
});

describe('a guard that the store lost', () => {
  it('makes its entries stale, and does not bring invalidated ones back', async () => {
    const { clock, store, join } = bench();
    const lost = { ...store, epochs: store.epochs };
    const one = join({ store: lost });
    await one.set('a', 'invalidated', { tags: ['t'] });
    await one.invalidateByTag('t');
    // As an eviction would: the record of the tag is gone, and everybody's knowledge of it with a restart.
    lost.epochs = (guards, options) =>
      store.epochs(
        guards.map((guard) => (guard === 't:t' ? 't:anew' : guard)),
        options,
      );
    const two = join({ store: lost });
    await clock.advance(1);
    expect(await two.get('a')).toBeUndefined();
    await two.set('b', 'kept', { tags: ['t'] });
    expect(await two.get('b')).toBe('kept');
    expect(await two.get('a')).toBeUndefined();
  });
});
