import { envelope } from '../received/events.ts';
import { count, flag, list, object } from '../received/reader.ts';
import { epoch, message, reading } from '../received/values.ts';
import type { Call } from './call.ts';

const following = object({ following: flag });

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
    reply: object({ items: list(reading) }),
  },
  readLog: {
    method: 'GET',
    path: '/channels/{channelId}/log',
    reply: object({ items: list(envelope), seq: count, epoch }),
  },
} as const satisfies Record<string, Call>;
