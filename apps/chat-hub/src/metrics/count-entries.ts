import type { OpenFeed } from '../live/create-feed.ts';
import type { Typists } from '../presence/typists.ts';
import type { Metrics } from './metrics.ts';

/** Counts what this node writes to logs, by what it is; and whoever has written types no more. */
export function countEntries(feed: OpenFeed, metrics: Metrics, typists: Pick<Typists, 'over'>): OpenFeed {
  const count = metrics.counter('parley_log_entries_total', 'Entries that this node added to logs.');
  return {
    ...feed,
    committed(channelId, entries) {
      for (const { type, actorId } of entries) {
        count({ type });
        const isMessage = type === 'channel.message' || type === 'thread.message';
        if (isMessage && actorId !== null) typists.over(channelId, actorId);
      }
      feed.committed(channelId, entries);
    },
  };
}
