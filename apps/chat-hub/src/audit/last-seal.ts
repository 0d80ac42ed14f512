import type { AuditHead } from '@parley/hub-protocol';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

/** The end of the chain; undefined: nothing was sealed yet. */
export async function lastSeal(kysely: Kysely<Tables>): Promise<AuditHead | undefined> {
  const last = await kysely
    .selectFrom('audit_seals')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? undefined : { seq: Number(last.seq), hash: last.hash };
}
