import type { Message } from '@parley/hub-protocol';
import { readText } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Call, Done } from './chat.ts';
import type { ChatCore } from './core.ts';
import { changeMessage } from './editing.ts';
import { fromView } from './views.ts';
import { admit, look } from './look.ts';

export async function pin(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  pinned: boolean,
  call: Call = {},
): Promise<Done> {
  const { channelId, seq } = await changeMessage(
    core,
    caller,
    messageId,
    async ({ seen, db, now, tell }, place) => {
      admit(seen, 'message.pin');
      const { numUpdatedRows } = await db
        .updateTable('messages')
        .set({ pinned_at: pinned ? now : null })
        .where('id', '=', messageId)
        .where('pinned_at', pinned ? 'is' : 'is not', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return;
      const of = { channelId: place.channelId, messageId };
      if (pinned) tell({ type: 'channel.message.pin', ...of, pinnedAt: now, pinnedBy: caller.userId });
      else tell({ type: 'channel.message.unpin', ...of });
    },
    call,
  );
  return { channelId, messageId, seq };
}

/** The pinned messages of a channel, the latest pin first. */
export async function readPins(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  call: Call = {},
): Promise<Message[]> {
  admit(await look(core.tables, caller, channelId, call), 'channel.read');
  const { rows } = await core.tables.db.query(core.tables.statement('message_pins'), [channelId], call);
  return rows.map((row) => fromView<Message>(readText(row, 0)));
}
