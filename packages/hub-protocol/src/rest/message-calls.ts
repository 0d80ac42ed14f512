import { count, flag, list, nullable, object } from '../received/reader.ts';
import { pageOf } from '../received/page.ts';
import { edit, epoch, message } from '../received/values.ts';
import type { Call } from './call.ts';

const written = object({ message, seq: count });
const changed = object({ seq: nullable(count) });

export const messageCalls = {
  listMessages: {
    method: 'GET',
    path: '/channels/{channelId}/messages',
    reply: object({ items: list(message), seq: count, epoch, older: flag, newer: flag }),
  },
  sendMessage: {
    method: 'POST',
    path: '/channels/{channelId}/messages',
    reply: written,
  },
  readMessage: {
    method: 'GET',
    path: '/channels/{channelId}/messages/{messageId}',
    reply: message,
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
    reply: pageOf(edit),
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
  listTurn: {
    method: 'GET',
    path: '/channels/{channelId}/turns/{turnId}',
    reply: pageOf(message),
  },
  listPins: {
    method: 'GET',
    path: '/channels/{channelId}/pins',
    reply: pageOf(message),
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
