import { firstSeal, sealOf } from '@parley/hub-protocol';
import type { ApplicationTables } from '@parley/runtime';
import type { Tables } from '../database/tables.ts';
import { entryOf } from './entry.ts';
import { lastSeal } from './last-seal.ts';

/** One transaction seals so many, so that it is short. */
const most = 200;

/**
 * Seals entries that wait for it. Answers how many were done: less than `most`, and none is left that can be. One that is sealed already waits no
 * more; one that is gone waits for ever, so that it is told. Of two that seal at the same moment, the primary key of
 * the chain lets one through, and the other one's transaction comes to nothing.
 */
export async function sealBatch(tables: ApplicationTables, signal: AbortSignal): Promise<number> {
  return tables.db.transaction(
    async (session) => {
      const kysely = tables.kysely<Tables>(session);
      const waiting = await kysely
        .selectFrom('audit_unsealed')
        .innerJoin('audit', 'audit.id', 'audit_unsealed.entry_id')
        .leftJoin('audit_seals', 'audit_seals.entry_id', 'audit.id')
        .selectAll('audit')
        .select('audit_seals.seq')
        .orderBy('audit_unsealed.entry_id')
        .limit(most)
        .execute();
      if (waiting.length === 0) return 0;
      let { seq, hash } = (await lastSeal(kysely)) ?? { seq: 0, hash: firstSeal };
      const seals: { seq: number; entry_id: string; hash: string }[] = [];
      for (const { seq: sealed, ...row } of waiting) {
        if (sealed !== null) continue;
        seq += 1;
        hash = await sealOf(hash, seq, entryOf(row));
        seals.push({ seq, entry_id: row.id, hash });
      }
      if (seals.length > 0) await kysely.insertInto('audit_seals').values(seals).execute();
      const ids = waiting.map(({ id }) => id);
      await kysely.deleteFrom('audit_unsealed').where('entry_id', 'in', ids).execute();
      return waiting.length;
    },
    { signal },
  );
}

export const isFull = (sealed: number): boolean => sealed === most;
