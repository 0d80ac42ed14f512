import type { Feed, FeedListener } from './feed.ts';

/** A feed in this process, for programs of one process and for tests: presences that are given the same one hear each other. */
export function memoryFeed(): Feed {
  const channels = new Map<string, Set<FeedListener>>();
  return {
    send: async (notices) => {
      // Nobody is told within the call of somebody else.
      await Promise.resolve();
      for (const { channel, body } of notices) {
        for (const listener of channels.get(channel) ?? []) listener.notice(body);
      }
    },

    follow: (channel, listener) => {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(listener));
      queueMicrotask(() => {
        if (listeners.has(listener)) listener.hearing(true);
      });
      return {
        close: () => {
          listeners.delete(listener);
          if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel);
        },
      };
    },
  };
}
