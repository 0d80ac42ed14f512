import { expect, test } from 'vitest';
import { seededRandom } from '../src/random.ts';

const draw = (seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: 20 }, () => random.between(1, 1_000_000));
};

test('a seed repeats itself, another one differs', () => {
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('the sequence is the same on every machine', () => {
  expect(draw(1).slice(0, 3)).toMatchInlineSnapshot(`
    [
      627074,
      2736,
      527448,
    ]
  `);
});

test('all choices come up, both ends included, about equally often', () => {
  const random = seededRandom(3);
  const counts = new Map<number, number>();
  for (let drawn = 0; drawn < 6000; drawn += 1) {
    const value = random.between(1, 6);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('a fork does not disturb what it was forked from', () => {
  const [one, two] = [seededRandom(5), seededRandom(5)];
  const fork = one.fork();
  two.fork();
  for (let drawn = 0; drawn < 10; drawn += 1) fork.next();
  expect(one.next()).toBe(two.next());
});

test('pick and chance follow the seed', () => {
  const random = seededRandom(11);
  expect(random.pick(['only'])).toBe('only');
  expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
});

test('a seed that is no whole number is refused', () => {
  expect(() => seededRandom(0.5)).toThrow('seed');
});
