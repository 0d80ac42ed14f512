import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom, shuffled } from '../src/random.ts';

it('draws the same numbers for the same seed, all in [0, 1)', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (seed) => {
      const [a, b] = [seededRandom(seed), seededRandom(seed)];
      const numbers = Array.from({ length: 50 }, () => a());
      expect(Array.from({ length: 50 }, () => b())).toEqual(numbers);
      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    }),
  );
});

it('keeps every element exactly once, and leaves the original alone', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(), (items, seed) => {
      const before = [...items];
      const order = shuffled(items, seededRandom(seed));
      expect(order.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
      expect(items).toEqual(before);
    }),
  );
});

it('comes to every order equally often', () => {
  const random = seededRandom(1);
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(['a', 'b', 'c'], random).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(6);
  for (const times of seen.values()) expect(Math.abs(times - 1000)).toBeLessThan(150);
});
