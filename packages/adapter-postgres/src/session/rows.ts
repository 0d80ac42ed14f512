import type {
  CreateVerdict,
  ListedSession,
  SessionFacts,
  StoredSession,
  WriteVerdict,
} from '@parley/cache-core/session';
import { StoreFault } from '@parley/cache-core/kernel';
import type { TextRow } from '../database.ts';
import { count, real, text } from '../rows.ts';

/** Columns of `session_read.sql`. */
export function toStored(row: TextRow): StoredSession {
  return { version: text(row, 0), user: row[1] ?? undefined, data: text(row, 2), ...toFacts(row, 3) };
}

/** Columns of `session_list.sql`. */
export const toListed = (row: TextRow): ListedSession => ({ id: text(row, 0), ...toFacts(row, 1) });

function toFacts(row: TextRow, from: number): SessionFacts {
  return {
    address: row[from] ?? undefined,
    userAgent: row[from + 1] ?? undefined,
    createdAt: count(row, from + 2),
    seenAt: count(row, from + 3),
    seenForMs: Math.max(0, real(row, from + 4)),
    endsInMs: Math.max(0, real(row, from + 5)),
  };
}

/** Undefined: to be asked again. */
export function toCreated([row = []]: readonly TextRow[]): CreateVerdict | undefined {
  const [word] = row;
  if (word === 'created' || word === 'taken' || word === 'ended') return word;
  if (word === null) return undefined;
  throw new StoreFault('Postgres: the beginning of a session has no verdict');
}

/** Undefined: to be asked again. */
export function toVerdict([row = []]: readonly TextRow[]): WriteVerdict | undefined {
  const [word] = row;
  if (word === 'done' || word === 'conflict' || word === 'gone') return word;
  if (word === null) return undefined;
  throw new StoreFault('Postgres: a change of a session has no verdict');
}
