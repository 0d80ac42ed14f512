import * as z from 'zod/mini';
import {
  envelopeShape,
  hubEventSchema,
  type Envelope,
  type HubEvent,
  type UnknownEvent,
} from '../events/event.ts';
import { problemSchema } from '../problem-schema.ts';
import { epochSchema, idSchema, seqSchema } from '../ids.ts';
import { knownOr, received } from '../modes.ts';
import { messageSchema } from '../values/message.ts';
import { agentSchema, rosterSchema } from '../values/presence.ts';
import { goodbyeReasons, resumeStates, resyncReasons } from '../values/words.ts';

const welcomeLimits = received({
  content: z.int(),
  contentBytes: z.int(),
  append: z.int(),
  frameBytes: z.int(),
  framesPerMessage: z.int(),
  listens: z.int(),
  watches: z.int(),
});

/** What a hub sends, by type; `event` is checked apart, because its types are many and may be later ones. */
export const serverFrameSchemas = {
  welcome: received({
    type: z.literal('welcome'),
    version: z.int(),
    epoch: epochSchema,
    userId: idSchema,
    nodeId: z.string(),
    /** Milliseconds after which a client that has heard nothing sends `ping`, and after twice of which it reconnects. */
    heartbeat: z.int(),
    limits: welcomeLimits,
    /** `resync`: the positions belong to another epoch, and every channel must be read anew. */
    resume: knownOr(resumeStates, 'resync'),
  }),
  event: received({ type: z.literal('event'), event: hubEventSchema, ...envelopeShape }),
  /** All that was missed in this channel has been sent: from here on it is live. */
  caught_up: received({ type: z.literal('caught_up'), channelId: idSchema, seq: seqSchema }),
  /** Too much was missed to send it: read the channel anew, and take events after `seq`. */
  resync: received({
    type: z.literal('resync'),
    channelId: idSchema,
    epoch: epochSchema,
    seq: seqSchema,
    reason: knownOr(resyncReasons, 'gap'),
  }),
  /** The channel is not there any more, or not for this user: forget it. */
  gone: received({ type: z.literal('gone'), channelId: idSchema }),
  /** The last number of each channel: whoever is behind has lost the end, and subscribes again after what it has. */
  heads: received({ type: z.literal('heads'), epoch: epochSchema, heads: z.record(z.string(), seqSchema) }),
  /** Who is in a channel that the connection watches: at first, and whenever events do not tell what changed. */
  roster: received({ type: z.literal('roster'), roster: rosterSchema }),
  /** The agents, to a connection that watches them: at first, and whenever events do not tell what changed. */
  agents: received({ type: z.literal('agents'), agents: z.array(agentSchema), stale: z.boolean() }),
  /** It is committed. */
  ack: received({
    type: z.literal('ack'),
    ref: z.string(),
    channelId: z.optional(idSchema),
    messageId: z.optional(idSchema),
    /** The number that it took, when it took one. */
    seq: z.optional(seqSchema),
    /** What became of the message, after `send`, `finish` and `edit`. */
    message: z.optional(messageSchema),
  }),
  error: received({ type: z.literal('error'), ref: z.optional(z.string()), error: problemSchema }),
  /** The connection will be closed. */
  goodbye: received({
    type: z.literal('goodbye'),
    reason: knownOr(goodbyeReasons, 'other'),
    /** Milliseconds to wait before connecting again. */
    reconnectAfter: z.int(),
  }),
  pong: received({ type: z.literal('pong') }),
} as const;

export type ServerFrameType = keyof typeof serverFrameSchemas;

/** A frame of a later version, or one that could not be read: nothing can be done about it but to tell. */
export interface UnknownFrame {
  readonly type: 'unknown';
  /** The type as it came, or an empty text. */
  readonly name: string;
  /** Why it could not be read. Null: its type is not known here. */
  readonly fault: string | null;
}

/** The frame of one type that a hub sends. */
export type ServerFrameOf<T extends ServerFrameType> = z.infer<(typeof serverFrameSchemas)[T]>;

/** Anything that a hub sends, told apart by its type. */
export type ServerFrame = { [T in ServerFrameType]: ServerFrameOf<T> }[ServerFrameType];

/** An event frame as it is read: the envelope is known, the event itself may be one of a later version. */
export type EventFrame = Envelope<HubEvent | UnknownEvent> & { type: 'event' };

/** What a client makes of what it receives. */
export type ReadFrame = Exclude<ServerFrame, { type: 'event' }> | EventFrame | UnknownFrame;
