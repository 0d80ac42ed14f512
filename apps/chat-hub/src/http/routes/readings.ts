import { HubError, limits } from '@parley/hub-protocol';
import type { Chat } from '../../chat/chat.ts';
import { JsonText, type Handlers } from '../handler.ts';
import { messageIn } from './in-channel.ts';

type Names =
  | 'readThread'
  | 'followThread'
  | 'unfollowThread'
  | 'markRead'
  | 'listUnreads'
  | 'setNotifications'
  | 'setDefaultNotifications'
  | 'readLog';

export function readingHandlers({ chat }: { readonly chat: Chat }): Pick<Handlers, Names> {
  const { messages, readings, notifications, logs } = chat;
  return {
    async readThread({ caller, params: { channelId, threadId }, query: { after = 0, limit }, signal }) {
      const root = await messageIn(chat, caller, { channelId, messageId: threadId }, { signal });
      const page = await messages.thread(caller, threadId, { after, limit, signal });
      const { messages: items, seq, epoch, hasAfter: newer, following } = page;
      return { root, items, seq, epoch, newer, following };
    },
    async followThread({ caller, params: { channelId, threadId }, signal }) {
      const { id } = await messageIn(chat, caller, { channelId, messageId: threadId }, { signal });
      await messages.follow(caller, id, true, { signal });
      return { following: true };
    },
    async unfollowThread({ caller, params: { channelId, threadId }, signal }) {
      const { id } = await messageIn(chat, caller, { channelId, messageId: threadId }, { signal });
      await messages.follow(caller, id, false, { signal });
      return { following: false };
    },
    markRead: ({ caller, params, body, signal }) =>
      readings.mark(caller, params.channelId, body.seq, { signal }),
    listUnreads: ({ caller, signal }) => readings.list(caller, { signal }),
    async setNotifications({ caller, params: { channelId }, body: { level }, signal }) {
      await notifications.set(caller, channelId, level, { signal });
      return { level };
    },
    async setDefaultNotifications({ caller, body: { level }, signal }) {
      await notifications.setDefault(caller, level, { signal });
      return { level };
    },
    async readLog({ caller, params: { channelId }, query, signal }) {
      const { after = 0, epoch: asked, limit = limits.pageDefault } = query;
      const epoch = logs.epoch();
      if (asked !== undefined && asked !== epoch)
        throw new HubError('EPOCH_CHANGED', 'the number belongs to another history: begin anew', {
          field: 'epoch',
        });
      const seq = await logs.head(caller, channelId, { signal });
      const entries = await logs.read(channelId, after, limit, { signal });
      const items = entries.map(({ event, at, actorId, seq }) => {
        const envelope = { timestamp: at, senderId: actorId, channelId, seq, epoch };
        // The event is JSON already, as it is for sockets.
        return `{"event":${event},${JSON.stringify(envelope).slice(1)}`;
      });
      return new JsonText(`{"items":[${items.join(',')}],"seq":${seq},"epoch":${JSON.stringify(epoch)}}`);
    },
  };
}
