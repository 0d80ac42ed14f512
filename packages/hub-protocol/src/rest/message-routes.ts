import * as z from 'zod/mini';
import { saysSomething, newMessageShape } from '../frames/client-frames.ts';
import { epochSchema, idSchema, seqSchema } from '../ids.ts';
import { emojiSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { received, sent } from '../modes.ts';
import { contentSchema, dataSchema, text } from '../text.ts';
import { editSchema, messageSchema } from '../values/message.ts';
import { ofChannel, ofMessage, pageQuery, queryInt } from './fields.ts';
import { pageOf } from './page.ts';
import { messageCalls } from './message-calls.ts';
import type { Route } from './route.ts';

const written = received({
  message: messageSchema,
  /** The number that the change took in the channel's log. */
  seq: seqSchema,
});
const changed = received({
  /** The number that the change took; null: nothing was to change. */
  seq: z.nullable(seqSchema),
});

const ofReaction = sent({ channelId: idSchema, messageId: idSchema, emoji: emojiSchema });

export const messageRoutes = {
  listMessages: {
    ...messageCalls.listMessages,
    reply: received({
      items: z.array(messageSchema),
      /** The state is that of this number: events after it are not in it yet. */
      seq: seqSchema,
      epoch: epochSchema,
      /** Whether there are older and newer ones. */
      older: z.boolean(),
      newer: z.boolean(),
    }),
    summary:
      'Messages outside of threads, oldest first: the last ones, or those before, after or around a number',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    query: sent({
      before: z.optional(queryInt(0)),
      after: z.optional(queryInt(0)),
      around: z.optional(queryInt(0)),
      limit: z.optional(queryInt(1, limits.page)),
    }).check(
      z.refine(
        ({ before, after, around }) => [before, after, around].filter((at) => at !== undefined).length < 2,
        {
          error: 'name only one of before, after and around',
        },
      ),
    ),
    status: 200,
  },
  sendMessage: {
    ...messageCalls.sendMessage,
    reply: written,
    summary: 'Send a message; the same `clientId` again answers the message that is there',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent(newMessageShape).check(saysSomething),
    status: 201,
    errors: ['ARCHIVED', 'CLIENT_ID_REUSED'],
  },
  readMessage: {
    ...messageCalls.readMessage,
    reply: messageSchema,
    summary: 'A message',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofMessage,
    status: 200,
  },
  editMessage: {
    ...messageCalls.editMessage,
    reply: written,
    summary: 'Change the text of a message; the earlier one is kept',
    auth: 'any',
    scope: 'write',
    channel: 'author',
    params: ofMessage,
    body: sent({ content: contentSchema }),
    status: 200,
    errors: ['ARCHIVED', 'GONE'],
  },
  finishMessage: {
    ...messageCalls.finishMessage,
    reply: written,
    summary: 'End a streaming message with the whole of its text',
    auth: 'any',
    scope: 'write',
    channel: 'author',
    params: ofMessage,
    body: sent({
      content: contentSchema,
      model: z.optional(text(limits.model)),
      data: z.optional(dataSchema),
    }),
    status: 200,
    errors: ['CONFLICT', 'GONE'],
  },
  deleteMessage: {
    ...messageCalls.deleteMessage,
    reply: changed,
    summary: 'Delete a message; its place stays',
    auth: 'any',
    scope: 'write',
    channel: 'moderate',
    params: ofMessage,
    status: 200,
  },
  listEdits: {
    ...messageCalls.listEdits,
    reply: pageOf(editSchema),
    summary: 'The earlier texts of a message, latest first',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofMessage,
    query: sent(pageQuery),
    status: 200,
  },
  addReaction: {
    ...messageCalls.addReaction,
    reply: changed,
    summary: 'React to a message',
    auth: 'any',
    scope: 'react',
    channel: 'post',
    params: ofReaction,
    status: 200,
    errors: ['ARCHIVED', 'GONE', 'LIMIT_REACHED'],
  },
  removeReaction: {
    ...messageCalls.removeReaction,
    reply: changed,
    summary: 'Take a reaction back',
    auth: 'any',
    scope: 'react',
    channel: 'post',
    params: ofReaction,
    status: 200,
  },
  listTurn: {
    ...messageCalls.listTurn,
    reply: pageOf(messageSchema),
    summary: 'What belongs to one turn of an agent, oldest first: thoughts, actions and messages',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: sent({ channelId: idSchema, turnId: text(limits.ref, 1) }),
    query: sent(pageQuery),
    status: 200,
  },
  listPins: {
    ...messageCalls.listPins,
    reply: pageOf(messageSchema),
    summary: 'Pinned messages, latest first',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    query: sent(pageQuery),
    status: 200,
  },
  pinMessage: {
    ...messageCalls.pinMessage,
    reply: changed,
    summary: 'Pin a message',
    auth: 'any',
    scope: 'manage',
    channel: 'post',
    params: ofMessage,
    status: 200,
    errors: ['ARCHIVED', 'GONE'],
  },
  unpinMessage: {
    ...messageCalls.unpinMessage,
    reply: changed,
    summary: 'Unpin a message',
    auth: 'any',
    scope: 'manage',
    channel: 'post',
    params: ofMessage,
    status: 200,
  },
} as const satisfies Record<string, Route>;
