import { virtualClock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { Guesses } from '../../src/access/guesses.ts';
import { Tries } from '../../src/access/tries.ts';

function allowed(take: () => void): boolean {
  try {
    take();
    return true;
  } catch {
    return false;
  }
}

test('so many tries in a row, then one for each span of time', async () => {
  const clock = virtualClock();
  const tries = new Tries({ burst: 3, everyMs: 1_000, clock });
  const run = (n: number) => Array.from({ length: n }, () => allowed(() => tries.take('x')));
  expect(run(5)).toEqual([true, true, true, false, false]);
  expect(allowed(() => tries.take('y'))).toBe(true);
  await clock.advance(1_000);
  expect(run(2)).toEqual([true, false]);
  await clock.advance(60_000);
  expect(run(4)).toEqual([true, true, true, false]);
  tries.forget('x');
  expect(run(1)).toEqual([true]);
});

test('who is refused is told how long to wait, and waiting so long is enough', async () => {
  const clock = virtualClock();
  const tries = new Tries({ burst: 1, everyMs: 1_000, clock });
  tries.take('x');
  await clock.advance(400);
  expect(() => tries.take('x')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: 600 }));
  await clock.advance(600);
  expect(allowed(() => tries.take('x'))).toBe(true);
});

test('one address does not lock a handle for all others', () => {
  const guesses = new Guesses(virtualClock());
  for (let i = 0; i < 20; i += 1) allowed(() => guesses.ofPassword('ann', '10.0.0.1'));
  expect(allowed(() => guesses.ofPassword('ann', '10.0.0.1'))).toBe(false);
  expect(allowed(() => guesses.ofPassword('ann', '10.0.0.2'))).toBe(true);
});

test('one address cannot go through many handles', () => {
  const guesses = new Guesses(virtualClock());
  const outcomes = Array.from({ length: 80 }, (_, i) =>
    allowed(() => guesses.ofPassword(`user${i}`, '10.0.0.1')),
  );
  expect(outcomes.filter(Boolean)).toHaveLength(60);
});
