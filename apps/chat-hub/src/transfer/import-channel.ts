import { limits, type Channel } from '@parley/hub-protocol';
import type { Session } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { commitChange, changeChannel, type Change } from '../chat/change.ts';
import type { ChatCore } from '../chat/core.ts';
import type { Seen } from '../chat/look.ts';
import { addMembers, addQuietly, welcome } from '../chat/membership.ts';
import { channelView, must } from '../chat/views.ts';
import type { Tables } from '../database/tables.ts';
import { idOf, imported } from './ids-of.ts';
import { mostNames, numbered } from './numbered.ts';
import type { ImportedChannel, ImportedMember } from './records.ts';

/**
 * A channel of its own, never one that is there: what was written elsewhere is not put behind what was written here. Where there is one of its name, it
 * has a number behind it. Whoever imports owns it. Answers whether it is new.
 */
export async function importChannel(
  core: ChatCore,
  caller: Caller,
  source: string,
  channel: ImportedChannel,
): Promise<boolean> {
  const db = core.tables.kysely<Tables>();
  if ((await imported(db, source, 'channel', [channel.id])).size > 0) return false;
  for (let nth = 1; nth <= mostNames; nth += 1) {
    const name = numbered(channel.name, nth, limits.channelName);
    const made = await make(core, caller, source, { ...channel, name });
    if (made === undefined) continue;
    welcome(core, made, caller.userId, [caller.userId]);
    return true;
  }
  throw new Error(`there are ${mostNames} channels called like ${channel.name} already`);
}

/** Adds somebody who is active to a channel that was imported. Answers whether they are new there. */
export async function importMember(
  core: ChatCore,
  caller: Caller,
  source: string,
  { channelId: foreignChannel, userId: foreignUser, role }: ImportedMember,
): Promise<boolean> {
  const db = core.tables.kysely<Tables>();
  const channelId = (await imported(db, source, 'channel', [foreignChannel])).get(foreignChannel);
  const userId = (await imported(db, source, 'user', [foreignUser])).get(foreignUser);
  if (channelId === undefined) throw new Error(`its channel ${foreignChannel} was not imported`);
  if (userId === undefined) throw new Error(`its user ${foreignUser} was not imported`);
  const { value } = await changeChannel(core, caller, channelId, async (change) => {
    const active = await change.db
      .selectFrom('users')
      .select('id')
      .where('id', '=', userId)
      .where('deactivated_at', 'is', null)
      .forShare()
      .executeTakeFirst();
    if (active === undefined) return false;
    const added = await addMembers(core, change, [{ userId, role, invitedBy: caller.userId }]);
    return added.length > 0;
  });
  if (value) core.feed.accessChanged(userId);
  return value;
}

/** Undefined: there is one of this name. */
async function make(
  core: ChatCore,
  caller: Caller,
  source: string,
  channel: ImportedChannel,
): Promise<Channel | undefined> {
  const createdAt = channel.createdAt ?? core.clock.now();
  const id = idOf(source, 'channel', channel.id);
  const open = async (session: Session): Promise<Seen> => {
    const { rows } = await session.query(core.tables.statement('channel_create'), [
      id,
      channel.kind,
      channel.name,
      channel.topic,
      channel.description,
      null,
      caller.userId,
      createdAt,
    ]);
    if (rows.length === 0) throw taken;
    const db = core.tables.kysely<Tables>(session);
    await db.insertInto('imported').values({ source, kind: 'channel', foreign_id: channel.id, id }).execute();
    const archivedAt = channel.archivedAt ?? null;
    await db.updateTable('channels').set({ archived_at: archivedAt }).where('id', '=', id).execute();
    return {
      channelId: id,
      kind: channel.kind,
      archived: false,
      role: undefined,
      standing: 'owner',
      head: 0,
      rev: 1,
    };
  };
  const work = async (change: Change): Promise<Channel> => {
    change.touch();
    await addQuietly(core, change, [{ userId: caller.userId, role: 'owner' }]);
    const view = must(await channelView(core.tables, id, { on: change.session }), 'a channel');
    const told = { ...view, seq: change.seen.head + 1, rev: view.rev + 1 };
    change.tell({ type: 'channel.create', channelId: id, channel: told });
    return told;
  };
  try {
    return (await commitChange(core, caller.userId, open, work)).value;
  } catch (error) {
    if (error === taken) return undefined;
    throw error;
  }
}

/** Ends the transaction; never seen outside. */
const taken = new Error('there is such a channel');
