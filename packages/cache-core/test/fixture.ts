import { createCache, memoryCacheStore, memoryInvalidation } from '@parley/cache-core';
import type { Cache, CacheOptions, CacheStore } from '@parley/cache-core';
import { StoreUnavailable, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';

export interface Bench {
  readonly clock: VirtualClock;
  readonly store: CacheStore;
  /** Another cache over the same store and invalidation, as another process has it. */
  readonly join: (options?: CacheOptions) => Cache;
}

/** A store and an invalidation that several caches share, in virtual time. */
export function bench(): Bench {
  const clock = virtualClock();
  const memory = memoryCacheStore({ clock });
  const store = { ...memory, capabilities: { ...memory.capabilities, shared: true } };
  const invalidation = memoryInvalidation();
  return {
    clock,
    store,
    join: (options) => createCache({ clock, store, invalidation, random: () => 0, ...options }),
  };
}

/** A store that can be taken away: refused at once, or never answering. */
export function breakable(store: CacheStore): {
  readonly store: CacheStore;
  is: 'up' | 'refused' | 'hung';
  calls: number;
} {
  const guard = <Args extends readonly unknown[], Reply>(method: (...args: Args) => Promise<Reply>) => {
    return (...args: Args): Promise<Reply> => {
      control.calls += 1;
      if (control.is === 'up') return method(...args);
      if (control.is === 'refused') return Promise.reject(new StoreUnavailable('refused'));
      return new Promise(() => {});
    };
  };
  const control: ReturnType<typeof breakable> = {
    is: 'up',
    calls: 0,
    store: {
      ...store,
      read: guard(store.read),
      write: guard(store.write),
      remove: guard(store.remove),
      touch: guard(store.touch),
      lease: guard(store.lease),
      fill: guard(store.fill),
      release: guard(store.release),
      epochs: guard(store.epochs),
      bump: guard(store.bump),
    },
  };
  return control;
}

/** Until everything is over that needs turns of the event loop and no time. */
export async function quiet(clock: VirtualClock): Promise<void> {
  for (let turns = 0; turns < 30; turns++) await clock.settle();
}

/** The outcome of a promise, with the clock moving until it has settled; and how long that took. */
export async function inTime<T>(
  clock: VirtualClock,
  promise: Promise<T>,
  limitMs = 60_000,
): Promise<{ value: T; tookMs: number }> {
  const startedAt = clock.monotonic();
  const outcome = { settled: false };
  const over = (): void => {
    outcome.settled = true;
  };
  promise.then(over, over);
  // What needs no time may need many turns of the event loop, for each batch at least one.
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 20 && !outcome.settled; turns++) await clock.settle();
  };
  await settle();
  while (!outcome.settled) {
    if (clock.monotonic() - startedAt > limitMs) throw new Error(`nothing settled within ${limitMs} ms`);
    await clock.advance(1);
    await settle();
  }
  return { value: await promise, tookMs: clock.monotonic() - startedAt };
}
