import type { Caller } from '../access/caller.ts';
import type { Call } from './chat.ts';
import { changeChannel } from './change.ts';
import type { ChatCore } from './core.ts';
import { admit } from './look.ts';

/** Makes the thread under a message, when this is its first reply. Whoever wrote the message follows it. */
export async function ensureThread(
  core: ChatCore,
  caller: Caller,
  channelId: string,
  rootId: string,
  call: Call = {},
): Promise<void> {
  // Once made it never goes, in one history of the database.
  const name = `${core.epoch()} ${rootId}`;
  if (core.threads.has(name)) return;
  await changeChannel(
    core,
    caller,
    channelId,
    async ({ seen, db, now, tell }) => {
      admit(seen, 'message.send');
      const made = await db
        .insertInto('threads')
        .values({
          root_id: rootId,
          channel_id: channelId,
          replies: 0,
          created_by: caller.userId,
          created_at: now,
        })
        .onConflict((conflict) => conflict.column('root_id').doNothing())
        .executeTakeFirst();
      if (made.numInsertedOrUpdatedRows === 0n) return;
      await db
        .insertInto('thread_follows')
        .columns(['root_id', 'user_id', 'following', 'read_count', 'skipped'])
        .expression((eb) =>
          eb
            .selectFrom('messages')
            .select((on) => [
              'id',
              on.ref('sender_id').$notNull().as('user_id'),
              on.lit(true).as('following'),
              on.lit(0).as('read_count'),
              on.lit(0).as('skipped'),
            ])
            .where('id', '=', rootId)
            .where('sender_id', 'is not', null),
        )
        .execute();
      tell({
        type: 'thread.create',
        channelId,
        threadId: rootId,
        thread: { replies: 0, lastReplyAt: null, participants: [] },
      });
    },
    call,
  );
  core.threads.set(name, true);
}
