import { createHash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

/**
 * The id that something from elsewhere has here: the same each time, so that a repeated import meets what is there. Where the moment stands in other
 * ids, it is that of an early day, so that they come before all that are made here.
 */
export function idOf(source: string, what: string, foreignId: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([source, what, foreignId]))
    .digest('hex');
  const variant = (8 + (Number.parseInt(hash.slice(15, 16), 16) % 4)).toString(16);
  return `0000${hash.slice(0, 4)}-${hash.slice(8, 12)}-7${hash.slice(12, 15)}-${variant}${hash.slice(16, 19)}-${hash.slice(19, 31)}`;
}

/** What became of things from elsewhere. */
export async function imported(
  db: Kysely<Tables>,
  source: string,
  kind: 'user' | 'channel',
  foreignIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (foreignIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('imported')
    .select(['foreign_id', 'id'])
    .where('source', '=', source)
    .where('kind', '=', kind)
    // As one value: of reactions there may be more than a statement has places for.
    .where(sql<boolean>`foreign_id = any(${[...new Set(foreignIds)]}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.foreign_id, row.id]));
}
