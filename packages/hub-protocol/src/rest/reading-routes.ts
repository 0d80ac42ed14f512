import * as z from 'zod/mini';
import { readEnvelopeSchema } from '../events/parse-event.ts';
import { epochSchema, idSchema, seqSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { oneOf, received, sent } from '../modes.ts';
import { text } from '../text.ts';
import { levelSchema, readingSchema } from '../values/channel.ts';
import { messageSchema } from '../values/message.ts';
import { notificationLevels } from '../values/words.ts';
import { ofChannel, queryInt } from './fields.ts';
import { threadCalls, readingCalls } from './reading-calls.ts';
import type { Route } from './route.ts';

const following = received({ following: z.boolean() });
const chosen = received({ level: levelSchema });
const choice = sent({ level: z.nullable(oneOf(notificationLevels)) });

const ofThread = sent({ channelId: idSchema, threadId: idSchema });

export const threadRoutes = {
  readThread: {
    ...threadCalls.readThread,
    reply: received({
      root: messageSchema,
      items: z.array(messageSchema),
      seq: seqSchema,
      epoch: epochSchema,
      newer: z.boolean(),
      following: z.boolean(),
    }),
    summary: 'A thread: the message it hangs on, and replies after a number, oldest first',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofThread,
    query: sent({ after: z.optional(queryInt(0)), limit: z.optional(queryInt(1, limits.page)) }),
    status: 200,
  },
  followThread: {
    ...threadCalls.followThread,
    reply: following,
    summary: 'Follow a thread: its replies count as unread. Who writes or is mentioned in one follows it',
    auth: 'any',
    scope: 'write',
    channel: 'see',
    params: ofThread,
    status: 200,
  },
  unfollowThread: {
    ...threadCalls.unfollowThread,
    reply: following,
    summary: 'Follow a thread no longer',
    auth: 'any',
    scope: 'write',
    channel: 'see',
    params: ofThread,
    status: 200,
  },
} as const satisfies Record<string, Route>;

export const readingRoutes = {
  markRead: {
    ...readingCalls.markRead,
    reply: readingSchema,
    summary: 'Everything up to a number is read; the marker only moves forward',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    body: sent({ seq: seqSchema }),
    status: 200,
  },
  listUnreads: {
    ...readingCalls.listUnreads,
    reply: received({
      items: z.array(readingSchema),
      /** What the caller has chosen for public and private channels. Null: `mentions`. */
      defaultLevel: z.optional(levelSchema),
    }),
    summary: 'How far the caller has read in each channel, and what waits there',
    auth: 'any',
    scope: 'read',
    status: 200,
  },
  setNotifications: {
    ...readingCalls.setNotifications,
    reply: chosen,
    summary: 'Choose of what to be told in a channel. Null: as usual',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    body: choice,
    status: 200,
  },
  setDefaultNotifications: {
    ...readingCalls.setDefaultNotifications,
    reply: chosen,
    summary: 'Choose what is usual in public and private channels. Null: `mentions`',
    auth: 'any',
    scope: 'read',
    body: choice,
    status: 200,
  },
  readLog: {
    ...readingCalls.readLog,
    reply: received({
      items: z.array(readEnvelopeSchema),
      /** The head of the log: there are more events while the last item is below it. */
      seq: seqSchema,
      epoch: epochSchema,
    }),
    summary: 'The events of a channel after a number, in order, without holes',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    query: sent({
      after: z.optional(queryInt(0)),
      /** The epoch that `after` belongs to: another one is `EPOCH_CHANGED`. */
      epoch: z.optional(text(128, 1)),
      limit: z.optional(queryInt(1, limits.page)),
    }),
    status: 200,
    errors: ['EPOCH_CHANGED', 'GONE'],
  },
} as const satisfies Record<string, Route>;
