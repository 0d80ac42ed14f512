import * as z from 'zod/mini';
import { idSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { channelSchema, levelSchema, memberSchema, readingSchema } from '../values/channel.ts';
import { presenceSchema } from '../values/presence.ts';
import { leaveReasons, typingStates } from '../values/words.ts';

const whole = { channelId: idSchema, channel: channelSchema };

export const channelEvents = [
  received({ type: z.literal('channel.create'), ...whole }),
  received({ type: z.literal('channel.update'), ...whole }),
  received({ type: z.literal('channel.archive'), ...whole }),
  received({ type: z.literal('channel.delete'), channelId: idSchema }),
] as const;

export const memberEvents = [
  received({ type: z.literal('channel.member.join'), channelId: idSchema, member: memberSchema }),
  received({
    type: z.literal('channel.member.leave'),
    channelId: idSchema,
    userId: idSchema,
    reason: knownOr(leaveReasons, 'left'),
  }),
  received({ type: z.literal('channel.member.update'), channelId: idSchema, member: memberSchema }),
] as const;

export const momentEvents = [
  received({
    type: z.literal('channel.typing'),
    channelId: idSchema,
    userId: idSchema,
    state: knownOr(typingStates, 'stop'),
    threadId: z.nullable(idSchema),
  }),
  received({ type: z.literal('channel.presence'), channelId: idSchema, presence: presenceSchema }),
  received({ type: z.literal('channel.read'), channelId: idSchema, reading: readingSchema }),
  received({
    type: z.literal('notifications.update'),
    /** Null: for public and private channels for which nothing is chosen. */
    channelId: z.nullable(idSchema),
    level: levelSchema,
  }),
] as const;
