import * as z from 'zod/mini';
import { maxLength, minLength } from '../lengths.ts';
import { epochSchema, idSchema, seqSchema } from '../ids.ts';
import { capabilitiesSchema, clientIdSchema, customTopicSchema, emojiSchema, refSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { oneOf, sent } from '../modes.ts';
import { contentSchema, dataSchema, openContentSchema, text } from '../text.ts';
import { activities, sentKinds, typingStates } from '../values/words.ts';

const optionalRef = { ref: z.optional(refSchema) };
const ofMessage = { ref: refSchema, channelId: idSchema, messageId: idSchema };

const positionsSchema = z.record(idSchema, seqSchema).check(
  z.refine((positions) => Object.keys(positions).length <= limits.positions, {
    error: `have at most ${limits.positions} entries`,
  }),
);

/** The first frame of a connection. */
const hello = sent({
  type: z.literal('hello'),
  version: z.int(),
  /** A token, where none came in the header `authorization` and no cookie did. */
  token: z.optional(text(limits.secret, 1)),
  /** The epoch that the positions belong to. */
  epoch: z.optional(epochSchema),
  /** The last number of each channel that the client has applied. */
  positions: z.optional(positionsSchema),
  /** What to hear: every channel that the user is in, now and later, or these. */
  subscribe: z.union([z.literal('joined'), z.array(idSchema).check(maxLength(limits.positions))]),
  /** Name and version of the client, for the hub's log. */
  client: z.optional(text(100)),
  /** Names this client among those of its user, the same when it connects again: then it was never away. */
  session: z.optional(text(limits.session, 1)),
});

/** What a message is made of, besides where it goes: the same in the frame `send` and in the route `sendMessage`. */
export const newMessageShape = {
  clientId: clientIdSchema,
  content: openContentSchema,
  threadId: z.optional(idSchema),
  replyTo: z.optional(idSchema),
  /** Thoughts and actions are for agents. */
  kind: z.optional(oneOf(sentKinds)),
  turnId: z.optional(text(limits.ref, 1)),
  causedBy: z.optional(idSchema),
  model: z.optional(text(limits.model)),
  data: z.optional(dataSchema),
  /** Uploaded to the channel by the sender; with them the text may be blank. */
  files: z.optional(z.array(idSchema).check(minLength(1), maxLength(limits.messageFiles))),
  /** `open`: the text comes later, by `append` and `finish`. */
  streaming: z.optional(z.literal('open')),
};

/** What an agent tells of itself for as long as it is connected; what is missing stays as it is. */
const agentCardShape = {
  load: z.optional(z.nullable(z.number().check(z.gte(0), z.lte(1)))),
  capabilities: z.optional(capabilitiesSchema),
  model: z.optional(z.nullable(text(limits.model))),
};

interface Said {
  content: string;
  streaming?: 'open' | undefined;
  files?: string[] | undefined;
}

/** Only a message that is streamed, or brings files, may say nothing. */
export const saysSomething = z.refine<Said>(
  ({ content, streaming, files }) => streaming === 'open' || files !== undefined || /\S/.test(content),
  { path: ['content'], error: 'contain more than blanks' },
);

export const clientFrameSchemas = {
  hello,
  subscribe: sent({
    type: z.literal('subscribe'),
    ...optionalRef,
    channelId: idSchema,
    /** The last number that the client has applied. Without it, the channel is heard from now on. */
    after: z.optional(seqSchema),
    epoch: z.optional(epochSchema),
  }),
  unsubscribe: sent({ type: z.literal('unsubscribe'), ...optionalRef, channelId: idSchema }),
  send: sent({
    type: z.literal('send'),
    ref: refSchema,
    channelId: idSchema,
    ...newMessageShape,
  }).check(saysSomething),
  append: sent({
    type: z.literal('append'),
    ...optionalRef,
    channelId: idSchema,
    messageId: idSchema,
    /** Characters sent before. */
    offset: z.int().check(z.gte(0), z.lte(limits.content)),
    /** None is a sign of life: there is more to come. */
    text: text(limits.append),
  }),
  finish: sent({
    type: z.literal('finish'),
    ...ofMessage,
    /** The whole text. */
    content: contentSchema,
    model: z.optional(text(limits.model)),
    data: z.optional(dataSchema),
  }),
  edit: sent({ type: z.literal('edit'), ...ofMessage, content: contentSchema }),
  delete: sent({ type: z.literal('delete'), ...ofMessage }),
  react: sent({ type: z.literal('react'), ...ofMessage, emoji: emojiSchema }),
  unreact: sent({ type: z.literal('unreact'), ...ofMessage, emoji: emojiSchema }),
  pin: sent({ type: z.literal('pin'), ...ofMessage }),
  unpin: sent({ type: z.literal('unpin'), ...ofMessage }),
  read: sent({ type: z.literal('read'), ...optionalRef, channelId: idSchema, seq: seqSchema }),
  typing: sent({
    type: z.literal('typing'),
    channelId: idSchema,
    state: oneOf(typingStates),
    threadId: z.optional(idSchema),
  }),
  presence: sent({ type: z.literal('presence'), ...optionalRef, activity: oneOf(activities) }),
  agent: sent({ type: z.literal('agent'), ...optionalRef, ...agentCardShape }),
  watch: sent({ type: z.literal('watch'), ...optionalRef, channelId: idSchema }),
  unwatch: sent({ type: z.literal('unwatch'), ...optionalRef, channelId: idSchema }),
  watch_agents: sent({ type: z.literal('watch_agents'), ...optionalRef }),
  unwatch_agents: sent({ type: z.literal('unwatch_agents'), ...optionalRef }),
  listen: sent({ type: z.literal('listen'), ...optionalRef, topic: customTopicSchema }),
  unlisten: sent({ type: z.literal('unlisten'), ...optionalRef, topic: customTopicSchema }),
  ping: sent({ type: z.literal('ping') }),
} as const;

export type ClientFrameType = keyof typeof clientFrameSchemas;

/** The frame of one type that a client sends. */
export type ClientFrameOf<T extends ClientFrameType> = z.infer<(typeof clientFrameSchemas)[T]>;

/** Anything that a client sends, told apart by its type. */
export type ClientFrame = { [T in ClientFrameType]: ClientFrameOf<T> }[ClientFrameType];
