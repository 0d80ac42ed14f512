import * as z from 'zod/mini';
import { idSchema, seqSchema } from '../ids.ts';
import { received } from '../modes.ts';
import type { Call } from './call.ts';

export const eventCalls = {
  postCollaboration: {
    method: 'POST',
    path: '/channels/{channelId}/events',
    reply: received({ seq: seqSchema }),
  },
  postCustom: {
    method: 'POST',
    path: '/topics/{topic}/events',
  },
  announce: {
    method: 'POST',
    path: '/announcements',
    reply: received({ id: idSchema }),
  },
} as const satisfies Record<string, Call>;

export const metaCalls = {
  readOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    reply: z.looseObject({ openapi: z.string() }),
  },
} as const satisfies Record<string, Call>;
