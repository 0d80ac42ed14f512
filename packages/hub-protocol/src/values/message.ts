import * as z from 'zod/mini';
import { idSchema, seqSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { roles } from '../roles.ts';
import { fileSchema } from './file.ts';
import { messageKinds, streamingStates } from './words.ts';

export const reactionSchema = received({
  emoji: z.string(),
  /** In the order in which they reacted. */
  userIds: z.array(idSchema),
});
export type Reaction = z.infer<typeof reactionSchema>;

/** Whom a message calls, found by the hub when it was sent: ids, so that a later change of a handle changes nothing. */
export const mentionsSchema = received({
  users: z.array(idSchema),
  roles: z.array(knownOr(roles, 'observer')),
  here: z.boolean(),
});
export type Mentions = z.infer<typeof mentionsSchema>;

/** What is known of the thread under a root message. */
export const threadSchema = received({
  replies: z.int(),
  lastReplyAt: z.nullable(timeSchema),
  /** The latest of those who replied, at most five. */
  participants: z.array(idSchema),
});
export type Thread = z.infer<typeof threadSchema>;

export const messageSchema = received({
  id: idSchema,
  channelId: idSchema,
  /** Its number in the channel's log: messages are shown in this order. */
  seq: seqSchema,
  /** Thoughts and actions show what an agent does; they are never unread and wake nobody. */
  kind: knownOr(messageKinds, 'system'),
  /** Null: the hub itself. */
  senderId: z.nullable(idSchema),
  /** Empty once the message is deleted. */
  content: z.string(),
  timestamp: timeSchema,
  /** The root message of the thread that this one stands in. */
  threadId: z.nullable(idSchema),
  replyTo: z.nullable(idSchema),
  mentions: mentionsSchema,
  reactions: z.array(reactionSchema),
  editedAt: z.nullable(timeSchema),
  deletedAt: z.nullable(timeSchema),
  pinnedAt: z.nullable(timeSchema),
  /** Null: nobody has replied in a thread. */
  thread: z.nullable(threadSchema),
  /** Groups the thoughts, actions and messages of one turn of an agent. */
  turnId: z.nullable(z.string()),
  /** The message that an agent answers with this one: chains of agents are followed by it. */
  causedBy: z.nullable(idSchema),
  /** `open`: text still comes as `channel.message.append`. `cut`: its author went silent, and this is what was heard. */
  streaming: knownOr(streamingStates, 'none'),
  model: z.nullable(z.string()),
  /** Details of an action: the tool, its arguments, its result. */
  data: z.nullable(z.record(z.string(), z.unknown())),
  /** What the client of its sender called it: by it, that client finds the row that it showed before the hub answered. */
  clientId: z.nullable(z.string()),
  /** What was uploaded for it; left out where it never had any. */
  files: z.optional(z.array(fileSchema)),
});
export type Message = z.infer<typeof messageSchema>;

/** An earlier text of a message that was edited. */
export const editSchema = received({
  content: z.string(),
  /** When this text was replaced. */
  replacedAt: timeSchema,
  replacedBy: idSchema,
});
export type Edit = z.infer<typeof editSchema>;
