import { limits } from '../limits.ts';
import { sent } from '../modes.ts';
import { text } from '../text.ts';
import { foundSchema } from '../values/search.ts';
import { pageQuery } from './fields.ts';
import { pageOf } from './page.ts';
import type { Route } from './route.ts';
import { searchCalls } from './search-calls.ts';

export const searchRoutes = {
  searchMessages: {
    ...searchCalls.searchMessages,
    reply: pageOf(foundSchema),
    summary:
      'Messages that have all of what is asked for, latest first: words, `"words in a row"`, `wor*`, `from:`, `in:`, `before:`, `after:`, `has:` and `is:`, in what the caller may read. A page may have fewer than `limit` or none while `next` goes on, where little was found among much',
    auth: 'any',
    scope: 'read',
    query: sent({
      query: text(limits.search, 1),
      ...pageQuery,
    }),
    status: 200,
  },
} as const satisfies Record<string, Route>;
