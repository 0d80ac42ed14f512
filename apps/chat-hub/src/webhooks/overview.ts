import type { WebhookEntry } from '@parley/hub-protocol';
import { readCount, readText, type ApplicationTables } from '@parley/runtime';
import type { Call } from '../chat/chat.ts';

export interface OverviewQuery {
  /** The id of the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/**
 * The webhooks of all channels. That the caller may is made sure of before. Who runs the workspace learns where data goes to, also out of channels
 * that they do not read.
 */
export async function webhookOverview(
  tables: ApplicationTables,
  { before, limit }: OverviewQuery,
  { signal }: Call = {},
): Promise<WebhookEntry[]> {
  const { rows } = await tables.db.query(tables.statement('webhook_overview'), [before ?? null, limit], {
    signal,
  });
  return rows.map((row) => {
    const url = row[5] ?? null;
    return {
      id: readText(row, 0),
      channelId: readText(row, 1),
      way: readText(row, 2) === 'in' ? 'in' : 'out',
      name: readText(row, 3),
      userId: row[4] ?? null,
      origin: url === null ? null : new URL(url).origin,
      createdBy: readText(row, 6),
      createdAt: readCount(row, 7),
    };
  });
}
