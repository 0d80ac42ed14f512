import type { ChannelKind, Role } from '../database/tables.ts';

/** What somebody is to a channel, from the least to the most. Each includes those before it. */
const standings = ['stranger', 'reader', 'member', 'writer', 'moderator', 'owner'] as const;
export type Standing = (typeof standings)[number];

export interface ChannelFacts {
  readonly kind: ChannelKind;
  readonly archived: boolean;
  /** The role in the channel; undefined: not a member. */
  readonly role: Role | undefined;
  /** Why somebody who may read writes nothing here. @default they write as far as they may */
  readonly silenced?: 'muted' | 'frozen' | 'timed-out' | undefined;
}

/**
 * What somebody with a role in the workspace is to a channel. Channels that are not public are closed to who is no member, whatever the role: an
 * administrator runs the workspace, and does not read along.
 */
export function standingIn(workspaceRole: Role, facts: ChannelFacts): Standing {
  const standing = unhindered(workspaceRole, facts);
  if (facts.silenced === undefined || !reaches(standing, 'writer')) return standing;
  return facts.role === undefined ? 'reader' : 'member';
}

function unhindered(workspaceRole: Role, { kind, role }: ChannelFacts): Standing {
  const runs = workspaceRole === 'owner' || workspaceRole === 'admin';
  const talk = kind === 'direct' || kind === 'group';
  if (role === undefined) {
    if (kind !== 'public') return 'stranger';
    return workspaceRole === 'owner' ? 'owner' : runs ? 'moderator' : 'reader';
  }
  if (workspaceRole === 'observer') return 'member';
  if (talk) return 'writer';
  if (role === 'owner' || (workspaceRole === 'owner' && role !== 'observer')) return 'owner';
  if (role === 'admin' || runs) return 'moderator';
  return role === 'observer' ? 'member' : 'writer';
}

export function reaches(standing: Standing, least: Standing): boolean {
  return standings.indexOf(standing) >= standings.indexOf(least);
}
