import { agentAddress, HubError, type Channel, type Member } from '@parley/hub-protocol';
import type { AuditAction } from '../audit/note.ts';
import { noteAudit } from '../audit/note.ts';
import type { Caller } from '../access/caller.ts';
import { changeChannel, type Change } from './change.ts';
import type { Call, Channels } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit } from './look.ts';
import { activeUsers } from './membership.ts';
import { rankIn, requireRank } from './rank.ts';
import { channelView, memberView, must } from './views.ts';

type Moderation = Pick<Channels, 'freeze' | 'slow' | 'mute' | 'unmute'>;

/**
 * What moderators do to a channel and to those in it. Each moves the channel on, so that a message which was allowed before, at whatever node, is
 * allowed anew or not at all.
 */
export function createModeration(core: ChatCore): Moderation {
  /** Does something to the settings of a channel, if it is not as wanted, and tells of it. */
  const set = async (
    caller: Caller,
    channelId: string,
    decide: (change: Change) => Promise<boolean>,
    call?: Call,
  ): Promise<Channel> => {
    const work = async (change: Change): Promise<Channel> => {
      const changed = await decide(change);
      const channel = must(await channelView(core.tables, channelId, { on: change.session }), 'a channel');
      if (!changed) return channel;
      change.touch();
      const told = { ...channel, rev: channel.rev + 1, seq: channel.seq + 1 };
      change.tell({ type: 'channel.update', channelId, channel: told });
      return told;
    };
    return (await changeChannel(core, caller, channelId, work, call)).value;
  };

  const silence = async (
    caller: Caller,
    channelId: string,
    userId: string,
    silenced: { readonly seconds?: number | undefined; readonly reason?: string | undefined } | undefined,
    call?: Call,
  ): Promise<Member> => {
    const active = await activeUsers(core, [userId], call);
    const work = async (change: Change): Promise<Member> => {
      const { seen, session, db, touch, tell } = change;
      admit(seen, 'member.mute');
      const there = await memberView(core.tables, channelId, userId, { on: session });
      if (there === undefined)
        throw new HubError('NOT_FOUND', 'this user is not in the channel', { field: 'userId' });
      if (userId === caller.userId) throw new HubError('FORBIDDEN', 'muting is for others to do and end');
      const rank = rankIn(active.get(userId) ?? 'member', { ...seen, role: there.role });
      requireRank(seen.standing, rank, 'mute');
      if (silenced !== undefined) {
        const params = [channelId, userId, silenced.seconds ?? null];
        await session.query(core.tables.statement('mute_set'), params);
      } else {
        await db
          .deleteFrom('mutes')
          .where('channel_id', '=', channelId)
          .where('user_id', '=', userId)
          .execute();
      }
      const action: AuditAction = silenced === undefined ? 'member.unmute' : 'member.mute';
      const details = { ...silenced };
      await noteAudit(db, { action, actor: caller, subjectId: userId, channelId, details });
      touch();
      const member = must(await memberView(core.tables, channelId, userId, { on: session }), 'a member');
      tell({ type: 'channel.member.update', channelId, member });
      return member;
    };
    const { value } = await changeChannel(core, caller, channelId, work, call);
    tellOne(core, caller, channelId, userId, silenced === undefined ? 'unmuted' : 'muted');
    return value;
  };

  return {
    freeze: (caller, channelId, frozen, { reason } = {}, call) =>
      set(
        caller,
        channelId,
        async ({ seen, db, now }) => {
          const isTalk = seen.kind === 'direct' || seen.kind === 'group';
          // Told before what agents may not do there: one that asks learns why.
          if (caller.kind !== 'person')
            throw new HubError('FORBIDDEN', 'freezing a channel, and ending it, is for people');
          admit(seen, isTalk ? 'channel.freeze.talk' : 'channel.freeze');
          const { numUpdatedRows } = await db
            .updateTable('channels')
            .set(
              frozen
                ? { frozen_at: now, frozen_by: caller.userId, frozen_by_at: now }
                : { frozen_at: null, frozen_by: null, frozen_by_at: null },
            )
            .where('id', '=', channelId)
            .where('frozen_at', frozen ? 'is' : 'is not', null)
            .executeTakeFirst();
          if (numUpdatedRows === 0n) return false;
          const action = frozen ? 'channel.freeze' : 'channel.unfreeze';
          const details = { reason };
          await noteAudit(db, { action, actor: caller, subjectId: channelId, channelId, details });
          return true;
        },
        call,
      ),

    slow: (caller, channelId, { seconds, reason }, call) =>
      set(
        caller,
        channelId,
        async ({ seen, db }) => {
          admit(seen, 'channel.slow');
          const { numUpdatedRows } = await db
            .updateTable('channels')
            .set({ slow_seconds: seconds })
            .where('id', '=', channelId)
            .where('slow_seconds', '!=', seconds)
            .executeTakeFirst();
          if (numUpdatedRows === 0n) return false;
          // Who waited for a turn by the old pace waits no more.
          await db.deleteFrom('turns').where('channel_id', '=', channelId).execute();
          const details = { seconds, reason };
          await noteAudit(db, {
            action: 'channel.slow',
            actor: caller,
            subjectId: channelId,
            channelId,
            details,
          });
          return true;
        },
        call,
      ),

    mute: (caller, channelId, userId, given, call) => silence(caller, channelId, userId, given, call),
    unmute: (caller, channelId, userId, call) => silence(caller, channelId, userId, undefined, call),
  };
}

/** Whom it is about hears of it wherever they are. */
function tellOne(
  { feed }: ChatCore,
  { userId: actorId }: Caller,
  channelId: string,
  userId: string,
  what: 'muted' | 'unmuted',
): void {
  const content = what === 'muted' ? 'You are muted in a channel.' : 'You may speak again in a channel.';
  const event = {
    type: 'system.notice',
    level: 'info',
    code: `moderation.${what}`,
    content,
    channelId,
  } as const;
  feed.moment({ event, actorId, channelId: null, to: agentAddress(userId) });
}
