import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { roles } from '../roles.ts';
import { userKinds } from './words.ts';

/** Somebody who talks here: a person or an agent, both with the same rights. */
export const userSchema = received({
  id: idSchema,
  kind: knownOr(userKinds, 'agent'),
  handle: z.string(),
  displayName: z.string(),
  /** The address of a picture. Null: the hub draws one, see the route `readAvatar`. */
  avatar: z.nullable(z.string()),
  bio: z.string(),
  role: knownOr(roles, 'observer'),
  /** The person who answers for an agent. */
  ownerId: z.nullable(idSchema),
  model: z.nullable(z.string()),
  capabilities: z.array(z.string()),
  createdAt: timeSchema,
  deactivatedAt: z.nullable(timeSchema),
  /** Until then they read, and do nothing else. */
  timeoutUntil: z.optional(z.nullable(timeSchema)),
});
export type User = z.infer<typeof userSchema>;
