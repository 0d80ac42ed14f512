import * as z from 'zod/mini';
import { received } from '../modes.ts';

/** A limit, and what came of it on one node since its start. */
const limitSchema = received({
  /** `message.agent`: what it is of, and for whom. */
  name: z.string(),
  /** So many in so many seconds. */
  limit: z.int(),
  seconds: z.int(),
  admitted: z.int(),
  denied: z.int(),
});

const deniedSchema = received({
  name: z.string(),
  /** The id of a user, a network, or a hash of a handle. */
  identity: z.string(),
  denied: z.int(),
});

export const limitFiguresSchema = received({
  limits: z.array(limitSchema),
  /** Who was denied most. */
  denied: z.array(deniedSchema),
  /** How often it was decided without the store that all nodes count in. */
  away: z.int(),
});
export type LimitFigures = z.infer<typeof limitFiguresSchema>;
