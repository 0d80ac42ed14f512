import { HubError, type HubEvent, type Message } from '@parley/hub-protocol';
import {
  readCount,
  readText,
  uuidArray,
  type ApplicationTables,
  type Param,
  type TextRow,
} from '@parley/runtime';
import type { Caller } from '../../src/access/caller.ts';
import type { Draft } from '../../src/chat/chat.ts';
import { newId } from '../../src/database/ids.ts';
import type { Feed, LogEntry } from '../../src/live/feed.ts';
import type { SocketChat } from '../../src/socket/services.ts';

/** What is done to channels, besides what sockets ask for. */
export interface TestChat extends SocketChat {
  readonly create: (kind: 'public' | 'private', members: readonly string[]) => Promise<string>;
  readonly join: (channelId: string, userId: string) => Promise<number>;
  readonly leave: (channelId: string, userId: string, reason?: 'left' | 'kicked') => Promise<number>;
  /** Adds an event to the log; `quiet`: as if this node had died before it told anybody. */
  readonly add: (channelId: string, actorId: string, event: HubEvent, quiet?: 'quiet') => Promise<number>;
  readonly say: (channelId: string, actorId: string, content: string, quiet?: 'quiet') => Promise<Message>;
  readonly reads: () => number;
}

/** A small chat on the real tables: a log with its numbers, members, and what sockets need to know of them. */
export function createTestChat(tables: ApplicationTables, feed: Feed): TestChat {
  const { db, schema } = tables;
  let reads = 0;
  const ask = async (text: string, params: readonly Param[] = []): Promise<readonly TextRow[]> =>
    (await db.query({ text: text.replaceAll('hub.', `${schema}.`) }, params)).rows;

  const add = async (
    channelId: string,
    actorId: string,
    event: HubEvent | ((seq: number) => HubEvent),
    quiet?: 'quiet',
    also: readonly (readonly [string, readonly Param[]])[] = [],
  ): Promise<number> => {
    const entry = await db.transaction(async (session): Promise<LogEntry> => {
      const on = async (text: string, params: readonly Param[]): Promise<readonly TextRow[]> =>
        (await session.query({ text: text.replaceAll('hub.', `${schema}.`) }, params)).rows;
      const [row = []] = await on(
        'update hub.channels set last_seq = last_seq + 1 where id = $1 returning last_seq',
        [channelId],
      );
      const seq = readCount(row, 0);
      const told = typeof event === 'function' ? event(seq) : event;
      const at = Date.now();
      await on('insert into hub.changes (channel_id, seq, actor_id, at, event) values ($1, $2, $3, $4, $5)', [
        channelId,
        seq,
        actorId,
        at,
        JSON.stringify(told),
      ]);
      for (const [text, params] of also) await on(text, params);
      return { seq, at, actorId, type: told.type, event: JSON.stringify(told), userId: aboutOf(told) };
    });
    if (quiet === undefined) feed.committed(channelId, [entry]);
    return entry.seq;
  };

  const change = async (
    channelId: string,
    userId: string,
    event: HubEvent,
    statement: string,
  ): Promise<number> => {
    const seq = await add(channelId, userId, event, undefined, [
      [statement, [channelId, userId]],
      ['update hub.users set rev = rev + 1 where id = $1', [userId]],
    ]);
    feed.accessChanged(userId);
    return seq;
  };

  const join = (channelId: string, userId: string): Promise<number> =>
    change(
      channelId,
      userId,
      {
        type: 'channel.member.join',
        channelId,
        member: { channelId, userId, role: 'member', joinedAt: 1, invitedBy: null },
      },
      `insert into hub.members (channel_id, user_id, role, joined_at, last_read_seq, read_count) values ($1, $2, 'member', 1, 0, 0)`,
    );

  const say = async (
    channelId: string,
    senderId: string,
    draft: Draft,
    quiet?: 'quiet',
  ): Promise<Message> => {
    const id = newId();
    let message: Message | undefined;
    await add(
      channelId,
      senderId,
      (seq) => {
        message = messageOf(id, channelId, seq, senderId, draft);
        return { type: 'channel.message', channelId, message };
      },
      quiet,
    );
    if (message === undefined) throw new Error('the message was not added');
    return message;
  };

  const requireMember = async ({ userId }: Caller, channelId: string): Promise<void> => {
    const rows = await ask('select 1 from hub.members where channel_id = $1 and user_id = $2', [
      channelId,
      userId,
    ]);
    if (rows.length === 0) throw noChannel();
  };

  return {
    async create(kind, members) {
      const channelId = newId();
      await ask('insert into hub.channels (id, kind, created_at) values ($1, $2, 1)', [channelId, kind]);
      for (const userId of members) await join(channelId, userId);
      return channelId;
    },
    join,
    leave: (channelId, userId, reason = 'left') =>
      change(
        channelId,
        userId,
        { type: 'channel.member.leave', channelId, userId, reason },
        'delete from hub.members where channel_id = $1 and user_id = $2',
      ),
    add,
    say: (channelId, senderId, content, quiet) => say(channelId, senderId, { content }, quiet),
    reads: () => reads,
    messages: {
      async send(caller, channelId, draft) {
        await requireMember(caller, channelId);
        return say(channelId, caller.userId, draft);
      },
      append: async () => undefined,
      finish: async () => refuse(),
      edit: async () => refuse(),
      delete: async (_, messageId) => ({ channelId: newId(), messageId, seq: 7 }),
      react: async () => refuse(),
      pin: async () => refuse(),
    },
    readings: { mark: async () => refuse() },
    logs: {
      async joined(userId) {
        const rows = await ask(
          'select c.id, c.last_seq from hub.members as m join hub.channels as c on c.id = m.channel_id where m.user_id = $1',
          [userId],
        );
        return new Map(rows.map((row) => [readText(row, 0), readCount(row, 1)]));
      },
      async head({ userId }, channelId) {
        const rows = await ask(
          `select c.last_seq from hub.channels as c where c.id = $1 and
            (c.kind = 'public' or exists (select from hub.members as m where m.channel_id = c.id and m.user_id = $2))`,
          [channelId, userId],
        );
        const [row] = rows;
        if (row === undefined) throw noChannel();
        return readCount(row, 0);
      },
      async heads(channelIds) {
        const rows = await ask('select id, last_seq from hub.channels where id = any($1)', [
          uuidArray(channelIds),
        ]);
        return new Map(rows.map((row) => [readText(row, 0), readCount(row, 1)]));
      },
      async read(channelId, after, limit) {
        reads += 1;
        const { rows } = await db.query(tables.statement('log_read'), [channelId, after, limit]);
        return rows.map((row) => entryIn(row));
      },
    },
  };
}

function entryIn(row: TextRow): LogEntry {
  const event = readText(row, 3);
  // Only such events are written here.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const told = JSON.parse(event) as HubEvent;
  return {
    seq: readCount(row, 0),
    at: readCount(row, 1),
    actorId: row[2] ?? null,
    type: told.type,
    event,
    userId: aboutOf(told),
  };
}

function aboutOf(event: HubEvent): string | undefined {
  if (event.type === 'channel.member.join') return event.member.userId;
  return event.type === 'channel.member.leave' ? event.userId : undefined;
}

function messageOf(id: string, channelId: string, seq: number, senderId: string, draft: Draft): Message {
  const { content, clientId = null } = draft;
  return {
    ...{ id, channelId, seq, senderId, content, clientId, kind: 'message', timestamp: Date.now() },
    ...{ threadId: null, replyTo: null, mentions: { users: [], roles: [], here: false }, reactions: [] },
    ...{ editedAt: null, deletedAt: null, pinnedAt: null, thread: null, turnId: null, causedBy: null },
    ...{ streaming: 'none', model: null, data: null },
  };
}

function noChannel(): HubError {
  return new HubError('NOT_FOUND', 'there is no such channel, or not for you', { field: 'channelId' });
}

function refuse(): never {
  throw new HubError('FORBIDDEN', 'not in this test');
}
