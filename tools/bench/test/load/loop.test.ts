import { expect, it } from 'vitest';
import { loop } from '../../src/load/loop.ts';

it('calls with numbers that count up, until the time is over', () => {
  const seen: number[] = [];
  const { calls, elapsedMs } = loop((i) => seen.push(i), 5);
  expect(elapsedMs).toBeGreaterThanOrEqual(5);
  // The first call only looks at what comes back.
  expect(seen).toEqual([0, ...Array.from({ length: calls }, (_, i) => i)]);
});

it('refuses work that only begins and would be counted as done', () => {
  expect(() => loop(() => Promise.resolve(1), 5)).toThrow('must be synchronous');
});

it('ends in time when a single call takes long', () => {
  let now = 0;
  const slow = () => {
    for (const until = performance.now() + 2; now < until;) now = performance.now();
  };
  expect(loop(slow, 1).calls).toBe(16);
});
