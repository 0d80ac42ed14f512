import * as z from 'zod/mini';
import { received } from '../modes.ts';

/** How long messages of a channel are kept. */
export const retentionRuleSchema = received({
  /** What is said of this channel. Null: nothing. 0: for ever. */
  days: z.nullable(z.int()),
  /** What holds: without a rule of its own, what the hub was started with. 0: for ever. */
  inForce: z.int(),
});
export type RetentionRule = z.output<typeof retentionRuleSchema>;
