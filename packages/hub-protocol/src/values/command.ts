import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { commandCallStates, commandVisibilities } from './words.ts';

/** What is typed as `/name text` in a channel, and who answers it. */
export const commandSchema = received({
  id: idSchema,
  channelId: idSchema,
  name: z.string(),
  description: z.string(),
  /** In whose name it answers: what they may not do there, it may not either. */
  userId: idSchema,
  /** Where what is typed is posted to, without what may be a secret: only the origin. Null: its user answers it themselves. */
  origin: z.nullable(z.string()),
  createdBy: idSchema,
  createdAt: timeSchema,
});
export type Command = z.infer<typeof commandSchema>;

export const commandAnswerSchema = received({
  id: idSchema,
  /** `caller`: for nobody else to see. `channel`: it is a message. */
  visibility: knownOr(commandVisibilities, 'caller'),
  /** Null: it stands in the message. */
  content: z.nullable(z.string()),
  messageId: z.nullable(idSchema),
  createdAt: timeSchema,
});
export type CommandAnswer = z.infer<typeof commandAnswerSchema>;

/** A command that somebody typed. It is forgotten a while after it has ended. */
export const commandCallSchema = received({
  id: idSchema,
  commandId: idSchema,
  channelId: idSchema,
  /** Who typed it. */
  userId: idSchema,
  name: z.string(),
  /** What was typed behind the name. */
  text: z.string(),
  state: knownOr(commandCallStates, 'working'),
  /** Why it failed. */
  error: z.nullable(z.string()),
  answers: z.array(commandAnswerSchema),
  createdAt: timeSchema,
  /** Until when it can be answered. */
  expiresAt: timeSchema,
});
export type CommandCall = z.infer<typeof commandCallSchema>;
