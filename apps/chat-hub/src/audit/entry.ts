import type { AuditEntry } from '@parley/hub-protocol';
import type { Selectable } from 'kysely';
import type { AuditTable } from '../database/tables.ts';

/** A row as it is told and sealed. */
export function entryOf(row: Selectable<AuditTable>): AuditEntry {
  return {
    id: row.id,
    at: Number(row.at),
    action: row.action,
    actorId: row.actor_id,
    via: row.via,
    address: row.address,
    subjectId: row.subject_id,
    channelId: row.channel_id,
    details: { ...row.details },
  };
}
