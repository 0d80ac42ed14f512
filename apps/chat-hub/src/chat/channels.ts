import { HubError, type Channel } from '@parley/hub-protocol';
import { readText } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { noteAudit } from '../audit/note.ts';
import { changeChannel, type Change } from './change.ts';
import type { Call, ChannelChanges, Channels } from './chat.ts';
import { createChannel, openDirect } from './new-channel.ts';
import type { ChatCore } from './core.ts';
import { admit, look } from './look.ts';
import { createMembers } from './members.ts';
import { bumpUsers } from './membership.ts';
import { createModeration } from './moderation.ts';
import { nameTaken } from './refusals.ts';
import { settleIn } from './settling.ts';
import { channelView, fromView, must } from './views.ts';

export function createChannels(core: ChatCore): Channels {
  const { tables } = core;

  /** Sets columns of the channel and tells of it as it is then. */
  const set = async (
    caller: Caller,
    channelId: string,
    decide: (change: Change) => Promise<'channel.update' | 'channel.archive' | undefined>,
    call?: Call,
  ): Promise<Channel> => {
    const { value } = await changeChannel(
      core,
      caller,
      channelId,
      async (change) => {
        const type = await decide(change);
        const channel = must(await channelView(tables, channelId, { on: change.session }), 'a channel');
        if (type === undefined) return channel;
        change.touch();
        const told = { ...channel, rev: channel.rev + 1, seq: channel.seq + 1 };
        change.tell({ type, channelId, channel: told });
        return told;
      },
      call,
    );
    return value;
  };

  return {
    ...createMembers(core),
    ...createModeration(core),
    create: (caller, channel, call) => createChannel(core, caller, channel, call),
    settleIn: (userId, role, call) => settleIn(core, userId, role, call),
    openDirect: (caller, userIds, call) => openDirect(core, caller, userIds, call),

    async list(caller, { query, signal } = {}) {
      const { rows } = await tables.db.query(
        tables.statement('channel_list'),
        [caller.userId, query ?? null],
        { signal },
      );
      return rows.map((row) => fromView<Channel>(readText(row, 0)));
    },

    async read(caller, channelId, call) {
      const seen = await look(tables, caller, channelId, call);
      admit(seen, 'channel.read');
      // Another history gives the same `rev` to something else.
      const key = `hub:channel:${core.epoch()}:${channelId}`;
      const { channel } = await core.cache.get(
        key,
        async () => ({ channel: must(await channelView(tables, channelId), 'a channel') }),
        { ttl: '1h' },
      );
      // The log moves on with every message; the rest of what is cached is true as long as the channel is of that rev.
      if (channel.rev === seen.rev) return { ...channel, seq: seen.head };
      await core.cache.delete(key).catch(() => false);
      return must(await channelView(tables, channelId, call), 'a channel');
    },

    update: (caller, channelId, changes, call) =>
      set(caller, channelId, (change) => applyChanges(change, changes), call),

    archive: (caller, channelId, archived, call) =>
      set(
        caller,
        channelId,
        async ({ seen, db, now }) => {
          admit(seen, 'channel.archive');
          if (seen.archived === archived) return undefined;
          await db
            .updateTable('channels')
            .set({ archived_at: archived ? now : null })
            .where('id', '=', channelId)
            .execute();
          const action = archived ? 'channel.archive' : 'channel.unarchive';
          await noteAudit(db, { action, actor: caller, subjectId: channelId, channelId });
          return archived ? 'channel.archive' : 'channel.update';
        },
        call,
      ),

    async delete(caller, channelId, call) {
      const { value: gone } = await changeChannel(
        core,
        caller,
        channelId,
        async ({ seen, db, session, now, tell, touch }) => {
          admit(seen, 'channel.delete');
          await db
            .updateTable('channels')
            .set({ deleted_at: now, member_count: 0 })
            .where('id', '=', channelId)
            .execute();
          const members = await db
            .deleteFrom('members')
            .where('channel_id', '=', channelId)
            .returning('user_id')
            .execute();
          await db.deleteFrom('mentions').where('channel_id', '=', channelId).execute();
          await session.query(tables.statement('file_released_all'), [channelId, now]);
          await session.query(tables.statement('streams_dropped'), [channelId]);
          await noteAudit(db, { action: 'channel.delete', actor: caller, subjectId: channelId, channelId });
          const userIds = members.map(({ user_id }) => user_id);
          await bumpUsers(core, session, userIds);
          tell({ type: 'channel.delete', channelId });
          touch();
          return userIds;
        },
        call,
      );
      for (const userId of gone) core.feed.accessChanged(userId);
    },
  };
}

async function applyChanges(
  { seen, db }: Change,
  { name, topic, description, rev }: ChannelChanges,
): Promise<'channel.update' | undefined> {
  admit(seen, name === undefined && description === undefined ? 'channel.topic' : 'channel.update');
  if (rev !== undefined && rev !== seen.rev) {
    throw new HubError(
      'CONFLICT',
      `the channel is at rev ${seen.rev}, and this change was made from ${rev}`,
      { field: 'rev' },
    );
  }
  const given = {
    ...(name !== undefined && { name }),
    ...(topic !== undefined && { topic }),
    ...(description !== undefined && { description }),
  };
  if (Object.keys(given).length === 0) return undefined;
  if (name !== undefined) await requireFree(db, seen.channelId, name);
  await db.updateTable('channels').set(given).where('id', '=', seen.channelId).execute();
  return 'channel.update';
}

/** Asked beforehand for the error that names the field; two at once are kept apart by the index. */
async function requireFree(db: Change['db'], channelId: string, name: string): Promise<void> {
  const taken = await db
    .selectFrom('channels')
    .select('id')
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .where('id', '!=', channelId)
    .executeTakeFirst();
  if (taken !== undefined) throw nameTaken(name);
}
