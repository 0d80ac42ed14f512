import { agentAddress, globalAddress, type Channel, type Member, type Role } from '@parley/hub-protocol';
import { readText, uuidArray, type Queries, type Session } from '@parley/runtime';
import type { Change } from './change.ts';
import type { ChatCore } from './core.ts';
import type { Call } from './chat.ts';
import { memberView, must } from './views.ts';

/** Who comes into a channel, within its change. */
export interface Newcomer {
  readonly userId: string;
  readonly role: Role;
  readonly invitedBy?: string | undefined;
}

/** Adds those who are not there yet, and tells of each. Answers who was added. */
export async function addMembers(
  core: ChatCore,
  change: Change,
  newcomers: readonly Newcomer[],
): Promise<Member[]> {
  const added = await addQuietly(core, change, newcomers);
  const { session, seen, tell } = change;
  const members: Member[] = [];
  for (const userId of added) {
    const member = must(await memberView(core.tables, seen.channelId, userId, { on: session }), 'a member');
    tell({ type: 'channel.member.join', channelId: seen.channelId, member });
    members.push(member);
  }
  return members;
}

/** The same for those who come with the channel itself: that it is there tells of them. */
export async function addQuietly(
  core: ChatCore,
  { session, now, touch, seen }: Change,
  newcomers: readonly Newcomer[],
): Promise<string[]> {
  const added: string[] = [];
  for (const { userId, role, invitedBy } of newcomers) {
    const params = [seen.channelId, userId, role, now, invitedBy ?? null];
    const { rows } = await session.query(core.tables.statement('member_add'), params);
    if (rows.length > 0) added.push(userId);
  }
  if (added.length > 0) {
    touch();
    await bumpUsers(core, session, added);
  }
  return added;
}

/** Takes somebody out. Answers whether they were in. */
export async function removeMember(
  core: ChatCore,
  { session, tell, touch, seen }: Change,
  userId: string,
  reason: 'left' | 'kicked' | 'deactivated',
): Promise<boolean> {
  const { channelId } = seen;
  const { rows } = await session.query(core.tables.statement('member_remove'), [channelId, userId]);
  if (rows.length === 0) return false;
  tell({ type: 'channel.member.leave', channelId, userId, reason });
  touch();
  await bumpUsers(core, session, [userId]);
  return true;
}

/** What these users may see has changed: whoever goes by the `rev` of their rows looks again. */
export async function bumpUsers(core: ChatCore, session: Session, userIds: readonly string[]): Promise<void> {
  // In one order, whoever else does it: two changes must not wait for each other.
  await session.query(core.tables.statement('users_bump'), [uuidArray(userIds.toSorted())]);
}

/** Tells those who came of the channel that they are in now, each at their own address; of a new public one everybody hears. */
export function welcome(
  { feed }: ChatCore,
  channel: Channel,
  actorId: string | null,
  userIds: readonly string[],
): void {
  const { id: channelId } = channel;
  for (const userId of userIds) feed.accessChanged(userId);
  const addresses = userIds.map(agentAddress);
  if (channel.kind === 'public' && channel.seq === 1) addresses.push(globalAddress);
  for (const to of addresses) {
    feed.moment({ event: { type: 'channel.create', channelId, channel }, actorId, channelId, to });
  }
}

/** Those of these users who are there and active. */
export async function activeUsers(
  core: ChatCore,
  userIds: readonly string[],
  { signal, on = core.tables.db }: Call & { readonly on?: Queries } = {},
): Promise<ReadonlyMap<string, Role>> {
  const { rows } = await on.query(core.tables.statement('users_active'), [uuidArray(userIds)], { signal });
  // The table allows no others.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return new Map(rows.map((row) => [readText(row, 0), readText(row, 1) as Role]));
}
