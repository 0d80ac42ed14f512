import { markAt } from '../generator/content.ts';
import type { HubApi } from '../target/hub-api.ts';

export interface LogMessage {
  readonly id: string;
  readonly seq: number;
  /** Of the run; 0: it is none. */
  readonly number: number;
}

interface Page {
  readonly items: readonly { readonly id: string; readonly seq: number; readonly content: string }[];
  readonly newer: boolean;
}

const perPage = 200;

/** The messages of a channel behind a number, as the hub has them, up to another number. */
export async function readLog(
  api: HubApi,
  { channelId, marker, after, to = Infinity }: ReadLogOptions,
): Promise<LogMessage[]> {
  const found: LogMessage[] = [];
  for (let from = after; from < to;) {
    const query = `after=${from}&limit=${perPage}`;
    const { items, newer } = await api.ask<Page>('GET', `/channels/${channelId}/messages?${query}`);
    for (const { id, seq, content } of items) {
      const at = content.indexOf(marker);
      found.push({ id, seq, number: at === -1 ? 0 : markAt(content, at + marker.length).number });
      from = Math.max(from, seq);
    }
    if (!newer) break;
  }
  return found.filter(({ seq }) => seq <= to);
}

export interface ReadLogOptions {
  readonly channelId: string;
  readonly marker: string;
  readonly after: number;
  /** @default its end */
  readonly to?: number;
}
