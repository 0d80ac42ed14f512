import { expect, it } from 'vitest';
import { Book } from '../../src/generator/book.ts';

function bookOf(start: number, seqs: readonly number[]): Book {
  const book = new Book(start);
  for (const seq of seqs) book.take(seq);
  return book;
}

it('what comes once and in order is without blame', () => {
  expect(bookOf(4, [5, 6, 7]).totals(7)).toEqual({
    delivered: 3,
    lost: 0,
    doubled: 0,
    disordered: 0,
    told: 0,
  });
});

it('a number that never comes is lost, in the middle and at the end', () => {
  expect(bookOf(0, [1, 2, 5]).totals(8)).toMatchObject({ delivered: 3, lost: 5 });
});

it('a number that comes again is doubled, wherever it was', () => {
  expect(bookOf(0, [1, 2, 2, 3, 1]).totals(3)).toMatchObject({ delivered: 3, doubled: 2, lost: 0 });
  // Behind where it began, too: it was told that it has this.
  expect(bookOf(3, [3, 4]).totals(4)).toMatchObject({ doubled: 1 });
});

it('a number that comes behind a later one is out of order, and not lost', () => {
  const book = bookOf(0, [1, 4, 3]);
  expect(book.totals(4)).toMatchObject({ delivered: 3, lost: 1, disordered: 1, doubled: 0 });
  expect(book.take(3)).toBe(false);
  expect(book.totals(4)).toMatchObject({ doubled: 1 });
  book.take(2);
  expect(book.totals(4)).toMatchObject({ lost: 0, disordered: 2 });
});

it('what the hub says that it passes over is told, and not lost', () => {
  const book = bookOf(0, [1, 2]);
  book.resync(9);
  book.take(10);
  expect(book.totals(10)).toEqual({ delivered: 3, lost: 0, doubled: 0, disordered: 0, told: 7 });
});
