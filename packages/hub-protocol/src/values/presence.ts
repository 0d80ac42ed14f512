import * as z from 'zod/mini';
import { idSchema, timeSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { availabilities, presenceStatuses } from './words.ts';

const chosen = {
  customStatus: z.nullable(z.string()),
  emoji: z.nullable(z.string()),
  /** When what the user has chosen ends by itself. */
  until: z.nullable(timeSchema),
};

/** A user as others see them. */
export const presenceSchema = received({
  userId: idSchema,
  status: knownOr(presenceStatuses, 'online'),
  ...chosen,
  /** When they went, if that is known: for a day. Null while they are here. */
  lastSeen: z.nullable(timeSchema),
});
export type Presence = z.infer<typeof presenceSchema>;

/** What a user has chosen to be seen as. */
export const statusSchema = received({
  /** Null: as the connections say. */
  availability: z.nullable(knownOr(availabilities, 'online')),
  ...chosen,
});
export type Status = z.infer<typeof statusSchema>;

/** Somebody who types. */
export const typistSchema = received({ userId: idSchema, threadId: z.nullable(idSchema) });
export type Typist = z.infer<typeof typistSchema>;

/** Who is in a channel now, connected. */
export const rosterSchema = received({
  channelId: idSchema,
  members: z.array(presenceSchema),
  /** How many are here: more than are listed, when the roster is not complete. */
  users: z.int(),
  /** False of a large channel, of which only some are listed. */
  complete: z.boolean(),
  /** What was known last, and perhaps not right any more: the hub cannot look just now. */
  stale: z.boolean(),
  typing: z.array(typistSchema),
});
export type Roster = z.infer<typeof rosterSchema>;

/** An agent at work, or one that went lately. */
export const agentSchema = received({
  userId: idSchema,
  online: z.boolean(),
  capabilities: z.array(z.string()),
  model: z.nullable(z.string()),
  ownerId: z.nullable(idSchema),
  /** How busy it says it is, from 0 to 1. */
  load: z.nullable(z.number()),
});
export type Agent = z.infer<typeof agentSchema>;
