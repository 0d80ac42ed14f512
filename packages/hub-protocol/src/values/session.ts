import * as z from 'zod/mini';
import { timeSchema } from '../ids.ts';
import { received } from '../modes.ts';

/** Where a user is signed in. Its id names it to its owner and opens nothing. */
export const sessionSchema = received({
  id: z.string(),
  createdAt: timeSchema,
  lastSeenAt: timeSchema,
  /** When it ends if it is not used again. */
  expiresAt: timeSchema,
  /** From where somebody signed in, as far as that was known. */
  address: z.nullable(z.string()),
  /** What the browser called itself. */
  userAgent: z.nullable(z.string()),
  /** Whether it is the one that asks. */
  current: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;
