import type { ChannelKind } from '../database/tables.ts';
import type { Standing } from './standing.ts';

export interface Permission {
  /** What one must be to the channel at the least. */
  readonly least: Standing;
  /** Kinds of channels in which there is such a thing. @default all */
  readonly kinds?: readonly ChannelKind[];
  /** Whether only who is in the channel may do it, whatever else they may do there. @default false */
  readonly member?: boolean;
  /** Whether it is possible in an archived channel. @default false */
  readonly archived?: boolean;
  /** False: not for who may not write because the channel is frozen. @default like who only reads */
  readonly frozen?: false;
}

const rooms = ['public', 'private'] as const;

/**
 * Who may do what in a channel. The only place that says so. `message.edit` and `message.delete` are for who sent it, `message.delete.any` for
 * others.
 */
export const permissions = {
  'channel.read': { least: 'reader', archived: true },
  'channel.join': { least: 'reader', kinds: ['public'] },
  'channel.leave': { member: true, least: 'member', kinds: ['public', 'private', 'group'], archived: true },
  'channel.topic': { least: 'writer', kinds: rooms },
  'channel.update': { least: 'moderator', kinds: rooms },
  'channel.archive': { least: 'moderator', kinds: rooms, archived: true },
  'channel.freeze': { least: 'moderator', kinds: rooms },
  'channel.freeze.talk': { member: true, least: 'writer', kinds: ['direct', 'group'] },
  'channel.slow': { least: 'moderator', kinds: rooms },
  'channel.webhooks': { least: 'moderator', kinds: rooms },
  'channel.delete': { least: 'owner', kinds: rooms, archived: true },
  'member.invite': { least: 'writer', kinds: rooms },
  'member.update': { least: 'moderator', kinds: rooms },
  'member.kick': { least: 'moderator', kinds: rooms },
  'member.mute': { least: 'moderator', kinds: rooms },
  'message.send': { member: true, least: 'writer' },
  'message.edit': { member: true, least: 'writer' },
  'message.delete': { least: 'member', frozen: false },
  'message.delete.any': { least: 'moderator', kinds: rooms },
  'message.react': { member: true, least: 'writer' },
  'message.pin': { member: true, least: 'writer' },
  'message.edits': { least: 'member', archived: true },
  'thread.follow': { member: true, least: 'member', archived: true },
  'reading.mark': { member: true, least: 'member', archived: true },
  'notifications.set': { member: true, least: 'member', archived: true },
  'command.declare': { member: true, least: 'writer' },
  'event.post': { member: true, least: 'writer' },
} as const satisfies Readonly<Record<string, Permission>>;

export type ChannelAction = keyof typeof permissions;
