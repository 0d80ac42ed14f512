import type { Appended, Diff } from '@parley/presence';
import { StoreFault } from '@parley/cache-core/kernel';
import type { TextRow } from '../database.ts';
import { count, real, text } from '../rows.ts';

/** What one call has put into the logs, by channel. */
export class Told {
  readonly #channels = new Map<string, { readonly epoch: string; readonly diffs: Diff[] }>();

  get appended(): Appended[] {
    return Array.from(this.#channels, ([channel, about]) => ({ channel, ...about }));
  }

  add(channel: string, epoch: string, diff: Diff): void {
    const about = this.#channels.get(channel) ?? { epoch, diffs: [] };
    this.#channels.set(channel, about);
    about.diffs.push(diff);
  }
}

/** Columns from the given one on: event, place, moment, rank, value, ms until it ends. */
export function toDiff(user: string, row: TextRow, from: number): Diff {
  return {
    event: eventOf(text(row, from)),
    offset: count(row, from + 1),
    at: count(row, from + 2),
    user,
    rank: count(row, from + 3),
    value: text(row, from + 4),
    ...endOf(row, from + 5),
  };
}

export function endOf(row: TextRow, column: number): { readonly endsInMs?: number } {
  return row[column] === null ? {} : { endsInMs: real(row, column) };
}

function eventOf(word: string): Diff['event'] {
  if (word === 'join' || word === 'update' || word === 'leave') return word;
  throw new StoreFault('Postgres: a diff tells of nothing that can happen');
}
