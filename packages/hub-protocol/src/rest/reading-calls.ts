import * as z from 'zod/mini';
import { readEnvelopeSchema } from '../events/parse-event.ts';
import { epochSchema, seqSchema } from '../ids.ts';
import { received } from '../modes.ts';
import { readingSchema } from '../values/channel.ts';
import { messageSchema } from '../values/message.ts';
import type { Call } from './call.ts';

const following = received({ following: z.boolean() });

export const threadCalls = {
  readThread: {
    method: 'GET',
    path: '/channels/{channelId}/threads/{threadId}',
    reply: received({
      root: messageSchema,
      items: z.array(messageSchema),
      seq: seqSchema,
      epoch: epochSchema,
      newer: z.boolean(),
      following: z.boolean(),
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
    reply: readingSchema,
  },
  listUnreads: {
    method: 'GET',
    path: '/unreads',
    reply: received({ items: z.array(readingSchema) }),
  },
  readLog: {
    method: 'GET',
    path: '/channels/{channelId}/log',
    reply: received({
      items: z.array(readEnvelopeSchema),
      /** The head of the log: there are more events while the last item is below it. */
      seq: seqSchema,
      epoch: epochSchema,
    }),
  },
} as const satisfies Record<string, Call>;
