import { describe, expect, expectTypeOf, test } from 'vitest';
import { failure, silent, World } from './support.ts';

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
