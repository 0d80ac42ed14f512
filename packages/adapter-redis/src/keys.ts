import { InvalidArgument } from '@parley/cache-core/kernel';

/**
 * Every key and channel that this package uses in Redis, in one place:
 *
 *     <prefix>cache:{<key>}            a record of the cache, with its lease      string
 *     <prefix>guard:{<guard>}          the epoch of a tag or a namespace          string
 *
 * and those of the bus, told in `bus/keys.ts`.
 *
 * A key of the application is a hash tag as a whole. Redis Cluster places a key by what stands between its first `{` and the first `}`
 * behind it, so that braces within an application's key would place it by a part of it; here `}` is written as `%7D` (and `%` as `%25`),
 * and every key is placed by all of its text.
 */
export interface CacheKeys {
  readonly record: (key: string) => string;
  readonly guard: (guard: string) => string;
}

export const defaultPrefix = 'parley:';

export function cacheKeys(prefix: string): CacheKeys {
  return {
    record: (key) => `${prefix}cache:{${placed(key)}}`,
    guard: (guard) => `${prefix}guard:{${placed(guard)}}`,
  };
}

/** A name as a hash tag. */
export function placed(name: string): string {
  if (!name.includes('}') && !name.includes('%')) return name;
  return name.replaceAll('%', '%25').replaceAll('}', '%7D');
}

/** A brace in a prefix would put every key into one slot, or break the tags behind it. */
export function requirePrefix(field: string, prefix: unknown): string {
  if (typeof prefix === 'string' && prefix.length <= 128 && /^[^\p{Cc}{}]*$/u.test(prefix)) return prefix;
  throw new InvalidArgument(field, 'up to 128 characters without control characters, "{" and "}"', prefix);
}
