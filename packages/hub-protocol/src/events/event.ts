import * as z from 'zod/mini';
import { epochSchema, idSchema, seqSchema, timeSchema } from '../ids.ts';
import { received } from '../modes.ts';
import { channelEvents, memberEvents, momentEvents } from './channel-events.ts';
import { hubEvents } from './hub-events.ts';
import { messageEvents, threadEvents } from './message-events.ts';

/** What happened, told apart by its type. */
export const hubEventSchema = z.discriminatedUnion('type', [
  ...messageEvents,
  ...threadEvents,
  ...channelEvents,
  ...memberEvents,
  ...momentEvents,
  ...hubEvents,
]);
export type HubEvent = z.infer<typeof hubEventSchema>;
export type EventType = HubEvent['type'];

/** The event of one type. */
export type EventOf<T extends EventType> = Extract<HubEvent, { type: T }>;

/** What surrounds every event. */
export const envelopeShape = {
  timestamp: timeSchema,
  /** Who did it. Null: the hub itself. */
  senderId: z.nullable(idSchema),
  /** Null: not of one channel. */
  channelId: z.nullable(idSchema),
  /** The event's number in the channel's log, where it has one, and the history that the number belongs to. */
  seq: z.optional(seqSchema),
  epoch: z.optional(epochSchema),
};

export const envelopeSchema = received({ event: hubEventSchema, ...envelopeShape });

/** An event as it travels, in frames, over the bus and from the log. */
export type Envelope<E = HubEvent> = Omit<z.infer<typeof envelopeSchema>, 'event'> & { event: E };

/**
 * An event of a later version, or one that could not be read. Its number is spent all the same: take it, and read the state of the
 * channel anew when it matters.
 */
export interface UnknownEvent {
  readonly type: 'unknown';
  /** The type as it came. */
  readonly name: string;
  /** Why it could not be read. Null: its type is not known here. */
  readonly fault: string | null;
}
