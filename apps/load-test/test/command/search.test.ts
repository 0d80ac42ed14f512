import { expect, it } from 'vitest';
import { searchRate } from '../../src/command/search.ts';

async function search(most: number, from: number) {
  const tried: number[] = [];
  const found = await searchRate({
    from,
    holds: async (rate) => {
      tried.push(rate);
      return rate <= most;
    },
  });
  return { ...found, tried };
}

it.each([
  [1_370, 1_000],
  [1_370, 100],
  [1_370, 20_000],
  [7, 1_000],
])('what holds up to %i is found from %i within a tenth', async (most, from) => {
  const { rate = 0, tried } = await search(most, from);
  expect(rate).toBeLessThanOrEqual(most);
  expect(rate).toBeGreaterThanOrEqual(Math.floor(most * 0.9));
  expect(tried.length).toBeLessThanOrEqual(12);
});

it('nothing is found where nothing holds, and it comes to an end where everything does', async () => {
  expect((await search(0, 8)).rate).toBeUndefined();
  const { rate, tried } = await search(Infinity, 1);
  expect(rate).toBe(2 ** 11);
  expect(tried).toHaveLength(12);
});
