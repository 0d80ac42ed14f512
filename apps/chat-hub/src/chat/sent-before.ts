import { isHubError, type Message } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Tables } from '../database/tables.ts';
import type { Call, Draft } from './chat.ts';
import type { ChatCore } from './core.ts';
import { messageView } from './views.ts';

/**
 * A message whose files are gone by now, and which was sent all the same: before they were. Who was not told so asks again.
 *
 * @throws the failure, where there is none
 */
export async function sentBefore(
  { tables }: ChatCore,
  caller: Caller,
  channelId: string,
  { clientId }: Pick<Draft, 'clientId'>,
  failure: unknown,
  call: Call = {},
): Promise<Message> {
  if (!isHubError(failure) || failure.field !== 'files' || clientId === undefined) throw failure;
  const row = await tables
    .kysely<Tables>()
    .selectFrom('messages')
    .select('id')
    .where('sender_id', '=', caller.userId)
    .where('client_id', '=', clientId)
    .where('channel_id', '=', channelId)
    .executeTakeFirst();
  const message = row && (await messageView(tables, row.id, call));
  if (message === undefined) throw failure;
  return message;
}
