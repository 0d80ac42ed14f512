import * as z from 'zod/mini';
import { saysSomething, newMessageShape } from '../frames/client-frames.ts';
import { idSchema } from '../ids.ts';
import { emojiSchema } from '../names.ts';
import { limits } from '../limits.ts';
import { sent } from '../modes.ts';
import { contentSchema, dataSchema, text } from '../text.ts';
import { ofChannel, ofMessage, pageQuery, queryInt } from './fields.ts';
import { messageCalls } from './message-calls.ts';
import type { Route } from './route.ts';

const ofReaction = sent({ channelId: idSchema, messageId: idSchema, emoji: emojiSchema });

export const messageRoutes = {
  listMessages: {
    ...messageCalls.listMessages,
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
    summary: 'A message',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofMessage,
    status: 200,
  },
  editMessage: {
    ...messageCalls.editMessage,
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
    summary: 'Delete a message; its place stays',
    auth: 'any',
    scope: 'write',
    channel: 'moderate',
    params: ofMessage,
    status: 200,
  },
  listEdits: {
    ...messageCalls.listEdits,
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
    summary: 'Take a reaction back',
    auth: 'any',
    scope: 'react',
    channel: 'post',
    params: ofReaction,
    status: 200,
  },
  listPins: {
    ...messageCalls.listPins,
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
    summary: 'Unpin a message',
    auth: 'any',
    scope: 'manage',
    channel: 'post',
    params: ofMessage,
    status: 200,
  },
} as const satisfies Record<string, Route>;
