import { pageOf } from '../received/page.ts';
import { flag, list, object, text } from '../received/reader.ts';
import { message } from '../received/values.ts';
import type { Call } from './call.ts';

export const searchCalls = {
  searchMessages: {
    method: 'GET',
    path: '/search',
    reply: pageOf(object({ message, snippet: list(object({ text, marked: flag })) })),
  },
} as const satisfies Record<string, Call>;
