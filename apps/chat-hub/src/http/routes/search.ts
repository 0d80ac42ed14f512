import type { Chat } from '../../chat/chat.ts';
import type { Handlers } from '../handler.ts';
import { readOn } from '../paging.ts';

export function searchHandlers({ chat }: { readonly chat: Chat }): Pick<Handlers, 'searchMessages'> {
  return {
    searchMessages: ({ caller, query: { query, ...page }, signal }) =>
      readOn(page, (after, limit) => chat.search(caller, { query, after, limit, signal })),
  };
}
