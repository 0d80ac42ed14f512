import { readText, type ApplicationTables } from '@parley/runtime';
import { noteAudit } from '../audit/note.ts';
import type { Tables } from '../database/tables.ts';

/** For how long it can be read what was told. */
const keptMs = 30 * 24 * 3_600_000;
/** So many are looked at in one statement. */
const full = 1_000;

export interface SweepOptions {
  readonly tables: ApplicationTables;
  /** How long something waits at the most. */
  readonly waitMs: number;
  readonly isClosed: () => boolean;
}

/** Gives up what has waited for too long, ends webhooks whose maker is nobody there any more, and forgets what is old. */
export async function sweepWebhooks({ tables, waitMs, isClosed }: SweepOptions): Promise<void> {
  await endFallen(tables);
  const all = async (statement: string, params: readonly number[]): Promise<void> => {
    for (let count = full; count >= full && !isClosed();)
      count = (await tables.db.query(tables.statement(statement), params)).count;
  };
  await all('deliveries_expired', [waitMs]);
  await all('deliveries_orphaned', []);
  await all('webhooks_swept', []);
  await all('deliveries_swept', [keptMs]);
}

/** Whoever may not have an address told any more does not by one that they made before. */
async function endFallen(tables: ApplicationTables): Promise<void> {
  await tables.db.transaction(async (session) => {
    const { rows } = await session.query(tables.statement('webhooks_fallen'), []);
    const kysely = tables.kysely<Tables>(session);
    for (const row of rows) {
      const [subjectId, channelId] = [readText(row, 0), readText(row, 1)];
      const details = { createdBy: readText(row, 2), reason: 'rights' };
      await noteAudit(kysely, { action: 'webhook.delete', actor: null, subjectId, channelId, details });
    }
  });
}
