import { StoreUnavailable, type Clock } from '@parley/cache-core/kernel';
import { describe, expect, test } from 'vitest';
import { failure, silent, World } from './support.ts';

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

  test.each([true, false])(
    'a machine that slept knows when it goes on, though its timers slept as well (extended: %s)',
    async (autoExtend) => {
      const world = new World();
      const lock = await world.locks().acquire('job', { lease: '30s', autoExtend });
      const { signal } = lock;
      await world.clock.advance(5_000);
      world.clock.shiftWall(300_000);
      expect(lock.held).toBe(false);
      await world.clock.advance(1_000);
      expect(signal.reason).toMatchObject({ code: 'LOCK_LOST', evidence: { reason: 'unconfirmed' } });
      expect(() => lock.requireHeld()).toThrow(/lost/);
    },
  );

  test('a machine that slept for less than the lease begins it anew at once, or tells of its end in time', async () => {
    const world = new World();
    const locks = world.locks();
    const kept = await locks.acquire('kept', { lease: '30s' });
    const left = await locks.acquire('left', { lease: '30s', autoExtend: false });
    const { signal } = left;
    world.clock.shiftWall(20_000);
    await world.clock.advance(1_100);
    expect(kept.remainingMs).toBeGreaterThan(29_000);
    expect(signal.aborted).toBe(false);
    await world.clock.advance(9_000);
    expect(signal.aborted).toBe(true);
    expect(kept.held).toBe(true);
  });

  test('a clock that is set back takes and gives nothing', async () => {
    const world = new World();
    const lock = await world.locks().acquire('job', { lease: '10s', autoExtend: false });
    const before = lock.remainingMs;
    world.clock.shiftWall(-3_600_000);
    expect(lock.remainingMs).toBe(before);
    await world.clock.advance(10_000);
    expect(lock.held).toBe(false);
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
