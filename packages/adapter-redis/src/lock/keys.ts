import { partitionOf, tags } from '../bus/tags.ts';

/**
 * Every key and channel of locks in Redis, in one place. `{tag}` is that of one of 128 partitions in Cluster, and `{lock}` elsewhere:
 *
 *     <prefix>lock:{tag}:l:<key>     who holds a lock, or has its turn          string, as long as the lease
 *     <prefix>lock:{tag}:q:<key>     who waits for it                           sorted set, as long as somebody does
 *     <prefix>lock:{tag}:e:<key>     when each of those places ends              sorted set, likewise
 *     <prefix>lock:{tag}:fence       the last fence of the partition            string, for ever
 *
 * and, as databases share their channels, with the number of the database in them:
 *
 *     <prefix>lock:{tag}@<db>:<ear>  whose turn it is, of those that an ear hears for     channel
 */
export interface LockKeys {
  readonly tagOf: (key: string) => string;
  readonly lock: (tag: string, key: string) => string;
  readonly queue: (tag: string, key: string) => string;
  readonly ends: (tag: string, key: string) => string;
  readonly fence: (tag: string) => string;
  /** What the channels of all ears begin with. */
  readonly channel: (tag: string) => string;
}

export function lockKeys(prefix: string, db: number, clustered: boolean): LockKeys {
  const base = (tag: string): string => `${prefix}lock:{${tag}}`;
  return {
    tagOf: (key) => (clustered ? (tags[partitionOf(key)] ?? '') : 'lock'),
    lock: (tag, key) => `${base(tag)}:l:${key}`,
    queue: (tag, key) => `${base(tag)}:q:${key}`,
    ends: (tag, key) => `${base(tag)}:e:${key}`,
    fence: (tag) => `${base(tag)}:fence`,
    channel: (tag) => `${base(tag)}@${db}:`,
  };
}
