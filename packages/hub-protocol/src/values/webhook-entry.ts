import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { webhookWays } from './words.ts';

/** A webhook in the list of the whole workspace: what it is, and nothing that is read or written by it. */
export const webhookEntrySchema = received({
  id: idSchema,
  channelId: idSchema,
  /** `in`: another program writes to the channel. `out`: another program is told. */
  way: knownOr(webhookWays, 'out'),
  name: z.string(),
  /** Of one that writes: in whose name. */
  userId: z.nullable(idSchema),
  /** Of one that is told: where, without what stands behind the host, which is often a secret. */
  origin: z.nullable(z.string()),
  createdBy: idSchema,
  createdAt: timeSchema,
});
export type WebhookEntry = z.infer<typeof webhookEntrySchema>;
