import { HubError, type Member, type Role } from '@parley/hub-protocol';
import { readText } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { noteAudit } from '../audit/note.ts';
import { changeChannel, commitChange, type Change } from './change.ts';
import type { Call, Channels } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit, look } from './look.ts';
import { activeUsers, addMembers, bumpUsers, removeMember, welcome } from './membership.ts';
import { rankIn, requireRank } from './rank.ts';
import { channelView, fromView, memberView, must } from './views.ts';

type Membership = Pick<Channels, 'join' | 'leave' | 'members' | 'putMember' | 'kick' | 'leaveAll'>;

/** Who is in a channel, and in what role. */
export function createMembers(core: ChatCore): Membership {
  const { tables, feed } = core;

  const remove = async (
    caller: Caller,
    channelId: string,
    userId: string,
    decide: (change: Change) => Promise<void>,
    { reason, ...call }: Call & { readonly reason: 'left' | 'kicked' },
  ): Promise<void> => {
    await changeChannel(
      core,
      caller,
      channelId,
      async (change) => {
        await decide(change);
        await removeMember(core, change, userId, reason);
      },
      call,
    );
    feed.accessChanged(userId);
  };

  return {
    async join(caller, channelId, call) {
      const { value } = await changeChannel(
        core,
        caller,
        channelId,
        async (change) => {
          admit(change.seen, 'channel.join');
          // An observer of the workspace stays one everywhere.
          const role = caller.role === 'observer' ? 'observer' : 'member';
          const added = await addMembers(core, change, [{ userId: caller.userId, role }]);
          return { member: await readMember(core, change, caller.userId), came: added.length > 0 };
        },
        call,
      );
      if (value.came) await greet(core, channelId, caller.userId, caller.userId);
      return value.member;
    },

    leave: (caller, channelId, call) =>
      remove(caller, channelId, caller.userId, async ({ seen }) => admit(seen, 'channel.leave'), {
        ...call,
        reason: 'left',
      }),

    async members(caller, channelId, call) {
      admit(await look(tables, caller, channelId, call), 'channel.read');
      const { rows } = await tables.db.query(tables.statement('channel_members'), [channelId], call);
      return rows.map((row) => fromView<Member>(readText(row, 0)));
    },

    async putMember(caller, channelId, userId, role, call) {
      const active = await activeUsers(core, [userId], call);
      if (!active.has(userId))
        throw new HubError('NOT_FOUND', 'userId must be an active user', { field: 'userId' });
      const { value } = await changeChannel(
        core,
        caller,
        channelId,
        async (change) => {
          const there = await memberView(tables, channelId, userId, { on: change.session });
          if (there === undefined) {
            await invite(core, caller, change, userId, role ?? 'member');
            return { member: await readMember(core, change, userId), came: true };
          }
          await changeRole(core, caller, change, there, role);
          return { member: await readMember(core, change, userId), came: false };
        },
        call,
      );
      if (value.came) await greet(core, channelId, caller.userId, userId);
      return value.member;
    },

    kick: (caller, channelId, userId, call) =>
      remove(
        caller,
        channelId,
        userId,
        async (change) => {
          const { seen, session, db } = change;
          admit(seen, 'member.kick');
          const there = await memberView(tables, channelId, userId, { on: session });
          if (there === undefined)
            throw new HubError('NOT_FOUND', 'this user is not in the channel', { field: 'userId' });
          requireRank(seen.standing, await rankOf(core, change, there), 'remove');
          await noteAudit(db, { action: 'member.kick', actor: caller, subjectId: userId, channelId });
        },
        { ...call, reason: 'kicked' },
      ),

    async leaveAll(userId, call = {}) {
      const { rows } = await tables.db.query(tables.statement('channels_of'), [userId], call);
      for (const row of rows) {
        const open = (session: Change['session']) =>
          look(tables, { userId, role: 'member' }, readText(row, 0), { on: session, lock: true });
        await commitChange(
          core,
          null,
          open,
          (change) => removeMember(core, change, userId, 'deactivated'),
          call,
        );
      }
      feed.accessChanged(userId);
    },
  };
}

async function invite(
  core: ChatCore,
  caller: Caller,
  change: Change,
  userId: string,
  role: Role,
): Promise<void> {
  admit(change.seen, 'member.invite');
  if (role !== 'member' && role !== 'observer') {
    admit(change.seen, 'member.update');
    requireRank(change.seen.standing, role, 'make somebody');
  }
  await addMembers(core, change, [{ userId, role, invitedBy: caller.userId }]);
  if (role === 'member' || role === 'observer') return;
  const { channelId } = change.seen;
  const details = { was: null, given: role };
  await noteAudit(change.db, { action: 'member.role', actor: caller, subjectId: userId, channelId, details });
}

async function changeRole(
  core: ChatCore,
  caller: Caller,
  change: Change,
  there: Member,
  role: Role | undefined,
): Promise<void> {
  const { seen, db, session, tell, touch } = change;
  if (role === undefined || role === there.role) return;
  admit(seen, 'member.update');
  // Anybody may give up what they are.
  if (there.userId !== caller.userId)
    requireRank(seen.standing, await rankOf(core, change, there), 'change the role of');
  requireRank(seen.standing, role, 'make somebody');
  const { channelId } = seen;
  await db
    .updateTable('members')
    .set({ role })
    .where('channel_id', '=', channelId)
    .where('user_id', '=', there.userId)
    .execute();
  const details = { was: there.role, given: role };
  await noteAudit(db, { action: 'member.role', actor: caller, subjectId: there.userId, channelId, details });
  await bumpUsers(core, session, [there.userId]);
  touch();
  tell({ type: 'channel.member.update', channelId, member: { ...there, role } });
}

async function rankOf(core: ChatCore, { seen, session }: Change, { userId, role }: Member): Promise<Role> {
  const active = await activeUsers(core, [userId], { on: session });
  return rankIn(active.get(userId) ?? 'member', { ...seen, role });
}

async function readMember(core: ChatCore, { seen, session }: Change, userId: string): Promise<Member> {
  return must(await memberView(core.tables, seen.channelId, userId, { on: session }), 'a member');
}

export async function greet(
  core: ChatCore,
  channelId: string,
  actorId: string | null,
  userId: string,
): Promise<void> {
  // It is committed: who is not greeted learns of it by the watch over their rights.
  const channel = await channelView(core.tables, channelId).catch(() => undefined);
  if (channel === undefined) core.feed.accessChanged(userId);
  else welcome(core, channel, actorId, [userId]);
}
