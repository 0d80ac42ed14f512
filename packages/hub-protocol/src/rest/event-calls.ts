import { anything, count, object, record, text, type Reader } from '../received/reader.ts';
import { id } from '../received/values.ts';
import type { Call } from './call.ts';

export const eventCalls = {
  postCollaboration: {
    method: 'POST',
    path: '/channels/{channelId}/events',
    reply: object({ seq: count }),
  },
  postCustom: {
    method: 'POST',
    path: '/topics/{topic}/events',
  },
} as const satisfies Record<string, Call>;

export const announceCalls = {
  announce: {
    method: 'POST',
    path: '/announcements',
    reply: object({ id }),
  },
} as const satisfies Record<string, Call>;

const described = object({ openapi: text });
const all = record(anything);

/** Nothing of it is dropped. */
const document: Reader<{ [field: string]: unknown; openapi: string }> = (value) => ({
  ...all(value),
  ...described(value),
});

export const metaCalls = {
  readOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    reply: document,
  },
} as const satisfies Record<string, Call>;
