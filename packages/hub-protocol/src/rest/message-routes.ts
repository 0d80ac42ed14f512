import * as z from 'zod/mini';
import { saysSomething, newMessageShape } from '../frames/client-frames.ts';
import { emojiSchema, epochSchema, idSchema, seqSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { received, sent } from '../modes.ts';
import { contentSchema, dataSchema, text } from '../text.ts';
import { editSchema, messageSchema } from '../values/message.ts';
import { ofChannel, ofMessage, pageOf, pageQuery, queryInt } from './fields.ts';
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
    method: 'GET',
    path: '/channels/{channelId}/messages',
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
    reply: received({
      items: z.array(messageSchema),
      /** The state is that of this number: events after it are not in it yet. */
      seq: seqSchema,
      epoch: epochSchema,
      /** Whether there are older and newer ones. */
      older: z.boolean(),
      newer: z.boolean(),
    }),
    status: 200,
  },
  sendMessage: {
    method: 'POST',
    path: '/channels/{channelId}/messages',
    summary: 'Send a message; the same `clientId` again answers the message that is there',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent(newMessageShape).check(saysSomething),
    reply: written,
    status: 201,
    errors: ['ARCHIVED', 'CLIENT_ID_REUSED'],
  },
  readMessage: {
    method: 'GET',
    path: '/channels/{channelId}/messages/{messageId}',
    summary: 'A message',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofMessage,
    reply: messageSchema,
    status: 200,
  },
  editMessage: {
    method: 'PATCH',
    path: '/channels/{channelId}/messages/{messageId}',
    summary: 'Change the text of a message; the earlier one is kept',
    auth: 'any',
    scope: 'write',
    channel: 'author',
    params: ofMessage,
    body: sent({ content: contentSchema }),
    reply: written,
    status: 200,
    errors: ['ARCHIVED', 'GONE'],
  },
  finishMessage: {
    method: 'POST',
    path: '/channels/{channelId}/messages/{messageId}/finish',
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
    reply: written,
    status: 200,
    errors: ['CONFLICT', 'GONE'],
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/channels/{channelId}/messages/{messageId}',
    summary: 'Delete a message; its place stays',
    auth: 'any',
    scope: 'write',
    channel: 'moderate',
    params: ofMessage,
    reply: changed,
    status: 200,
  },
  listEdits: {
    method: 'GET',
    path: '/channels/{channelId}/messages/{messageId}/edits',
    summary: 'The earlier texts of a message, latest first',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofMessage,
    query: sent(pageQuery),
    reply: pageOf(editSchema),
    status: 200,
  },
  addReaction: {
    method: 'PUT',
    path: '/channels/{channelId}/messages/{messageId}/reactions/{emoji}',
    summary: 'React to a message',
    auth: 'any',
    scope: 'react',
    channel: 'post',
    params: ofReaction,
    reply: changed,
    status: 200,
    errors: ['ARCHIVED', 'GONE', 'LIMIT_REACHED'],
  },
  removeReaction: {
    method: 'DELETE',
    path: '/channels/{channelId}/messages/{messageId}/reactions/{emoji}',
    summary: 'Take a reaction back',
    auth: 'any',
    scope: 'react',
    channel: 'post',
    params: ofReaction,
    reply: changed,
    status: 200,
  },
  listPins: {
    method: 'GET',
    path: '/channels/{channelId}/pins',
    summary: 'Pinned messages, latest first',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    query: sent(pageQuery),
    reply: pageOf(messageSchema),
    status: 200,
  },
  pinMessage: {
    method: 'PUT',
    path: '/channels/{channelId}/pins/{messageId}',
    summary: 'Pin a message',
    auth: 'any',
    scope: 'manage',
    channel: 'post',
    params: ofMessage,
    reply: changed,
    status: 200,
    errors: ['ARCHIVED', 'GONE'],
  },
  unpinMessage: {
    method: 'DELETE',
    path: '/channels/{channelId}/pins/{messageId}',
    summary: 'Unpin a message',
    auth: 'any',
    scope: 'manage',
    channel: 'post',
    params: ofMessage,
    reply: changed,
    status: 200,
  },
} as const satisfies Record<string, Route>;
