import * as z from 'zod/mini';
import { epochSchema, seqSchema } from '../ids.ts';
import { received } from '../modes.ts';
import { editSchema, messageSchema } from '../values/message.ts';
import { pageOf } from './page.ts';
import type { Call } from './call.ts';

const written = received({
  message: messageSchema,
  /** The number that the change took in the channel's log. */
  seq: seqSchema,
});
const changed = received({
  /** The number that the change took; null: nothing was to change. */
  seq: z.nullable(seqSchema),
});

export const messageCalls = {
  listMessages: {
    method: 'GET',
    path: '/channels/{channelId}/messages',
    reply: received({
      items: z.array(messageSchema),
      /** The state is that of this number: events after it are not in it yet. */
      seq: seqSchema,
      epoch: epochSchema,
      /** Whether there are older and newer ones. */
      older: z.boolean(),
      newer: z.boolean(),
    }),
  },
  sendMessage: {
    method: 'POST',
    path: '/channels/{channelId}/messages',
    reply: written,
  },
  readMessage: {
    method: 'GET',
    path: '/channels/{channelId}/messages/{messageId}',
    reply: messageSchema,
  },
  editMessage: {
    method: 'PATCH',
    path: '/channels/{channelId}/messages/{messageId}',
    reply: written,
  },
  finishMessage: {
    method: 'POST',
    path: '/channels/{channelId}/messages/{messageId}/finish',
    reply: written,
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/channels/{channelId}/messages/{messageId}',
    reply: changed,
  },
  listEdits: {
    method: 'GET',
    path: '/channels/{channelId}/messages/{messageId}/edits',
    reply: pageOf(editSchema),
  },
  addReaction: {
    method: 'PUT',
    path: '/channels/{channelId}/messages/{messageId}/reactions/{emoji}',
    reply: changed,
  },
  removeReaction: {
    method: 'DELETE',
    path: '/channels/{channelId}/messages/{messageId}/reactions/{emoji}',
    reply: changed,
  },
  listPins: {
    method: 'GET',
    path: '/channels/{channelId}/pins',
    reply: pageOf(messageSchema),
  },
  pinMessage: {
    method: 'PUT',
    path: '/channels/{channelId}/pins/{messageId}',
    reply: changed,
  },
  unpinMessage: {
    method: 'DELETE',
    path: '/channels/{channelId}/pins/{messageId}',
    reply: changed,
  },
} as const satisfies Record<string, Call>;
