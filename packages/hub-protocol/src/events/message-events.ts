import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { received } from '../modes.ts';
import { messageSchema, threadSchema } from '../values/message.ts';

const message = { channelId: idSchema, messageId: idSchema };

export const messageEvents = [
  received({ type: z.literal('channel.message'), channelId: idSchema, message: messageSchema }),
  received({ type: z.literal('channel.message.edit'), channelId: idSchema, message: messageSchema }),
  received({ type: z.literal('channel.message.delete'), ...message, deletedAt: timeSchema }),
  received({
    type: z.literal('channel.message.append'),
    ...message,
    /** Characters that stood before this text: whoever has fewer missed some, and waits for the edit that ends the message. */
    offset: z.int(),
    text: z.string(),
  }),
  received({
    type: z.literal('channel.message.pin'),
    ...message,
    pinnedAt: timeSchema,
    pinnedBy: z.nullable(idSchema),
  }),
  received({ type: z.literal('channel.message.unpin'), ...message }),
  received({ type: z.literal('channel.reaction.add'), ...message, emoji: z.string(), userId: idSchema }),
  received({ type: z.literal('channel.reaction.remove'), ...message, emoji: z.string(), userId: idSchema }),
] as const;

const thread = { channelId: idSchema, threadId: idSchema, thread: threadSchema };

export const threadEvents = [
  received({ type: z.literal('thread.create'), ...thread }),
  received({ type: z.literal('thread.update'), ...thread }),
  received({ type: z.literal('thread.message'), ...thread, message: messageSchema }),
] as const;
