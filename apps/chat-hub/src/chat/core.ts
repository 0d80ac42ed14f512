import type { Cache } from '@parley/cache-core';
import type { Clock, Lru } from '@parley/cache-core/kernel';
import type { ApplicationTables } from '@parley/runtime';
import type { Feed } from '../live/feed.ts';
import type { Turns } from '../log/turns.ts';
import type { Streams } from './streams.ts';

/** What all parts of the chat stand on. */
export interface ChatCore {
  readonly tables: ApplicationTables;
  readonly cache: Cache;
  readonly feed: Feed;
  readonly clock: Clock;
  /** Of those who change channels, and of messages. */
  readonly turns: Turns;
  /** The epoch that the numbers of all logs belong to, as it is known now. */
  readonly epoch: () => string;
  /** Rejects when what was read while this epoch was known may belong to another one. */
  readonly confirmEpoch: (epoch: string) => Promise<void>;
  /** Threads that are known to have been made. */
  readonly threads: Lru<string, true>;
  /** Messages that are being streamed from this node. */
  readonly streams: Streams;
}
