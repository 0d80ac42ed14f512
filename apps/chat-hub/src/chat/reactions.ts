import { HubError, limits } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Call, Done } from './chat.ts';
import type { ChatCore } from './core.ts';
import { changeMessage } from './editing.ts';
import { admit } from './look.ts';

/** Adds or takes back a reaction. They are sets: doing it again changes nothing and tells nothing. */
export async function react(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  { emoji, present }: { readonly emoji: string; readonly present: boolean },
  call: Call = {},
): Promise<Done> {
  const { userId } = caller;
  const { channelId, seq } = await changeMessage(
    core,
    caller,
    messageId,
    async ({ seen, db, now, tell }, place) => {
      admit(seen, 'message.react');
      if (!present) {
        const { numDeletedRows } = await db
          .deleteFrom('reactions')
          .where('message_id', '=', messageId)
          .where('emoji', '=', emoji)
          .where('user_id', '=', userId)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return;
      } else {
        const mine = await db
          .selectFrom('reactions')
          .select('emoji')
          .where('message_id', '=', messageId)
          .where('user_id', '=', userId)
          .execute();
        if (mine.some((one) => one.emoji === emoji)) return;
        if (mine.length >= limits.reactionsPerAuthor) {
          throw new HubError(
            'LIMIT_REACHED',
            `one may react to a message in ${limits.reactionsPerAuthor} ways`,
          );
        }
        await db
          .insertInto('reactions')
          .values({ message_id: messageId, emoji, user_id: userId, at: now })
          .execute();
      }
      const type = present ? 'channel.reaction.add' : 'channel.reaction.remove';
      tell({ type, channelId: place.channelId, messageId, emoji, userId });
    },
    call,
  );
  return { channelId, messageId, seq };
}
