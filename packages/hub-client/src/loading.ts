import { HubError } from '@parley/hub-protocol';
import type { Hub } from './hub.ts';
import type { CallRoute } from './rest.ts';
import type { ChannelStore, Recording } from './store/channel-store.ts';
import { everything } from './store/loader.ts';

export interface LoadingOptions {
  readonly call: CallRoute;
  readonly channel: (channelId: string) => ChannelStore | undefined;
  readonly changed: () => void;
}

type Loads = Pick<Hub, 'loadOlder' | 'loadThread' | 'loadMembers' | 'loadPins'>;

const pageLimit = 200;
const mostTries = 3;

/** What is read when somebody asks for it, and put into the state without undoing what was heard meanwhile. */
export function createLoading({ call, channel, changed }: LoadingOptions): Loads {
  function channelOf(channelId: string): ChannelStore {
    const store = channel(channelId);
    if (store === undefined)
      throw new HubError('NOT_FOUND', 'channelId must be a channel that is followed', { field: 'channelId' });
    return store;
  }

  /** Reads until what comes is not older than what is here, and the channel was not made anew meanwhile. */
  async function bring<T>(
    channelId: string,
    read: (store: ChannelStore) => Promise<T>,
    seqOf: (answer: T) => number,
    merge: (store: ChannelStore, recording: Recording, answer: T) => boolean,
  ): Promise<T> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const store = channelOf(channelId);
      const recording = store.record();
      try {
        const answer = await read(store);
        if (seqOf(answer) >= recording.start && merge(store, recording, answer)) {
          changed();
          return answer;
        }
      } finally {
        store.stop(recording);
      }
    }
    throw new HubError('UNAVAILABLE', 'the channel changes all the time');
  }

  return {
    loadOlder: async (channelId, limit = 50) => {
      const store = channelOf(channelId);
      store.opened = true;
      if (store.olderThan === undefined) return false;
      const page = await bring(
        channelId,
        async ({ olderThan: before }) => {
          const query = { limit, ...(before !== undefined && { before }) };
          return { ...(await call('listMessages', { params: { channelId }, query })), before };
        },
        ({ seq }) => seq,
        (store, recording, page) => store.mergeOlder(recording, page, page.before),
      );
      return page.older;
    },
    loadThread: async (channelId, threadId) => {
      const params = { channelId, threadId };
      let after = 0;
      for (;;) {
        const from = after;
        const page = await bring(
          channelId,
          () => call('readThread', { params, query: { after: from, limit: pageLimit } }),
          ({ seq }) => seq,
          (store, recording, { items, root, seq, newer }) =>
            store.mergeThread(recording, threadId, { items: [root, ...items], seq }, !newer),
        );
        const last = page.items.at(-1);
        if (!page.newer || last === undefined) return;
        after = last.seq;
      }
    },
    loadMembers: async (channelId) => {
      const params = { channelId };
      await bring(
        channelId,
        () => everything((cursor) => call('listMembers', { params, query: { limit: pageLimit, ...cursor } })),
        () => Infinity,
        (store, recording, items) => store.mergeMembers(recording, items),
      );
    },
    loadPins: async (channelId) => {
      const params = { channelId };
      await bring(
        channelId,
        () => everything((cursor) => call('listPins', { params, query: { limit: pageLimit, ...cursor } })),
        () => Infinity,
        // They came later than this, which is all that is known: what happened since is done to them again.
        (store, recording, items) => store.merge(recording, { items, seq: recording.start }),
      );
    },
  };
}
