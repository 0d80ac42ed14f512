import { isParleyError, StoreUnavailable, type Clock } from '@parley/cache-core/kernel';
import {
  createLocks,
  lockSignal,
  memoryLockStore,
  type Lock,
  type LockEvent,
  type LockGroup,
} from '@parley/cache-core/lock';
import { describe, expect, expectTypeOf, test } from 'vitest';
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

describe('holding a lock', () => {
  test('its lease is begun anew for as long as it is held', async () => {
    const world = new World();
    const locks = world.locks();
    const lock = await locks.acquire('job', { lease: '3s' });
    await world.clock.advance(60_000);
    expect(lock.signal.aborted).toBe(false);
    expect(lock.held).toBe(true);
    expect(await world.locks().tryAcquire('job')).toBeUndefined();
    expect(locks.stats().extended).toBeGreaterThanOrEqual(50);
    await lock.release();
    expect((await world.locks().tryAcquire('job'))?.held).toBe(true);
  });

  test('without that, it ends with its lease', async () => {
    const world = new World();
    const lock = await world.locks().acquire('job', { lease: '3s', autoExtend: false });
    await world.clock.advance(2_900);
    expect(lock.held).toBe(true);
    await lock.extend();
    await world.clock.advance(2_900);
    expect(lock.held).toBe(true);
    await world.clock.advance(100);
    expect(lock.signal.aborted).toBe(true);
    expect(await failure(lock.extend())).toMatchObject({ code: 'LOCK_LOST' });
  });

  test.each(['says nothing', 'cannot be reached'])(
    'when the store %s its signal is aborted before anybody else can have it',
    async (how) => {
      const world = new World();
      const gone = (): Promise<never> =>
        how === 'says nothing' ? silent() : Promise.reject(new StoreUnavailable('refused'));
      const locks = world.locks({ extend: gone, release: gone });
      const lock = await locks.acquire('job', { lease: '10s' });
      const waiting = world.locks().acquire('job', { wait: '1m' });
      let overlapped: boolean | undefined;
      void waiting.then(() => (overlapped = !lock.signal.aborted));
      await world.clock.advance(9_800);
      expect(lock.signal.aborted).toBe(false);
      await world.clock.advance(1_000);
      expect(lock.signal.reason).toMatchObject({
        name: 'LockLost',
        code: 'LOCK_LOST',
        retryable: false,
        evidence: { key: 'job', reason: 'unconfirmed', fence: lock.fence, leaseMs: 10_000 },
      });
      await waiting;
      expect(overlapped).toBe(false);
      expect(lock.lost).toBe(lock.signal.reason);
      expect(locks.stats()).toMatchObject({ lost: 1, held: 0 });
    },
  );

  test('when the store comes back in time nothing is lost', async () => {
    const world = new World();
    let away = true;
    const locks = world.locks({
      extend: (...args) =>
        away ? Promise.reject(new StoreUnavailable('refused')) : world.store.extend(...args),
    });
    const lock = await locks.acquire('job', { lease: '10s' });
    await world.clock.advance(9_000);
    away = false;
    await world.clock.advance(60_000);
    expect(lock.held).toBe(true);
    expect(locks.stats().extendFailures).toBeGreaterThan(0);
  });

  test('when the store says that it is not ours its signal is aborted at once', async () => {
    const world = new World();
    const locks = world.locks({ extend: async () => false });
    const lock = await locks.acquire('job', { lease: '9s' });
    await world.clock.advance(3_500);
    expect(lock.signal.reason).toMatchObject({ evidence: { reason: 'taken' } });
    expect(await lock.release()).toBe(false);
  });

  test('a process that stood still knows when it goes on', async () => {
    const world = new World();
    let stoppedFor = 0;
    // Timers fire late where a process is stopped; its clock has gone on.
    const { clock: own } = world;
    const clock: Clock = {
      now: () => own.now(),
      monotonic: () => own.monotonic() + stoppedFor,
      timer: (...args) => own.timer(...args),
      sleep: (...args) => own.sleep(...args),
    };
    const lock = await world.locks({}, { clock }).acquire('job', { lease: '10s' });
    stoppedFor = 20_000;
    expect(lock.held).toBe(false);
    expect(() => lock.requireHeld()).toThrow(/lost/);
    expect(lock.signal.aborted).toBe(true);
  });

  test('what was let go cannot be used', async () => {
    const world = new World();
    const lock = await world.locks().acquire('job');
    await lock.release();
    expect(await failure(lock.extend())).toMatchObject({ code: 'CLOSED' });
    expect(await lock.release()).toBe(true);
    expect(lock.lost).toBeUndefined();
  });
});

describe('several locks', () => {
  test('are taken in one order, so that nobody waits in a circle', async () => {
    const world = new World();
    let both = 0;
    const work = async (keys: readonly string[]): Promise<void> => {
      await world.locks().using(keys, async () => {
        both += 1;
        await world.clock.sleep(10);
      });
    };
    const all = Promise.all([work(['a', 'b']), work(['b', 'a']), work(['c', 'b', 'a']), work(['b', 'c'])]);
    await world.clock.advance(5_000);
    await all;
    expect(both).toBe(4);
  });

  test('are had all or none', async () => {
    const world = new World();
    const [one, two] = [world.locks(), world.locks()];
    await one.acquire('b');
    expect(await two.tryAcquire(['a', 'b', 'c'])).toBeUndefined();
    expect((await one.tryAcquire('a'))?.held).toBe(true);
    expect((await one.tryAcquire('c'))?.held).toBe(true);
    expect(two.stats().held).toBe(0);
  });

  test('have a fence each, and are lost together', async () => {
    const world = new World();
    const lost = new Set<string>();
    const locks = world.locks({
      extend: async (lease, options) => !lost.has(lease.key) && world.store.extend(lease, options),
    });
    await using group = await locks.acquire(['b', 'a', 'b'], { lease: '9s' });
    expect(group.keys).toEqual(['a', 'b']);
    expect(group.fenceOf('b')).toBe(group.fences.get('b'));
    expect(() => group.fenceOf('c')).toThrow(/one of those/);
    await world.clock.advance(20_000);
    expect(group.held).toBe(true);
    lost.add('b');
    await world.clock.advance(4_000);
    expect(group.signal.reason).toMatchObject({ evidence: { key: 'b' } });
    expect(group.held).toBe(false);
    expect(() => group.requireHeld()).toThrow(/"b" was lost/);
  });
});

describe('work under a lock', () => {
  test('gets signal and fence, and lets go however it ends', async () => {
    const world = new World();
    const locks = world.locks();
    const fence = await locks.using('job', (signal, fence) => {
      expect(signal.aborted).toBe(false);
      expect(locks.stats().held).toBe(1);
      return fence;
    });
    expect(fence).toBeGreaterThan(0);
    expectTypeOf(fence).toBeNumber();
    const failed = locks.using('job', () => Promise.reject(new Error('its own')));
    expect(await failure(failed)).toMatchObject({ message: 'its own' });
    expect(locks.stats().held).toBe(0);
    expect((await world.locks().tryAcquire('job'))?.fence).toBeGreaterThan(fence);
  });

  test.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['does not heed its signal', () => Promise.resolve('done')],
    ['stops when it is told to', (signal) => Promise.reject(signal.reason)],
  ])('that %s rejects when the lock was lost meanwhile', async (_, end) => {
    const world = new World();
    const locks = world.locks({ extend: silent });
    const work = locks.using(
      'job',
      async (signal) => {
        await world.clock.sleep(20_000);
        return end(signal);
      },
      { lease: '10s' },
    );
    const failed = failure(work);
    await world.clock.advance(20_000);
    expect(await failed).toMatchObject({ code: 'LOCK_LOST' });
  });

  test('that fails for a reason of its own tells that one', async () => {
    const world = new World();
    const locks = world.locks({ extend: silent });
    const work = locks.using(
      'job',
      async () => {
        await world.clock.sleep(20_000);
        throw new Error('its own');
      },
      { lease: '10s' },
    );
    const failed = failure(work);
    await world.clock.advance(20_000);
    expect(await failed).toMatchObject({ message: 'its own' });
  });

  test('is told when its caller gives up', async () => {
    const world = new World();
    const leaving = new AbortController();
    const work = world.locks().using('job', (signal) => world.clock.sleep(60_000, { signal }), {
      signal: leaving.signal,
    });
    const failed = failure(work);
    await world.clock.advance(10);
    leaving.abort();
    expect(await failed).toMatchObject({ code: 'ABORTED' });
    expect((await world.locks().tryAcquire('job'))?.held).toBe(true);
  });
});

describe('the locks of a process', () => {
  test('when they are closed, what is held is free and nobody waits', async () => {
    const world = new World();
    const [one, two] = [world.locks(), world.locks()];
    const lock = await one.acquire('job');
    const other = await two.acquire('other');
    const waiting = failure(two.acquire('job'));
    await world.clock.advance(10);
    await two.close();
    expect(await waiting).toMatchObject({ code: 'CLOSED' });
    expect(other.held).toBe(false);
    expect(await failure(two.acquire('more'))).toMatchObject({ code: 'CLOSED' });
    expect(await two.health()).toMatchObject({ status: 'down' });
    expect((await one.tryAcquire('other'))?.held).toBe(true);
    await lock.release();
    expect((await one.tryAcquire('job'))?.held).toBe(true);
  });

  test('closing has an end though the store says nothing', async () => {
    const world = new World();
    const locks = world.locks({ release: silent });
    await locks.acquire('job');
    let closed = false;
    void locks.close({ within: '1s' }).then(() => (closed = true));
    await world.clock.advance(1_000);
    expect(closed).toBe(true);
  });

  test('what becomes of them is told', async () => {
    const world = new World();
    const told: LockEvent[] = [];
    const stop = lockSignal.subscribe((event) => told.push(event));
    const [one, two] = [world.locks(), world.locks({ extend: silent })];
    const lock = await one.acquire('told');
    await two.tryAcquire('told');
    await lock.release();
    await two.acquire('told', { lease: '1s' });
    await world.clock.advance(2_000);
    stop();
    expect(told.map(({ type }) => type)).toEqual(['acquired', 'contended', 'released', 'acquired', 'lost']);
  });

  test('say how they are', async () => {
    const world = new World();
    const locks = world.locks();
    await locks.acquire('a');
    expect(await locks.health()).toMatchObject({
      status: 'up',
      details: { held: 1, waiting: 0, lost: 0 },
      checks: { store: { status: 'up' } },
    });
    const silenced = world.locks({ health: silent });
    const health = silenced.health();
    await world.clock.advance(2_000);
    expect(await health).toMatchObject({ status: 'down' });
  });

  test.each<[string, () => unknown, string]>([
    ['an empty key', () => createLocks({ store: memoryLockStore() }).acquire(''), 'key'],
    ['no keys', () => createLocks({ store: memoryLockStore() }).acquire([]), 'keys'],
    ['a short lease', () => createLocks({ store: memoryLockStore(), lease: '10ms' }), 'lease'],
    [
      'a wait without a unit',
      () => createLocks({ store: memoryLockStore() }).acquire('a', { wait: Number.NaN }),
      'wait',
    ],
  ])('refuse %s', async (_, call, field) => {
    const error: unknown = await failure(Promise.resolve().then(call));
    expect(isParleyError(error, 'INVALID_ARGUMENT') && error.field).toBe(field);
  });

  test('one key gives a lock, several a group', () => {
    type Acquire = ReturnType<World['locks']>['acquire'];
    expectTypeOf<Acquire>().toBeCallableWith('a');
    expectTypeOf<Acquire>().toBeCallableWith(['a', 'b'], { wait: '1s' });
    expectTypeOf<Lock['fence']>().toBeNumber();
    expectTypeOf<LockGroup['fences']>().toEqualTypeOf<ReadonlyMap<string, number>>();
  });
});
