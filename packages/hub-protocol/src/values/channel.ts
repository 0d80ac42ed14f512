import * as z from 'zod/mini';
import { idSchema, seqSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { roles } from '../roles.ts';
import { channelKinds, notificationLevels } from './words.ts';

export const channelSchema = received({
  id: idSchema,
  kind: knownOr(channelKinds, 'private'),
  /** Null in direct and group conversations, which are named by who is in them. */
  name: z.nullable(z.string()),
  topic: z.string(),
  description: z.string(),
  createdBy: z.nullable(idSchema),
  createdAt: timeSchema,
  archivedAt: z.nullable(timeSchema),
  /** The head of the channel's log: the number of its last event. */
  seq: seqSchema,
  /** Counts the changes of the channel itself, so that a change can say what it was made from. */
  rev: z.int(),
  memberCount: z.int(),
  /** Since when only people write there. Null: everybody does. Without it, the hub does not know of freezing. */
  frozenAt: z.optional(z.nullable(timeSchema)),
  /** Who froze it. Null: it is not frozen, or that is not known any more. */
  frozenBy: z.optional(z.nullable(idSchema)),
  /** How many seconds lie between two messages of a member who does not manage the channel. */
  slowSeconds: z.optional(z.int()),
  /** When something was last said, in lists, of conversations between two or a few. */
  lastMessageAt: z.optional(timeSchema),
});
export type Channel = z.infer<typeof channelSchema>;

export const memberSchema = received({
  channelId: idSchema,
  userId: idSchema,
  /** The role in this channel: owners and admins manage it, observers read. */
  role: knownOr(roles, 'observer'),
  joinedAt: timeSchema,
  /** Null: came by themselves, or made the channel. */
  invitedBy: z.nullable(idSchema),
  /** Since when, and until when, the member reads and writes nothing. Null: they may write; without an end, until somebody says so. */
  muted: z.optional(z.nullable(received({ at: timeSchema, until: z.nullable(timeSchema) }))),
});
export type Member = z.infer<typeof memberSchema>;

/** Of what a user is told. Null: of what is usual. */
export const levelSchema = z.nullable(knownOr(notificationLevels, 'mentions'));

/** How far a user has read in a channel, and what waits there. */
export const readingSchema = received({
  channelId: idSchema,
  /** Only ever moves forward. */
  lastReadSeq: seqSchema,
  /** Messages of others after that number; thoughts, actions and system lines do not count. */
  unread: z.int(),
  /** Those among them that mention the user. */
  mentions: z.int(),
  /** The number of the log up to which it was counted. Without it, that is not known. */
  seq: z.optional(seqSchema),
  /** Of what the user wants to be told there. Null: of what is usual. Without it, it is not said here. */
  level: z.optional(levelSchema),
});
export type Reading = z.infer<typeof readingSchema>;
