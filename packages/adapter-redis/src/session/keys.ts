import { partitionOf, tags } from '../bus/tags.ts';

/**
 * Every key of sessions in Redis, in one place. `{tag}` is that of one of 16 partitions in Cluster, and `{session}` elsewhere:
 *
 *     <prefix>session:{tag}:s:<id>     a session, or the stone of one that was destroyed                    hash
 *     <prefix>session:{tag}:u:<user>   the sessions that a user has in this partition, by when they end     sorted set
 *
 * Each of them has a time to live. Of a session: `v` its version, `u` its user, `d` its data, `a` and `g` from where it is used, `c` when it
 * began, `s` when it was seen, `t` when it ends, `l` its last moment (ms). Of a stone: `e` who has destroyed it,
 * or given it another id, and that id as `n`.
 */
export interface SessionKeys {
  /** What the keys of each partition begin with. */
  readonly bases: readonly string[];
  /** Which of them an id belongs to. */
  readonly placeOf: (id: string) => number;
}

/** Of the partitions of the bus every eighth, which are spread over the slots as evenly. */
const step = 8;

export function sessionKeys(prefix: string, clustered: boolean): SessionKeys {
  const base = (tag: string): string => `${prefix}session:{${tag}}:`;
  if (!clustered) return { bases: [base('session')], placeOf: () => 0 };
  return {
    bases: tags.filter((_, i) => i % step === 0).map(base),
    placeOf: (id) => Math.floor(partitionOf(id) / step),
  };
}

export const sessionKey = (base: string, id: string): string => `${base}s:${id}`;

export const userKey = (base: string, user: string): string => `${base}u:${user}`;
