import type { Chat, Done } from '../../chat/chat.ts';
import type { Handlers } from '../handler.ts';
import { cutOrdered, readPage, seqIn } from '../paging.ts';
import { messageIn } from './in-channel.ts';

type Names =
  | 'listMessages'
  | 'sendMessage'
  | 'readMessage'
  | 'editMessage'
  | 'finishMessage'
  | 'deleteMessage'
  | 'listEdits'
  | 'addReaction'
  | 'removeReaction'
  | 'listPins'
  | 'listTurn'
  | 'pinMessage'
  | 'unpinMessage';

export function messageHandlers({ chat }: { readonly chat: Chat }): Pick<Handlers, Names> {
  const { messages } = chat;
  return {
    async listMessages({ caller, params, query, signal }) {
      const page = await messages.page(caller, params.channelId, { ...query, signal });
      const { messages: items, seq, epoch, hasBefore: older, hasAfter: newer } = page;
      return { items, seq, epoch, older, newer };
    },
    async sendMessage({ caller, params, body, signal }) {
      const message = await messages.send(caller, params.channelId, body, { signal });
      return { message, seq: message.seq };
    },
    readMessage: ({ caller, params, signal }) => messageIn(chat, caller, params, { signal }),
    async editMessage({ caller, params, body, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return messages.edit(caller, id, body.content, { signal });
    },
    async finishMessage({ caller, params, body, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return messages.finish(caller, id, body, { signal });
    },
    async deleteMessage({ caller, params, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return changed(await messages.delete(caller, id, { signal }));
    },
    async listEdits({ caller, params, query, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return cutOrdered(await messages.edits(caller, id, { signal }), query);
    },
    async addReaction({ caller, params, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return changed(await messages.react(caller, id, params.emoji, true, { signal }));
    },
    async removeReaction({ caller, params, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return changed(await messages.react(caller, id, params.emoji, false, { signal }));
    },
    listTurn: ({ caller, params: { channelId, turnId }, query, signal }) =>
      readPage(
        query,
        (after, limit) => messages.turn(caller, channelId, turnId, { after: seqIn(after), limit, signal }),
        ({ seq }) => String(seq),
      ),
    async listPins({ caller, params, query, signal }) {
      return cutOrdered(await messages.pins(caller, params.channelId, { signal }), query);
    },
    async pinMessage({ caller, params, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return changed(await messages.pin(caller, id, true, { signal }));
    },
    async unpinMessage({ caller, params, signal }) {
      const { id } = await messageIn(chat, caller, params, { signal });
      return changed(await messages.pin(caller, id, false, { signal }));
    },
  };
}

function changed({ seq }: Done): { seq: number | null } {
  return { seq: seq ?? null };
}
