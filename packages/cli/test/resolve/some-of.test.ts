import { expect, test } from 'vitest';
import { someOf } from '../../src/resolve/some-of.ts';

/** Pages of which some are empty, and what they were asked for. */
function pagesOf(...pages: number[][]) {
  const asked: unknown[] = [];
  const read = async (query: { limit: number; cursor?: string }) => {
    asked.push(query);
    const nth = Number(query.cursor ?? 0);
    return { items: pages[nth] ?? [], next: nth + 1 < pages.length ? String(nth + 1) : null };
  };
  return { asked, read };
}

test('goes on over pages that are not full until there are enough', async () => {
  const { asked, read } = pagesOf([1], [], [2, 3], [4]);
  expect(await someOf(read, 3)).toEqual({ items: [1, 2, 3], next: '3' });
  expect(asked).toEqual([{ limit: 3 }, { limit: 2, cursor: '1' }, { limit: 2, cursor: '2' }]);
});

test('ends where the list ends, and after so many pages', async () => {
  expect(await someOf(pagesOf([1], [2]).read, 3)).toEqual({ items: [1, 2], next: null });
  expect(await someOf(pagesOf([], [], [], [9]).read, 3, 2)).toEqual({ items: [], next: '2' });
});
