import { envelope } from '../received/events.ts';
import { count, flag, list, object, optional } from '../received/reader.ts';
import { epoch, level, message, reading } from '../received/values.ts';
import type { Call } from './call.ts';

const following = object({ following: flag });
const chosen = object({ level });

export const threadCalls = {
  readThread: {
    method: 'GET',
    path: '/channels/{channelId}/threads/{threadId}',
    reply: object({
      root: message,
      items: list(message),
      seq: count,
      epoch,
      newer: flag,
      following: flag,
    }),
  },
  followThread: {
    method: 'PUT',
    path: '/channels/{channelId}/threads/{threadId}/follow',
    reply: following,
  },
  unfollowThread: {
    method: 'DELETE',
    path: '/channels/{channelId}/threads/{threadId}/follow',
    reply: following,
  },
} as const satisfies Record<string, Call>;

export const readingCalls = {
  markRead: {
    method: 'PUT',
    path: '/channels/{channelId}/read',
    reply: reading,
  },
  listUnreads: {
    method: 'GET',
    path: '/unreads',
    reply: object({ items: list(reading), defaultLevel: optional(level) }),
  },
  setNotifications: {
    method: 'PUT',
    path: '/channels/{channelId}/notifications',
    reply: chosen,
  },
  setDefaultNotifications: {
    method: 'PUT',
    path: '/notifications',
    reply: chosen,
  },
  readLog: {
    method: 'GET',
    path: '/channels/{channelId}/log',
    reply: object({ items: list(envelope), seq: count, epoch }),
  },
} as const satisfies Record<string, Call>;
