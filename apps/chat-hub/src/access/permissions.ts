import type { ChannelKind } from '../database/tables.ts';
import type { Standing } from './standing.ts';

export interface Permission {
  /** What one must be to the channel at the least. */
  readonly least: Standing;
  /** Kinds of channels in which there is such a thing. @default all */
  readonly kinds?: readonly ChannelKind[];
  /** Whether it is possible in an archived channel. @default false */
  readonly archived?: boolean;
}

const rooms = ['public', 'private'] as const;

/**
 * Who may do what in a channel. The only place that says so. What is one's own (a message, a thread) is dealt with by `own`: `message.edit` is
 * for its sender, and `message.delete.any` for everybody else's.
 */
export const permissions = {
  'channel.read': { least: 'reader', archived: true },
  'channel.join': { least: 'reader', kinds: ['public'] },
  'channel.leave': { least: 'member', kinds: ['public', 'private', 'group'], archived: true },
  'channel.topic': { least: 'writer', kinds: rooms },
  'channel.update': { least: 'moderator', kinds: rooms },
  'channel.archive': { least: 'moderator', kinds: rooms, archived: true },
  'channel.delete': { least: 'owner', kinds: rooms, archived: true },
  'member.invite': { least: 'writer', kinds: rooms },
  'member.update': { least: 'moderator', kinds: rooms },
  'member.kick': { least: 'moderator', kinds: rooms },
  'message.send': { least: 'writer' },
  'message.edit': { least: 'writer' },
  'message.delete': { least: 'member' },
  'message.delete.any': { least: 'moderator', kinds: rooms },
  'message.react': { least: 'writer' },
  'message.pin': { least: 'writer' },
  'message.edits': { least: 'member', archived: true },
  'thread.create': { least: 'writer' },
  'thread.update': { least: 'writer' },
  'thread.update.any': { least: 'moderator', kinds: rooms },
  'thread.follow': { least: 'member', archived: true },
  'reading.mark': { least: 'member', archived: true },
  'event.post': { least: 'writer' },
} as const satisfies Readonly<Record<string, Permission>>;

export type ChannelAction = keyof typeof permissions;
