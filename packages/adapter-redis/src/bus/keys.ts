import { placed } from '../keys.ts';
import { partitionOf, tags } from './tags.ts';

/**
 * Every key and channel of the bus in Redis, in one place. `{tag}` is that of one of 128 partitions in Cluster, and `{bus}` elsewhere:
 *
 *     <prefix>log:{tag}:<channel>                 the records of a channel                                 stream
 *     <prefix>head:{tag}:<channel>                its epoch, and where it stands                           hash
 *     <prefix>once:{tag}:<length>:<channel>:<key> the place of the record with an idempotency key          string
 *     <prefix>topic:{tag}:<topic>                 names of the wide channels of a topic                    sorted set
 *     <prefix>jobs:{<queue>}:due, taken, dead     ids of the jobs of a queue, by what will become of them  sorted sets
 *     <prefix>jobs:{<queue>}:state, bodies        the jobs themselves, by id                               hashes
 *     <prefix>jobs:{<queue>}:once:<key>           the job with an idempotency key                          string
 *     <prefix>jobs:{<queue>}:taken:<token>        what a token was given                                   string
 *
 * and, as databases share their channels, with the number of the database behind them:
 *
 *     <prefix>c:{tag}:<channel>@<db>              what is appended and sent to a channel                   channel
 *     <prefix>t:{tag}:<topic>@<db>                what is wide in a topic                                  channel
 *     <prefix>q:{<queue>}@<db>                    that there is work                                       channel
 *     <prefix>p:{tag}:<id>@<db>                   whether a subscription hears                             channel
 */
export interface BusKeys {
  /** All of them in Cluster, else one. */
  readonly tags: readonly string[];
  readonly tagOf: (channel: string) => string;
  readonly log: (tag: string, channel: string) => string;
  readonly head: (tag: string, channel: string) => string;
  readonly once: (tag: string, channel: string, key: string) => string;
  readonly topic: (tag: string, topic: string) => string;
  readonly jobs: (queue: string) => JobKeys;
  readonly toChannel: (tag: string, channel: string) => string;
  readonly toTopic: (tag: string, topic: string) => string;
  readonly toQueue: (queue: string) => string;
  /** @param tag as it stands between the braces, so that of a queue does as well */
  readonly probe: (tag: string, id: string) => string;
}

interface JobKeys {
  readonly due: string;
  readonly taken: string;
  readonly dead: string;
  readonly state: string;
  readonly bodies: string;
  readonly once: (key: string) => string;
  readonly given: (token: string) => string;
}

export const topicOf = (channel: string): string => channel.slice(0, channel.indexOf(':'));

export function busKeys(prefix: string, db: number, clustered: boolean): BusKeys {
  const all = clustered ? tags : ['bus'];
  return {
    tags: all,
    tagOf: (channel) => (clustered ? (tags[partitionOf(channel)] ?? '') : 'bus'),
    log: (tag, channel) => `${prefix}log:{${tag}}:${channel}`,
    head: (tag, channel) => `${prefix}head:{${tag}}:${channel}`,
    once: (tag, channel, key) => `${prefix}once:{${tag}}:${channel.length}:${channel}:${key}`,
    topic: (tag, topic) => `${prefix}topic:{${tag}}:${topic}`,
    jobs: (queue) => {
      const own = `${prefix}jobs:{${placed(queue)}}:`;
      return {
        due: `${own}due`,
        taken: `${own}taken`,
        dead: `${own}dead`,
        state: `${own}state`,
        bodies: `${own}bodies`,
        once: (key) => `${own}once:${key}`,
        given: (token) => `${own}taken:${token}`,
      };
    },
    toChannel: (tag, channel) => `${prefix}c:{${tag}}:${channel}@${db}`,
    toTopic: (tag, topic) => `${prefix}t:{${tag}}:${topic}@${db}`,
    toQueue: (queue) => `${prefix}q:{${placed(queue)}}@${db}`,
    probe: (tag, id) => `${prefix}p:{${tag}}:${id}@${db}`,
  };
}
