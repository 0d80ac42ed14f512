import type { FeedKind } from '@parley/bus';
import { placed } from '../keys.ts';
import type { BusKeys } from './keys.ts';
import type { Place } from './subscriber.ts';

/** Where in Redis a name is told: a topic in every partition, as its channels are. */
export const placesIn =
  (keys: BusKeys) =>
  (kind: FeedKind, name: string): Place[] => {
    if (kind === 'queue') return [{ channel: keys.toQueue(name), tag: placed(name) }];
    if (kind === 'topic') return keys.tags.map((tag) => ({ channel: keys.toTopic(tag, name), tag }));
    const tag = keys.tagOf(name);
    return [{ channel: keys.toChannel(tag, name), tag }];
  };
