import { readCount, readText, type ApplicationTables } from '@parley/runtime';
import { newId } from '../database/ids.ts';

/** Entries of a log that are looked at in one transaction. */
const most = 200;

/**
 * Makes deliveries of what happened in channels since each webhook was looked at last; those go first that were looked at longest ago. The place in
 * the log moves on in the same transaction: each entry makes one delivery, whichever node is at it, and none is missed by one that dies. Answers
 * whether there was anything.
 */
export function captureEvents(tables: ApplicationTables): Promise<boolean> {
  return tables.db.transaction(async (session) => {
    const { rows: behind } = await session.query(tables.statement('webhooks_behind'), []);
    for (const row of behind) {
      const [webhookId, channelId] = [readText(row, 0), readText(row, 1)];
      const wanted = new Set(readText(row, 3).split(' '));
      const { rows } = await session.query(tables.statement('log_read'), [
        channelId,
        readCount(row, 2),
        most,
      ]);
      const entries = rows.map((entry) => ({ seq: readCount(entry, 0), type: typeIn(readText(entry, 3)) }));
      const told = entries.filter(({ type }) => wanted.has(type)).map((entry) => ({ id: newId(), ...entry }));
      // Where a log has nothing any more behind a place, there is nothing to wait for.
      const upTo = entries.at(-1)?.seq ?? readCount(row, 4);
      const params = [webhookId, upTo, JSON.stringify(told)];
      await session.query(tables.statement('delivery_add'), params);
    }
    return behind.length > 0;
  });
}

function typeIn(event: string): string {
  const { type }: { type: string } = JSON.parse(event);
  return type;
}
