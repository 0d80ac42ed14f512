import { limits, type Message } from '@parley/hub-protocol';
import { readText } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Call } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit, look } from './look.ts';
import { fromView } from './views.ts';

export interface TurnRequest extends Call {
  /** The number of the last one that is known already. @default from the first on */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** What one turn of an agent is made of: its thoughts, actions and messages in a channel and its threads, in order. */
export async function readTurn(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  turnId: string,
  { after = 0, limit = limits.pageDefault, signal }: TurnRequest = {},
): Promise<Message[]> {
  const { tables } = core;
  admit(await look(tables, caller, channelId, { signal }), 'channel.read');
  const { rows } = await tables.db.query(tables.statement('turn_page'), [channelId, turnId, after, limit], {
    signal,
  });
  return rows.map((row) => fromView<Message>(readText(row, 0)));
}
