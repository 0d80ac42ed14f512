import type { Rule, TakeRequest } from '@parley/ratelimit';
import { placed } from '../keys.ts';

/**
 * Every key of limits in Redis, in one place:
 *
 *     <prefix>limit:{<identity>}<rule>:<kind><period>     what is kept of an identity by a rule      string, list or sorted set
 *     <prefix>limit:{<identity>}#<token>...               a request that was admitted under a token  string
 *
 * All keys of an identity are in one slot of Cluster. Each of them ends by itself when it is as if it had never been, or after as
 * long again at the latest.
 */
export interface LimitKeys {
  readonly countOf: (rule: Rule, identity: string) => string;
  /** The key of a request's token beside the counts of an identity. */
  readonly tokenOf: (request: TakeRequest, identity: string, id: string) => string;
  /** By what Cluster places an identity. */
  readonly placeOf: (identity: string) => string;
}

/** No name has control characters, so nothing in a name can look like the next one. */
const separator = '\u0001';

export function limitKeys(prefix: string): LimitKeys {
  const base = `${prefix}limit:{`;
  const endings = new WeakMap<Rule, string>();
  const endingOf = (rule: Rule): string => {
    const known = endings.get(rule);
    if (known !== undefined) return known;
    const ending = `}${rule.name}:${letterOf(rule)}${rule.periodMs}`;
    endings.set(rule, ending);
    return ending;
  };
  const placeOf = (identity: string): string => `${base}${placed(identity)}}`;
  return {
    countOf: (rule, identity) => base + placed(identity) + endingOf(rule),
    tokenOf: ({ charges }, identity, id) =>
      `${placeOf(identity)}#${[id, ...charges.flatMap((one) => [endingOf(one.rule), one.identity])].join(separator)}`,
    placeOf,
  };
}

/** Buckets count as gcra does, and are kept apart from it all the same. */
const letters: Readonly<Record<Rule['kind'], string>> = {
  gcra: 'g',
  bucket: 'b',
  fixed: 'f',
  sliding: 's',
  log: 'l',
  concurrency: 'c',
};

export const letterOf = ({ kind }: Rule): string => letters[kind];
