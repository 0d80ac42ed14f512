import type { Caller } from '../access/caller.ts';
import type { Tables } from '../database/tables.ts';
import type { Call } from './chat.ts';
import type { ChatCore } from './core.ts';
import { hideChannel } from './editing.ts';
import { admit, look } from './look.ts';
import { readPlace } from './places.ts';

/** Whether somebody hears of replies to a message. Who takes part does, until they say otherwise. */
export async function isFollowing(core: ChatCore, userId: string, rootId: string): Promise<boolean> {
  const row = await core.tables
    .kysely<Tables>()
    .selectFrom('thread_follows')
    .select('following')
    .where('root_id', '=', rootId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.following ?? false;
}

export async function follow(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  following: boolean,
  call: Call = {},
): Promise<void> {
  const { channelId, threadId } = await readPlace(core.tables, messageId, call);
  admit(await hideChannel(look(core.tables, caller, channelId, call), messageId), 'thread.follow');
  const rootId = threadId ?? messageId;
  await core.tables
    .kysely<Tables>()
    .insertInto('thread_follows')
    .columns(['root_id', 'user_id', 'following', 'read_count'])
    .expression((eb) =>
      eb
        .selectFrom('messages')
        .leftJoin('threads', 'threads.root_id', 'messages.id')
        .select((on) => [
          'messages.id',
          on.val(caller.userId).as('user_id'),
          on.val(following).as('following'),
          on.fn.coalesce('threads.replies', on.lit(0)).as('read_count'),
        ])
        .where('messages.id', '=', rootId),
    )
    .onConflict((conflict) => conflict.columns(['root_id', 'user_id']).doUpdateSet({ following }))
    .execute();
}
