import type { searchRoutes } from '../rest/search-routes.ts';
import type { CallExamples } from './example-call.ts';
import { exampleMessage } from './example-values.ts';

export const searchCallExamples: CallExamples<keyof typeof searchRoutes> = {
  searchMessages: {
    query: { query: 'wor* from:ada in:general', limit: 20 },
    reply: {
      items: [
        {
          message: exampleMessage,
          snippet: [
            { text: 'Hello, ', marked: false },
            { text: 'world', marked: true },
          ],
        },
      ],
      next: null,
    },
  },
};
