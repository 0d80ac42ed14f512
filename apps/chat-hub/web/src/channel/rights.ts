import { outranks, type Channel, type Member, type Role, type User } from '@parley/hub-protocol';

/** What somebody is to a channel, from the least to the most, as the hub sees it. */
const standings = ['stranger', 'reader', 'member', 'writer', 'moderator', 'owner'] as const;
export type Standing = (typeof standings)[number];

type Kind = Pick<Channel, 'kind'>;

export const isTalk = ({ kind }: Kind): boolean => kind === 'direct' || kind === 'group';

/** What a role in the workspace and one in the channel make of somebody there, as long as nothing silences them. */
export function standingIn(channel: Kind, workspaceRole: Role, role: Role | undefined): Standing {
  const runs = workspaceRole === 'owner' || workspaceRole === 'admin';
  if (role === undefined) {
    if (channel.kind !== 'public') return 'stranger';
    return workspaceRole === 'owner' ? 'owner' : runs ? 'moderator' : 'reader';
  }
  if (workspaceRole === 'observer') return 'member';
  if (isTalk(channel)) return 'writer';
  if (role === 'owner' || (workspaceRole === 'owner' && role !== 'observer')) return 'owner';
  if (role === 'admin' || runs) return 'moderator';
  return role === 'observer' ? 'member' : 'writer';
}

/** Whether somebody writes nothing in the channel just now. */
export function isMuted(member: Pick<Member, 'muted'> | undefined, now: number): boolean {
  const muted = member?.muted;
  return muted != null && (muted.until === null || muted.until > now);
}

export interface Asker {
  readonly user: Pick<User, 'kind' | 'role' | 'timeoutUntil'>;
  readonly member: Pick<Member, 'role' | 'muted'> | undefined;
  readonly scopes: ReadonlySet<string>;
}

/** What is offered to somebody in a channel. The hub decides again by itself. */
export interface Rights {
  readonly standing: Standing;
  readonly topic: boolean;
  readonly update: boolean;
  readonly archive: boolean;
  readonly freeze: boolean;
  readonly slow: boolean;
  readonly webhooks: boolean;
  readonly retention: boolean;
  readonly remove: boolean;
  readonly invite: boolean;
  /** Roles, mutes and removals of members. */
  readonly moderate: boolean;
  readonly removeFiles: boolean;
  readonly pin: boolean;
  readonly commands: boolean;
  readonly join: boolean;
  readonly leave: boolean;
}

interface Demand {
  readonly talk?: boolean;
  readonly member?: boolean;
  readonly archived?: boolean;
}

export function rightsIn(
  channel: Pick<Channel, 'kind' | 'archivedAt' | 'frozenAt'>,
  { user, member, scopes }: Asker,
  now: number,
): Rights {
  const full = standingIn(channel, user.role, member?.role);
  const silenced =
    isMuted(member, now) ||
    (user.timeoutUntil ?? 0) > now ||
    (channel.frozenAt != null && user.kind === 'agent');
  const standing = silenced && reaches(full, 'writer') ? (member === undefined ? 'reader' : 'member') : full;
  const talk = isTalk(channel);
  const may = (least: Standing, { talk: inTalk = false, member: within, archived }: Demand = {}): boolean =>
    reaches(standing, least) &&
    (inTalk || !talk) &&
    (within !== true || member !== undefined) &&
    (archived === true || channel.archivedAt === null);
  const manages = scopes.has('manage');
  const isPerson = user.kind === 'person';
  return {
    standing,
    topic: manages && may('writer'),
    update: manages && may('moderator'),
    archive: manages && may('moderator', { archived: true }),
    freeze: manages && isPerson && (may('moderator') || (talk && may('writer', { talk, member: true }))),
    slow: manages && may('moderator'),
    webhooks: manages && may('moderator'),
    retention: scopes.has('admin') && may('moderator', { archived: true }),
    remove: manages && may('owner', { archived: true }),
    invite: manages && may('writer'),
    moderate: manages && may('moderator'),
    removeFiles: scopes.has('write') && may('moderator'),
    pin: manages && may('writer', { talk: true, member: true }),
    commands: scopes.has('write') && may('writer', { talk: true, member: true }),
    join: scopes.has('write') && channel.kind === 'public' && member === undefined && may('reader'),
    leave: member !== undefined && channel.kind !== 'direct',
  };
}

/** As whom a member is acted on: by the role in the channel or, if that is more, by what the one in the workspace makes of it. */
export function rankOf(channel: Kind, workspaceRole: Role, role: Role): Role {
  const standing = standingIn(channel, workspaceRole, role);
  return standing === 'owner' ? 'owner' : standing === 'moderator' ? 'admin' : role;
}

/** Whether who moderates a channel may act on somebody of this rank, or hand it out. */
export function actsOn(standing: Standing, rank: Role): boolean {
  if (!reaches(standing, 'moderator')) return false;
  return outranks(standing === 'owner' ? 'owner' : 'admin', rank);
}

/** Whether a standing is not below another one. */
export function reaches(standing: Standing, least: Standing): boolean {
  return standings.indexOf(standing) >= standings.indexOf(least);
}
