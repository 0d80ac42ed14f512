import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { received } from '../modes.ts';

/** A token as it is shown: its secret is told once, when it is made, and kept by the hub as a hash only. */
export const tokenSchema = received({
  id: idSchema,
  userId: idSchema,
  name: z.string(),
  /** Text, because a later version may know more scopes. */
  scopes: z.array(z.string()),
  createdAt: timeSchema,
  expiresAt: z.nullable(timeSchema),
  lastUsedAt: z.nullable(timeSchema),
  revokedAt: z.nullable(timeSchema),
});
export type Token = z.infer<typeof tokenSchema>;
