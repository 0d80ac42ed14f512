import { Closed } from '@parley/cache-core/kernel';
import { HubError, type ClientFrame } from '@parley/hub-protocol';
import type { Asked } from './asked.ts';
import { newClientId } from './client-id.ts';
import type { Hub, SendDraft, Sending } from './hub.ts';
import type { Listeners } from './listeners.ts';
import { createLoading } from './loading.ts';
import type { Outbox } from './outbox.ts';
import type { Oneself } from './presence/oneself.ts';
import type { Presences } from './presence/presences.ts';
import type { CallRoute } from './rest.ts';
import type { ChannelStore } from './store/channel-store.ts';
import type { View } from './store/view.ts';

export interface HubParts {
  readonly call: CallRoute;
  readonly view: View;
  readonly listeners: Listeners;
  readonly topics: Asked;
  readonly presences: Presences;
  readonly oneself: Oneself;
  readonly outbox: Outbox;
  readonly channel: (channelId: string) => ChannelStore | undefined;
  /** Whether its numbers are those of the present epoch. */
  readonly channelIsCurrent: (store: ChannelStore) => boolean;
  readonly send: (frame: ClientFrame) => boolean;
  /** Characters. */
  readonly mostAppended: () => number;
  readonly connect: () => void;
  readonly ready: () => Promise<void>;
  readonly closed: AbortSignal;
  readonly changed: () => void;
  readonly close: (reason: Closed) => void;
}

/** What users of a client hold in their hands. */
export function createHub(parts: HubParts): Hub {
  const { call, view, listeners, topics, outbox, channel, channelIsCurrent, closed, presences, oneself } =
    parts;

  function send(channelId: string, { clientId = newClientId(), data, ...draft }: SendDraft): Sending {
    const frame = {
      type: 'send' as const,
      ref: clientId,
      channelId,
      clientId,
      ...draft,
      ...(data !== undefined && { data: plainCopy(data) }),
    };
    const message = outbox.add(frame);
    oneself.typing(channelId, 'stop', draft.threadId);
    return { clientId, message };
  }

  return {
    snapshot: () => view.snapshot(),
    subscribe: (listener) => view.subscribe(listener),
    on: (type, listener) => listeners.on(type, listener),
    get ready() {
      return parts.ready();
    },
    call,
    send,
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    append(channelId, messageId, offset, text) {
      const part = Array.from(text).slice(0, parts.mostAppended());
      return parts.send({ type: 'append', channelId, messageId, offset, text: part.join('') })
        ? part.length
        : 0;
    },
    ...createLoading({ call, channel, changed: parts.changed }),
    markRead: (channelId, seq) => {
      const store = channel(channelId);
      if (store === undefined || !channelIsCurrent(store) || !store.mark(seq ?? store.position)) return;
      parts.send({ type: 'read', channelId, seq: store.lastReadSeq });
      view.changed();
    },
    watch: (channelId) => presences.watch(channelId),
    watchAgents: () => presences.watchAgents(),
    typing: oneself.typing,
    setActivity: oneself.setActivity,
    agent: oneself.agent,
    listen: (topic) => topics.want(topic),
    connect: () => {
      if (!closed.aborted) parts.connect();
    },
    close: () => {
      if (!closed.aborted) parts.close(new Closed('the client of the hub'));
    },
  };
}

/** What is sent again must be what was sent first, whatever its owner does to it meanwhile. */
function plainCopy(data: NonNullable<SendDraft['data']>): NonNullable<SendDraft['data']> {
  try {
    // Of an object JSON makes an object.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return JSON.parse(JSON.stringify(data)) as typeof data;
  } catch (cause) {
    throw new HubError('INVALID', 'data must be what JSON can say', { field: 'data', cause });
  }
}
