import { createCache, type CacheOptions } from '../create-cache.ts';
import type { Cache } from '../cache.ts';
import type { Invalidation } from '../invalidation.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CacheStore } from '../store.ts';

/** What one process has of the backend. */
export interface CacheProcess {
  readonly store: CacheStore;
  readonly invalidation: Invalidation;
}

/** What the author of a store and an invalidation provides to try whole caches on them; every law gets a new one. */
export interface CacheHarness {
  /** Of two processes, or of as many as the backend can have in one. */
  readonly first: CacheProcess;
  readonly second: CacheProcess;
  readonly clock: Clock;
  /** Lets time pass for the backend and for the caches. */
  readonly advance: (ms: number) => Promise<void>;
  readonly toleranceMs: number;
  /** What makes a cache; to show with a broken one that a law can fail. @default createCache */
  readonly create?: ((options: CacheOptions) => Cache) | undefined;
}

/** A store that has to wait for a crowded machine is not away. */
const patience = { storeDeadline: '10s' } as const;

/** Runs with caches of both processes, and closes them. */
export async function withCaches<T>(
  harness: CacheHarness,
  options: CacheOptions,
  run: (one: Cache, two: Cache) => Promise<T>,
): Promise<T> {
  const { create = createCache, clock, first, second } = harness;
  const one = create({ clock, ...patience, ...options, ...first });
  const two = create({ clock, ...patience, ...options, ...second });
  try {
    await until(harness, async () => (await isLive(one)) && (await isLive(two)), 'both caches to be live');
    return await run(one, two);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

async function isLive(cache: Cache): Promise<boolean> {
  return (await cache.health()).checks?.['invalidation']?.status === 'up';
}

/** Waits for a condition, in the time of the harness. */
export async function until(
  harness: CacheHarness,
  check: () => Promise<boolean>,
  what: string,
  limitMs = 10_000,
): Promise<void> {
  const giveUpAt = harness.clock.monotonic() + limitMs;
  while (!(await check())) {
    if (harness.clock.monotonic() >= giveUpAt) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await harness.advance(5);
  }
}

/** The outcome of a promise that needs time to pass. */
export async function inTime<T>(harness: CacheHarness, promise: Promise<T>, what: string): Promise<T> {
  const outcome = { settled: false };
  const over = (): void => {
    outcome.settled = true;
  };
  promise.then(over, over);
  await until(harness, async () => outcome.settled, what);
  return promise;
}

/** A store that counts the calls to it. */
export function counted(store: CacheStore): { readonly store: CacheStore; readonly calls: string[] } {
  const calls: string[] = [];
  const count = <Args extends readonly unknown[], Reply>(name: string, method: (...args: Args) => Reply) => {
    return (...args: Args): Reply => {
      calls.push(name);
      return method(...args);
    };
  };
  return {
    calls,
    store: {
      ...store,
      read: count('read', store.read),
      write: count('write', store.write),
      remove: count('remove', store.remove),
      touch: count('touch', store.touch),
      lease: count('lease', store.lease),
      fill: count('fill', store.fill),
      release: count('release', store.release),
      epochs: count('epochs', store.epochs),
      bump: count('bump', store.bump),
    },
  };
}

/** A loader that waits until it is let go, so that something can happen during the load. */
export function gate(): {
  readonly opened: Promise<void>;
  readonly open: () => void;
  readonly entered: Promise<void>;
  readonly enter: () => void;
} {
  const opened = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  return {
    opened: opened.promise,
    open: () => opened.resolve(),
    entered: entered.promise,
    enter: () => entered.resolve(),
  };
}
