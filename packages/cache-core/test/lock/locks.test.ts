import { isParleyError } from '@parley/cache-core/kernel';
import {
  createLocks,
  lockSignal,
  memoryLockStore,
  type Lock,
  type LockEvent,
  type LockGroup,
} from '@parley/cache-core/lock';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { failure, silent, World } from './support.ts';

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

  test('when they are closed, work that goes on under one is told before anybody else can have it', async () => {
    const world = new World();
    const [one, two] = [world.locks(), world.locks()];
    const story: string[] = [];
    const work = failure(
      one.using('job', async (signal) => {
        signal.addEventListener('abort', () => story.push(String(signal.reason)));
        await world.clock.sleep(5_000);
      }),
    );
    const next = two.acquire('job').then(({ held }) => story.push(`held by another: ${held}`));
    await world.clock.advance(10);
    await one.close();
    await world.clock.advance(10);
    await next;
    expect(story).toEqual([
      'LockLost: The lock "job" was lost: these locks were closed',
      'held by another: true',
    ]);
    await world.clock.advance(5_000);
    expect(await work).toMatchObject({ code: 'LOCK_LOST', evidence: { key: 'job', reason: 'closed' } });
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
