import { HubError, type Edit } from '@parley/hub-protocol';
import { readText, uuidArray } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { noteAudit } from '../audit/note.ts';
import type { Tables } from '../database/tables.ts';
import { changeChannel, type Change } from './change.ts';
import type { Call, Done, Draft, Written } from './chat.ts';
import type { ChatCore } from './core.ts';
import { tellDeleted, tellEdit } from './cutting.ts';
import { admit, look, lookAtStream } from './look.ts';
import { mentionedBy, mentionsOf } from './mentioning.ts';
import { readPlace, type Place } from './places.ts';
import { noMessage } from './refusals.ts';
import { rosterWithin } from './roster.ts';
import { messageView, must } from './views.ts';

/** Does something to a message in its channel, which the caller may see. */
export async function changeMessage<T>(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  work: (change: Change, place: Place) => Promise<T>,
  call: Call = {},
): Promise<{ readonly value: T; readonly seq: number | undefined; readonly channelId: string }> {
  const { channelId } = await readPlace(core.tables, messageId, call);
  const changed = changeChannel(
    core,
    caller,
    channelId,
    async (change) => {
      const place = await readPlace(core.tables, messageId, { ...call, on: change.session });
      if (place.deleted) throw new HubError('GONE', 'the message is deleted');
      return work(change, place);
    },
    call,
  );
  return { ...(await hideChannel(changed, messageId)), channelId };
}

/** To who may not see its channel, a message is as unknown as one that never was. */
export async function hideChannel<T>(work: Promise<T>, messageId: string): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof HubError && error.field === 'channelId' ? noMessage(messageId) : error;
  });
}

export async function editMessage(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  content: string,
  call: Call = {},
): Promise<Written> {
  const { value: message, seq = message.seq } = await changeMessage(
    core,
    caller,
    messageId,
    async ({ seen, session, now, tell }, place) => {
      admit(seen, 'message.edit');
      requireOwn(place, caller);
      if (place.streaming === 'open')
        throw new HubError('CONFLICT', 'the message is being streamed: what it says comes with its end');
      const roster = await rosterWithin(core, session, place.channelId, call);
      const mentions = JSON.stringify(mentionsOf(place.kind, content, roster));
      const { rows } = await session.query(core.tables.statement('message_edited'), [
        messageId,
        content,
        mentions,
        caller.userId,
        now,
      ]);
      const message = must(await messageView(core.tables, messageId, { on: session }), 'a message');
      if (rows.length > 0) tellEdit(tell, message);
      return message;
    },
    call,
  );
  return { message, seq };
}

export async function finishMessage(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  { content, model, data }: Pick<Draft, 'content' | 'model' | 'data'>,
  call: Call = {},
): Promise<Written> {
  const { value: message, seq = message.seq } = await changeMessage(
    core,
    caller,
    messageId,
    async ({ seen, session, now, tell }, place) => {
      admit(seen, 'message.send');
      requireOwn(place, caller);
      const roster = await rosterWithin(core, session, place.channelId, call);
      const mentions = mentionsOf(place.kind, content, roster);
      const { rows } = await session.query(core.tables.statement('message_finished'), [
        messageId,
        content,
        JSON.stringify(mentions),
        model ?? null,
        data === undefined ? null : JSON.stringify(data),
        uuidArray(mentionedBy(mentions, roster, caller.userId)),
        caller.userId,
        now,
      ]);
      const message = must(await messageView(core.tables, messageId, { on: session }), 'a message');
      if (rows.length > 0) tellEdit(tell, message);
      else if (message.content !== content || message.streaming === 'none') {
        throw new HubError('CONFLICT', 'the message is not being streamed');
      }
      return message;
    },
    call,
  );
  core.streams.forget(messageId);
  return { message, seq };
}

function requireOwn({ senderId }: Place, caller: Caller): void {
  if (senderId !== caller.userId) throw new HubError('FORBIDDEN', 'only who sent a message may change it');
}

export async function deleteMessage(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  call: Call = {},
): Promise<Done> {
  const { channelId, seq } = await changeMessage(
    core,
    caller,
    messageId,
    async (change, place) => {
      const { seen, session, db, now } = change;
      const isOwn = place.senderId === caller.userId;
      admit(seen, isOwn ? 'message.delete' : 'message.delete.any');
      if (!isOwn) {
        const about = {
          subjectId: messageId,
          channelId: place.channelId,
          details: { senderId: place.senderId },
        };
        await noteAudit(db, { action: 'message.remove', actor: caller, ...about });
      }
      const { rows } = await session.query(core.tables.statement('message_deleted'), [messageId, now]);
      await session.query(core.tables.statement('file_released'), [messageId, now]);
      const threadId = rows.map((row) => readText(row, 0))[0] ?? '';
      await tellDeleted(core, change, { channelId: place.channelId, id: messageId, threadId });
    },
    call,
  );
  core.streams.forget(messageId);
  return { channelId, messageId, seq };
}

/** More text of a message that is being streamed, for those who look on: the whole is kept when it ends. None says that its author lives. */
export async function appendToMessage(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  { offset, text }: { readonly offset: number; readonly text: string },
  call: Call = {},
): Promise<void> {
  const known = core.streams.placeOf(messageId);
  const place = known ?? (await readPlace(core.tables, messageId, call));
  // Asked each time: who was removed in the middle of a text says no more of it.
  const { seen, open } = await hideChannel(lookAtStream(core.tables, caller, place, call), messageId);
  admit(seen, 'message.send');
  if (place.senderId !== caller.userId)
    throw new HubError('FORBIDDEN', 'only who sent a message may stream it');
  if (!open) {
    core.streams.forget(messageId);
    throw new HubError('CONFLICT', 'the message is not one that is being streamed');
  }
  if (known === undefined) {
    const { rows } = await core.tables.db.query(core.tables.statement('stream_heard'), [messageId], call);
    core.streams.begin(place, rows.map((row) => readText(row, 0))[0] ?? '');
  }
  core.streams.hear(messageId, offset, text);
  if (text === '') return;
  const { channelId } = place;
  core.feed.moment({
    event: { type: 'channel.message.append', channelId, messageId, offset, text },
    actorId: caller.userId,
    channelId,
    to: `channel:${channelId}`,
  });
}

/** Texts that a message had before, the oldest first. Of a deleted one nothing is shown. */
export async function readEdits(
  core: ChatCore,
  caller: Caller,
  messageId: string,
  call: Call = {},
): Promise<Edit[]> {
  const place = await readPlace(core.tables, messageId, call);
  admit(await hideChannel(look(core.tables, caller, place.channelId, call), messageId), 'message.edits');
  if (place.deleted) throw new HubError('GONE', 'the message is deleted');
  const rows = await core.tables
    .kysely<Tables>()
    .selectFrom('edits')
    .select(['content', 'at', 'editor_id'])
    .where('message_id', '=', messageId)
    .orderBy('version', 'desc')
    .limit(1_000)
    .execute();
  return rows.map(({ content, at, editor_id }) => ({
    content,
    replacedAt: Number(at),
    replacedBy: editor_id,
  }));
}
