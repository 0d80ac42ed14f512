import type { Position } from '@parley/bus';
import type { TextRow } from '../database.ts';
import { count, text } from '../rows.ts';

/** Epoch and offset, from the given column on. */
export function toPosition(row: TextRow, column: number): Position {
  return { epoch: text(row, column), offset: count(row, column + 1) };
}

/** Earlier epochs of a log: its own part of the epoch is the same in all of them, the histories are other ones. */
export function toLineage(epoch: string, histories: string): Position[] {
  const own = epoch.slice(0, epoch.indexOf('.'));
  return histories
    .split(' ')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [history, offset] = entry.split(':', 2);
      return { epoch: `${own}.${history}`, offset: Number(offset) };
    });
}
