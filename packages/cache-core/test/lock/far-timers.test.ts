import { virtualClock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { FarTimers } from '../../src/lock/far-timers.ts';

function world() {
  const clock = virtualClock();
  const fired: string[] = [];
  const timers = new FarTimers(clock);
  const set = (name: string, ms: number) => timers.timer(ms, () => void fired.push(name));
  return { clock, fired, set };
}

test.each([1, 499, 500, 501, 999, 1_000, 1_001, 1_499, 2_000, 10_037])(
  'what is due in %d ms comes then, and no sooner',
  async (ms) => {
    const { clock, fired, set } = world();
    // Somebody else has been looked after for a while.
    set('other', 60_000);
    await clock.advance(333);
    set('it', ms);
    await clock.advance(ms - 1);
    expect(fired).toEqual([]);
    await clock.advance(1);
    expect(fired).toEqual(['it']);
  },
);

test('what is cancelled never comes, near or far, and nothing is looked after any more', async () => {
  const { clock, fired, set } = world();
  const [far, near] = [set('far', 5_000), set('near', 1_200)];
  await clock.advance(600);
  near.cancel();
  far.cancel();
  far.cancel();
  await clock.advance(10_000);
  expect([fired, clock.pending]).toEqual([[], 0]);
});
