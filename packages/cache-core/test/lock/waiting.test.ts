import { StoreUnavailable } from '@parley/cache-core/kernel';
import { lockSignal, type LockEvent, type LockRequest, type LockStore } from '@parley/cache-core/lock';
import { describe, expect, test } from 'vitest';
import { deafTo, failure, silent, World } from './support.ts';

/** When it settled, by the clock of the world, if it is looked at after so long. */
function settling(world: World, promise: Promise<unknown>): { readonly ms: number | undefined } {
  const begun = world.clock.monotonic();
  const seen: { ms: number | undefined } = { ms: undefined };
  const settled = (): void => {
    seen.ms = world.clock.monotonic() - begun;
  };
  promise.then(settled, settled);
  return seen;
}

/** An ear that hears nothing any more when it is told, until somebody joins again. */
function losing(world: World, acquire: (request: LockRequest) => void = () => undefined) {
  const control = { lose: (): void => undefined };
  const change: Partial<LockStore> = {
    acquire: (request, call) => {
      acquire(request);
      return world.store.acquire(request, call);
    },
    listen: (listener) => {
      const ear = world.store.listen(listener);
      let heard = false;
      control.lose = () => {
        heard = false;
        listener.lost('the connection is gone');
      };
      return {
        ...ear,
        hears: () => heard,
        join: async () => {
          heard = true;
        },
      };
    },
  };
  return { control, change };
}

describe('who waits for a lock', () => {
  test('waits no longer than was said, though listening for turns hangs', async () => {
    const world = new World();
    await world.locks().acquire('job');
    const locks = world.locks(
      { listen: (listener) => ({ ...world.store.listen(listener), hears: () => false, join: silent }) },
      { poll: '10s' },
    );
    const waiting = failure(locks.acquire('job', { wait: '100ms' }));
    const settled = settling(world, waiting);
    await world.clock.advance(1_000);
    expect(settled.ms).toBeLessThanOrEqual(120);
    expect(await waiting).toMatchObject({ code: 'LOCK_CONTENDED' });
    // Nobody knows whether turns could have been heard.
    expect(locks.stats().deaf).toBe(0);
  });

  test('and leaves while listening begins is not taken to be deaf', async () => {
    const world = new World();
    await world.locks().acquire('job');
    const locks = world.locks({
      listen: (listener) => ({ ...world.store.listen(listener), hears: () => false, join: silent }),
    });
    const leaving = new AbortController();
    const waiting = failure(locks.acquire('job', { signal: leaving.signal }));
    await world.clock.advance(10);
    leaving.abort();
    await waiting;
    expect(locks.stats().deaf).toBe(0);
  });

  test('and cannot hear turns is told why', async () => {
    const world = new World();
    const told: LockEvent[] = [];
    const stop = lockSignal.subscribe((event) => told.push(event));
    await world.locks().acquire('job');
    const refused = new StoreUnavailable('no permission to subscribe');
    const locks = world.locks({
      listen: (listener) => ({
        ...world.store.listen(listener),
        hears: () => false,
        join: () => Promise.reject(refused),
      }),
    });
    const waiting = failure(locks.acquire('job', { wait: '100ms' }));
    await world.clock.advance(200);
    await waiting;
    stop();
    expect(told).toContainEqual({ type: 'deaf', error: refused });
  });

  test('gets in line anew when turns were lost, also where somebody else has mended that', async () => {
    const world = new World();
    await world.locks().acquire('job', { lease: '1m' });
    const placed: string[] = [];
    const slow = new Set<string>();
    const { control, change } = losing(world, ({ token, queue }) => {
      if (queue !== undefined) placed.push(token);
    });
    const store: Partial<LockStore> = {
      ...change,
      acquire: async (request, call) => {
        // The answer that it is to get comes when the other one has joined again.
        if (request.queue === undefined && slow.has(request.token)) await world.clock.sleep(20);
        return (change.acquire ?? world.store.acquire)(request, call);
      },
    };
    const locks = world.locks(store, { poll: '10s' });
    const waiting = [failure(locks.acquire('job')), failure(locks.acquire('job'))];
    await world.clock.advance(100);
    expect(new Set(placed).size).toBe(2);
    slow.add(placed[1] ?? '');
    placed.length = 0;
    control.lose();
    await world.clock.advance(100);
    expect(new Set(placed).size).toBe(2);
    await locks.close();
    await Promise.all(waiting);
  });

  test('asks less and less often where nobody knows for how long it is held', async () => {
    const world = new World();
    let asked = 0;
    const locks = world.locks({
      acquire: async () => {
        asked += 1;
        return { state: 'held', forMs: 25 };
      },
    });
    const waiting = failure(locks.acquire('job', { wait: '10s' }));
    await world.clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: 'LOCK_CONTENDED' });
    expect(asked).toBeGreaterThan(30);
    expect(asked).toBeLessThan(50);
  });
});

test('who cannot hear has its turn nevertheless, where somebody always waits', async () => {
  const world = new World();
  const deaf = world.locks({
    listen: (listener) => ({
      ...world.store.listen(listener),
      hears: () => false,
      join: () => Promise.reject(new StoreUnavailable('no permission to subscribe')),
    }),
  });
  const enough = new AbortController();
  const others = [world.locks(), world.locks(), world.locks()].map(async (locks) => {
    while (!enough.signal.aborted) await locks.using('job', () => world.clock.sleep(300), { wait: '1m' });
  });
  await world.clock.advance(50);
  const waiting = deaf.acquire('job', { wait: '20s' });
  const settled = settling(world, waiting);
  await world.clock.advance(20_000);
  expect(settled.ms).toBeLessThan(8_000);
  enough.abort();
  await (await waiting).release();
  await world.clock.advance(5_000);
  await Promise.all(others);
});

describe('several locks', () => {
  test('have one deadline of the store together', async () => {
    const world = new World();
    const locks = world.locks({
      acquire: async (request, call) => {
        await world.clock.sleep(1_500);
        return world.store.acquire(request, call);
      },
      release: silent,
    });
    const taking = failure(locks.acquire(['a', 'b', 'c'], { wait: 0 }));
    const settled = settling(world, taking);
    await world.clock.advance(10_000);
    expect(settled.ms).toBeLessThanOrEqual(2_000);
    expect(await taking).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('closing', () => {
  test('has an end though listening is just being begun, or does not end', async () => {
    const world = new World();
    await world.locks().acquire('job');
    const locks = world.locks({
      listen: (listener) => ({
        ...world.store.listen(listener),
        hears: () => false,
        join: silent,
        close: silent,
      }),
    });
    const waiting = failure(locks.acquire('job'));
    await world.clock.advance(10);
    const settled = settling(world, locks.close({ within: '1s' }));
    await world.clock.advance(10_000);
    expect(settled.ms).toBe(1_000);
    expect(await waiting).toMatchObject({ code: 'CLOSED' });
  });
});

describe('what a store that was away may hold', () => {
  test('is given back by one call at a time while it is away, and all of it when it is back', async () => {
    const world = new World();
    let away = true;
    let released = 0;
    let most = 0;
    let under = 0;
    const lost = deafTo(world.store.acquire);
    const locks = world.locks({
      acquire: (request, call) => (away ? lost(request, call) : world.store.acquire(request, call)),
      release: async (held, call) => {
        released += 1;
        under += 1;
        most = Math.max(most, under);
        await world.clock.sleep(5);
        under -= 1;
        if (away) throw new StoreUnavailable('away');
        return world.store.release(held, call);
      },
    });
    const keys = Array.from({ length: 300 }, (_, i) => `k${i}`);
    await failure(finished(world, locks.tryAcquire('first')));
    await world.clock.advance(100);
    const failed = Promise.all(keys.map((key) => failure(locks.tryAcquire(key))));
    await finished(world, failed);
    released = 0;
    most = 0;
    await world.clock.advance(10_000);
    expect(released).toBeLessThan(30);
    expect(most).toBe(1);
    away = false;
    await world.clock.advance(3_000);
    const others = world.locks();
    for (const key of keys) expect((await others.tryAcquire(key))?.held).toBe(true);
    expect(most).toBeLessThan(40);
  });
});

/** Moves the clock until it has settled. */
async function finished<T>(world: World, promise: Promise<T>): Promise<T> {
  const settled = settling(world, promise);
  while (settled.ms === undefined) await world.clock.advance(10);
  return promise;
}
