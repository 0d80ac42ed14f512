import { StoreFault } from '@parley/cache-core/kernel';
import type { TextRow } from './database.ts';

/** The column as it is; a column that must have a value and has none means that the statement is not ours. */
export function text(row: TextRow, column: number): string {
  const value = row[column];
  if (value === null || value === undefined) {
    throw new StoreFault(`Postgres: column ${column + 1} of an answer has no value`);
  }
  return value;
}

/** A whole number that fits, such as a count or a version. */
export function count(row: TextRow, column: number): number {
  const value = Number(text(row, column));
  if (!Number.isSafeInteger(value)) {
    throw new StoreFault(`Postgres: column ${column + 1} of an answer is no whole number`);
  }
  return value;
}

export function real(row: TextRow, column: number): number {
  const value = Number(text(row, column));
  if (Number.isNaN(value)) throw new StoreFault(`Postgres: column ${column + 1} of an answer is no number`);
  return value;
}

export function flag(row: TextRow, column: number): boolean {
  return text(row, column) === 't';
}
