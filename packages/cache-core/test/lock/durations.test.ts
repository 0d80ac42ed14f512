import { isParleyError, type Duration } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { failure, World } from './support.ts';

test.each([
  [0.5, 500],
  [1.9, 1_900],
  ['0.5s', 500],
  ['1.9s', 1_900],
] as const)(
  'a lease of %s lasts exactly so long, and its holder is sure of it for a little less',
  async (lease, leaseMs) => {
    const world = new World();
    const [one, two] = [world.locks(), world.locks()];
    const lock = await one.acquire('job', { lease, autoExtend: false });
    expect(lock.remainingMs).toBeLessThan(leaseMs);
    expect(lock.remainingMs).toBeGreaterThanOrEqual(leaseMs * 0.98);
    await world.clock.advance(leaseMs - 1);
    expect([lock.held, await two.tryAcquire('job')]).toEqual([false, undefined]);
    await world.clock.advance(1);
    expect((await two.tryAcquire('job'))?.fence).toBeGreaterThan(lock.fence);
  },
);

test.each([
  [0.5, 500],
  [1.9, 1_900],
] as const)('a wait of %s lasts exactly so long', async (wait, waitMs) => {
  const world = new World();
  const [one, two] = [world.locks(), world.locks()];
  await one.acquire('job');
  let over: unknown;
  void failure(two.acquire('job', { wait })).then((error) => (over = error));
  await world.clock.advance(waitMs - 1);
  expect(over).toBeUndefined();
  await world.clock.advance(1);
  expect(over).toMatchObject({ code: 'LOCK_CONTENDED' });
});

// What comes out of a file has no types.
const wrong: readonly unknown[] = [-1, Number.NaN, Infinity, Number.MAX_VALUE, '5', 'soon', {}];

test.each(wrong)('a duration of %j is refused by the name of its field', async (value) => {
  const locks = new World().locks();
  for (const field of ['lease', 'wait']) {
    const call: { readonly lease?: Duration; readonly wait?: Duration } = { [field]: value };
    const error = await failure(Promise.resolve().then(() => locks.acquire('job', call)));
    expect(isParleyError(error, 'INVALID_ARGUMENT') && error.field).toBe(field);
  }
  expect(locks.stats()).toMatchObject({ held: 0, waiting: 0 });
});

test.each([0, 0.01])('a lease of %d s, which no store could keep, is refused', async (lease) => {
  const locks = new World().locks();
  const error = await failure(Promise.resolve().then(() => locks.acquire('job', { lease })));
  expect(isParleyError(error, 'INVALID_ARGUMENT') && error.field).toBe('lease');
});
