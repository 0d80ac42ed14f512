import { partitionOf, tags } from '../bus/tags.ts';

/**
 * Every key of presence in Redis, in one place. `{tag}` is that of one of 16 partitions in Cluster, and `{presence}` elsewhere:
 *
 *     <prefix>presence:{tag}:leases       leases of processes, by when they end                       sorted set
 *     <prefix>presence:{tag}:turns        the last turn of each lease                                 hash
 *     <prefix>presence:{tag}:own:<lease>  the entries of a lease                                      set
 *     <prefix>presence:{tag}:due          entries that end by their own time                          sorted set
 *     <prefix>presence:{tag}:idle         channels that nobody is in, by when they are forgotten      sorted set
 *     <prefix>presence:{tag}:u:<channel>  the users in a channel, each with its entries               hash
 *     <prefix>presence:{tag}:m:<channel>  about a channel: where its log stands, how many entries     string
 *     <prefix>presence:{tag}:l:<channel>  its log                                                     list
 *
 * None of them has a time to live: what ends is taken out by a script, so that it is told.
 */
export interface PresenceKeys {
  /** What the keys of each partition begin with. */
  readonly bases: readonly string[];
  readonly baseOf: (channel: string) => string;
}

/** Of the partitions of the bus every eighth, which are spread over the slots as evenly; a process has a lease in each. */
const step = 8;

export function presenceKeys(prefix: string, clustered: boolean): PresenceKeys {
  const base = (tag: string): string => `${prefix}presence:{${tag}}:`;
  if (!clustered) {
    const only = base('presence');
    return { bases: [only], baseOf: () => only };
  }
  const bases = tags.filter((_, i) => i % step === 0).map(base);
  return { bases, baseOf: (channel) => bases[Math.floor(partitionOf(channel) / step)] ?? '' };
}

export const leasesOf = (base: string): string => `${base}leases`;

export const channelKeys = (base: string, channel: string): string[] =>
  ['u:', 'm:', 'l:'].map((kind) => `${base}${kind}${channel}`);
