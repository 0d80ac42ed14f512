import { sql, type Kysely } from 'kysely';
import type { Caller } from '../access/caller.ts';
import type { ChatCore } from '../chat/core.ts';
import { look } from '../chat/look.ts';
import type { Tables } from '../database/tables.ts';
import { completeMessages, type FreshMessage } from './complete-messages.ts';
import { idOf, imported } from './ids-of.ts';
import { handlesIn } from './handles-in.ts';
import { messageRow } from './message-row.ts';
import type { ImportedMessage } from './records.ts';

export interface MessagesImported {
  readonly added: number;
  readonly known: number;
  /** By their place among those that were given. */
  readonly refused: ReadonlyMap<number, string>;
}

/**
 * Adds messages of one channel behind those that are there, with the moments at which they were written, in one transaction. Nobody is told of each, and
 * nobody mentioned: whoever looks finds them, as read.
 */
export async function importMessages(
  core: ChatCore,
  caller: Caller,
  source: string,
  messages: readonly ImportedMessage[],
): Promise<MessagesImported> {
  const { tables } = core;
  const foreign = messages[0]?.channelId ?? '';
  const channelId = (await imported(tables.kysely<Tables>(), source, 'channel', [foreign])).get(foreign);
  if (channelId === undefined) {
    const reason = `its channel ${foreign} was not imported`;
    return { added: 0, known: 0, refused: new Map(messages.map((_, nth) => [nth, reason])) };
  }
  return tables.db.transaction(async (session) => {
    const seen = await look(tables, caller, channelId, { on: session, lock: true });
    const db = tables.kysely<Tables>(session);
    const own = (foreignId: string): string => idOf(source, 'message', foreignId);
    const { userOf, handleOf } = await people(db, source, messages);
    const there = await thereOf(
      db,
      messages.flatMap(({ id, threadId }) => [own(id), ...(threadId ? [own(threadId)] : [])]),
    );
    const refused = new Map<number, string>();
    const fresh: FreshMessage[] = [];
    let known = 0;
    for (const [nth, message] of messages.entries()) {
      const id = own(message.id);
      const root = message.threadId ? there.get(own(message.threadId)) : undefined;
      const senderId = userOf(message.senderId);
      const same = there.get(id);
      if (same?.channelId === channelId) known += 1;
      else if (same !== undefined) refused.set(nth, 'it is in another channel already');
      else if (senderId === undefined) refused.set(nth, `its sender ${message.senderId} was not imported`);
      else if (message.threadId && root?.channelId !== channelId)
        refused.set(nth, `the message ${message.threadId}, in whose thread it is, was not imported before`);
      else if (message.content === '' && message.files.length === 0) refused.set(nth, 'it says nothing');
      else {
        // A thread has no threads in it.
        const threadId = root === undefined ? undefined : (root.threadId ?? root.id);
        there.set(id, { id, channelId, threadId: threadId ?? null });
        const replyTo = message.replyTo ? own(message.replyTo) : undefined;
        const causedBy = message.causedBy ? own(message.causedBy) : undefined;
        fresh.push({ id, message, threadId, senderId, replyTo, causedBy });
      }
    }
    if (fresh.length > 0) {
      await beginThreads(db, channelId, fresh);
      const now = core.clock.now();
      const rows = JSON.stringify(fresh.map((one, nth) => messageRow(one, { nth, now, handleOf })));
      const { count } = await session.query(tables.statement('log_append'), [channelId, seen.rev, rows]);
      if (count !== fresh.length) throw new Error('what was imported has no place in the log');
      await completeMessages(db, fresh, userOf);
      await session.query(tables.statement('import_read'), [channelId]);
    }
    return { added: fresh.length, known, refused };
  });
}

interface People {
  readonly userOf: (foreignId: string) => string | undefined;
  /** Who has a handle here. */
  readonly handleOf: (handle: string) => string | undefined;
}

async function people(
  db: Kysely<Tables>,
  source: string,
  messages: readonly ImportedMessage[],
): Promise<People> {
  const foreign = messages.flatMap(({ senderId, reactions }) => [
    senderId,
    ...reactions.flatMap(({ userIds }) => userIds),
  ]);
  const users = await imported(db, source, 'user', foreign);
  const handles = [...new Set(messages.flatMap(({ content }) => handlesIn(content)))];
  const rows =
    handles.length === 0
      ? []
      : await db
          .selectFrom('users')
          .select(['id', 'handle'])
          .where(sql<boolean>`handle = any(${handles}::text[])`)
          .execute();
  const byHandle = new Map(rows.map(({ id, handle }) => [handle, id]));
  return { userOf: (id) => users.get(id), handleOf: (handle) => byHandle.get(handle) };
}

interface There {
  readonly id: string;
  readonly channelId: string;
  readonly threadId: string | null;
}

async function thereOf(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, There>> {
  const rows = await db
    .selectFrom('messages')
    .select(['id', 'channel_id as channelId', 'thread_id as threadId'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function beginThreads(
  db: Kysely<Tables>,
  channelId: string,
  fresh: readonly FreshMessage[],
): Promise<void> {
  const roots = new Map(
    fresh.flatMap(({ threadId, senderId, message }) =>
      threadId === undefined ? [] : [[threadId, { senderId, at: message.timestamp }] as const],
    ),
  );
  if (roots.size === 0) return;
  await db
    .insertInto('threads')
    .values(
      [...roots].map(([root_id, { senderId, at }]) => ({
        root_id,
        channel_id: channelId,
        created_by: senderId,
        created_at: at,
        replies: 0,
      })),
    )
    .onConflict((conflict) => conflict.column('root_id').doNothing())
    .execute();
}
