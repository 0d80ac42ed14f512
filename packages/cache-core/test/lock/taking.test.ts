import { StoreUnavailable } from '@parley/cache-core/kernel';
import type { LockRequest, LockStore } from '@parley/cache-core/lock';
import { describe, expect, test } from 'vitest';
import { deafTo, failure, silent, World } from './support.ts';

describe('taking a lock', () => {
  test('excludes others until it is let go', async () => {
    const world = new World();
    const [one, two] = [world.locks(), world.locks()];
    const lock = await one.acquire('job');
    expect(lock.held).toBe(true);
    expect(await two.tryAcquire('job')).toBeUndefined();
    expect(await lock.release()).toBe(true);
    expect(lock.held).toBe(false);
    const next = await two.tryAcquire('job');
    expect(next?.fence).toBeGreaterThan(lock.fence);
  });

  test('gives up when the wait is over, and says so', async () => {
    const world = new World();
    const [one, two] = [world.locks(), world.locks()];
    await one.acquire('job');
    const gaveUp = failure(two.acquire('job', { wait: '3s' }));
    await world.clock.advance(3_000);
    expect(await gaveUp).toMatchObject({
      name: 'LockContended',
      code: 'LOCK_CONTENDED',
      retryable: true,
      evidence: { key: 'job', waitedMs: 3_000, store: 'memory' },
    });
    expect(two.stats()).toMatchObject({ contended: 1, waiting: 0, held: 0 });
  });

  test('comes in the order of asking', async () => {
    const world = new World();
    const order: number[] = [];
    const first = await world.locks().acquire('job');
    const waiters = Array.from({ length: 5 }, async (_, i) => {
      const lock = await world.locks().acquire('job');
      order.push(i);
      await lock.release();
    });
    await world.clock.advance(10);
    await first.release();
    await Promise.all(waiters);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test('is handed on at once among those who wait in one process, too', async () => {
    const world = new World();
    const locks = world.locks();
    const first = await locks.acquire('job');
    const begun = world.clock.monotonic();
    const waiters = Array.from({ length: 4 }, async () => {
      const lock = await locks.acquire('job');
      await lock.release();
      return world.clock.monotonic() - begun;
    });
    await world.clock.advance(10);
    await first.release();
    await world.clock.advance(100);
    expect(Math.max(...(await Promise.all(waiters)))).toBeLessThan(100);
  });

  test('is not held up by who left the queue', async () => {
    const world = new World();
    const [one, two] = [world.locks(), world.locks()];
    const lock = await one.acquire('job');
    const leaving = new AbortController();
    const left = failure(two.acquire('job', { signal: leaving.signal }));
    const waiting = world.locks().acquire('job');
    await world.clock.advance(10);
    leaving.abort(new Error('enough'));
    expect(await left).toMatchObject({ code: 'ABORTED' });
    await lock.release();
    expect((await waiting).held).toBe(true);
    expect(two.stats()).toMatchObject({ waiting: 0, held: 0 });
  });

  test('a turn that nobody here waits for any more goes on to the next', async () => {
    const world = new World();
    // The word that it has left does not arrive.
    let words = 0;
    const leaver = world.locks({
      release: (...args) => ((words += 1) === 1 ? silent() : world.store.release(...args)),
    });
    const lock = await world.locks().acquire('job');
    const leaving = new AbortController();
    const left = failure(leaver.acquire('job', { signal: leaving.signal }));
    await world.clock.advance(10);
    const waiting = world.locks({}, { poll: '1h' }).acquire('job', { wait: '20s' });
    await world.clock.advance(10);
    leaving.abort();
    await left;
    await lock.release();
    expect((await waiting).held).toBe(true);
    expect(words).toBe(2);
  });

  test('a word of a turn that comes when the lock is had already takes it from nobody', async () => {
    const world = new World();
    const late: (() => void)[] = [];
    const waiter = world.locks({
      listen: (listener) =>
        world.store.listen({ ...listener, turn: (...turn) => late.push(() => listener.turn(...turn)) }),
    });
    const first = await world.locks().acquire('job');
    const waiting = waiter.acquire('job');
    await world.clock.advance(10);
    await first.release();
    // It asks by itself before it hears.
    await world.clock.advance(1_000);
    const lock = await waiting;
    expect(late).toHaveLength(1);
    late[0]?.();
    await world.clock.advance(10);
    expect(await world.locks().tryAcquire('job')).toBeUndefined();
    expect(await lock.release()).toBe(true);
  });

  test('where turns are not heard, it is asked now and then', async () => {
    const world = new World();
    const lock = await world.locks().acquire('job');
    const deaf = world.locks({
      listen: (listener) => ({
        ...world.store.listen(listener),
        hears: () => false,
        join: () => Promise.reject(new StoreUnavailable('no connection')),
      }),
    });
    const waiting = deaf.acquire('job');
    await world.clock.advance(100);
    await lock.release();
    await world.clock.advance(1_500);
    expect((await waiting).held).toBe(true);
    expect(deaf.stats()).toMatchObject({ turns: 0 });
    expect(deaf.stats().deaf).toBeGreaterThan(0);
  });

  test('a lease that ends without a word is taken over at once', async () => {
    const world = new World();
    await world.store.acquire({ key: 'job', token: 'crashed', leaseMs: 700 });
    const waiting = world.locks().acquire('job');
    await world.clock.advance(730);
    expect((await waiting).held).toBe(true);
  });
});

describe('a reply that is lost', () => {
  test('of taking it: asking again has it, once', async () => {
    const world = new World();
    const locks = world.locks({ acquire: deafTo(world.store.acquire, 1) });
    const taking = locks.tryAcquire('job');
    await world.clock.advance(100);
    const lock = await taking;
    expect(lock?.held).toBe(true);
    expect(locks.stats()).toMatchObject({ acquired: 1, storeFailures: 1, held: 1 });
    expect(await lock?.release()).toBe(true);
  });

  test('again and again: nothing stays locked', async () => {
    const world = new World();
    const locks = world.locks({ acquire: deafTo(world.store.acquire) });
    const taking = failure(locks.acquire('job', { wait: '1s' }));
    await world.clock.advance(4_000);
    expect(await taking).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect((await world.locks().tryAcquire('job'))?.held).toBe(true);
  });

  test.each([300, 3_000, 8_000])(
    'of taking it, which is carried out %i ms after it was taken back: it is taken back again',
    async (lateMs) => {
      const world = new World();
      const { acquire } = world.store;
      const sent: LockRequest[] = [];
      const hung: LockStore['acquire'] = (request) => {
        sent.push(request);
        return silent();
      };
      const locks = world.locks({ acquire: hung }, { storeDeadline: '1s' });
      const taking = failure(locks.tryAcquire('job', { lease: '60s' }));
      await world.clock.advance(1_200);
      expect(await taking).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await world.clock.advance(lateMs);
      for (const request of sent) await acquire(request);
      await world.clock.advance(10_000);
      expect((await world.locks().tryAcquire('job'))?.held).toBe(true);
    },
  );

  test('of taking it, which is carried out when the lock was had and let go: it is taken back', async () => {
    const world = new World();
    const { acquire } = world.store;
    const sent: LockRequest[] = [];
    const locks = world.locks({
      acquire: async (request) => {
        if (sent.push(request) === 1) throw new StoreUnavailable('the connection was cut');
        return acquire(request);
      },
    });
    const taking = locks.acquire('job', { lease: '60s' });
    await world.clock.advance(100);
    expect(await (await taking).release()).toBe(true);
    const [first] = sent;
    if (first === undefined) throw new Error('nothing was sent');
    await acquire(first);
    expect(await world.locks().tryAcquire('job')).toBeUndefined();
    await world.clock.advance(1_000);
    expect((await world.locks().tryAcquire('job'))?.held).toBe(true);
  });

  test('of letting it go: it is free, and said again', async () => {
    const world = new World();
    const locks = world.locks({ release: deafTo(world.store.release, 1) });
    const lock = await locks.acquire('job');
    expect(await lock.release()).toBe(true);
    expect((await world.locks().tryAcquire('job'))?.held).toBe(true);
  });

  test('a grant that comes when its lease may be over is none', async () => {
    const world = new World();
    const slow = world.locks(
      {
        acquire: async (...args) => {
          const reply = await world.store.acquire(...args);
          await world.clock.sleep(1_000);
          return reply;
        },
      },
      { storeDeadline: '5s' },
    );
    const taking = failure(slow.tryAcquire('job', { lease: '1s' }));
    await world.clock.advance(10_000);
    expect(await taking).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await world.locks().tryAcquire('job'))?.held).toBe(true);
  });
});
