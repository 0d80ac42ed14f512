import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { ImportedMessage } from './records.ts';

/** A message that is not here yet, in the ids of this hub. */
export interface FreshMessage {
  readonly id: string;
  readonly message: ImportedMessage;
  readonly threadId: string | undefined;
  readonly senderId: string;
  readonly replyTo: string | undefined;
  readonly causedBy: string | undefined;
}

/** What happened to messages since they were written. */
export async function completeMessages(
  db: Kysely<Tables>,
  fresh: readonly FreshMessage[],
  userOf: (foreignId: string) => string | undefined,
): Promise<void> {
  for (const { id, message } of fresh) {
    const { editedAt = null, pinnedAt = null } = message;
    if (editedAt === null && pinnedAt === null) continue;
    await db
      .updateTable('messages')
      .set({ edited_at: editedAt, pinned_at: pinnedAt })
      .where('id', '=', id)
      .execute();
  }
  const reactions = fresh.flatMap(({ id, message }) =>
    message.reactions.flatMap(({ emoji, userIds }) =>
      userIds.flatMap((foreignId, i) => {
        const userId = userOf(foreignId);
        // They are shown in the order of their moments.
        return userId === undefined
          ? []
          : [{ message_id: id, emoji, user_id: userId, at: message.timestamp + i }];
      }),
    ),
  );
  for (let from = 0; from < reactions.length; from += atOnce)
    await db
      .insertInto('reactions')
      .values(reactions.slice(from, from + atOnce))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

const atOnce = 1_000;
