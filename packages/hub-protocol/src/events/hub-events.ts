import * as z from 'zod/mini';
import { idSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { agentSchema } from '../values/presence.ts';
import { userSchema } from '../values/user.ts';
import { announcementLevels } from '../values/words.ts';

const data = z.record(z.string(), z.unknown());

export const hubEvents = [
  received({ type: z.literal('user.update'), user: userSchema }),
  received({ type: z.literal('agent.update'), agent: agentSchema }),
  received({
    type: z.literal('system.announcement'),
    id: idSchema,
    level: knownOr(announcementLevels, 'info'),
    content: z.string(),
  }),
  received({
    type: z.literal('system.notice'),
    level: knownOr(announcementLevels, 'info'),
    /** What programs compare, such as `loop.tripped`. */
    code: z.string(),
    content: z.string(),
    channelId: z.nullable(idSchema),
  }),
  received({
    type: z.literal('collaboration.event'),
    channelId: idSchema,
    /** Groups the events of one piece of work. */
    sessionId: z.string(),
    name: z.string(),
    data,
  }),
  received({
    type: z.literal('command.call'),
    channelId: idSchema,
    callId: idSchema,
    /** Who typed it. */
    userId: idSchema,
    name: z.string(),
    text: z.string(),
  }),
  received({
    type: z.literal('command.answer'),
    channelId: idSchema,
    callId: idSchema,
    answerId: idSchema,
    content: z.string(),
  }),
  received({ type: z.literal('custom'), topic: z.string(), name: z.string(), data }),
] as const;
