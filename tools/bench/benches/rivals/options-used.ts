import type { LibraryName, Wish } from '../cache/libraries/library.ts';

type Naming = (wish: Wish) => readonly (string | false)[];

const overRedis = (wish: Wish): boolean => wish.redis !== undefined || wish.cluster !== undefined;
const withBus = (wish: Wish): boolean => wish.bus !== false && wish.local && overRedis(wish);
const nonBlocking = 'nonBlocking: true with createKeyvNonBlocking';

const naming: Readonly<Record<LibraryName, Naming>> = {
  parley: (wish) => [
    wish.bus !== false && overRedis(wish) && 'busInvalidation over redisBroker',
    wish.outageLimitMs !== undefined && `storeDeadline: ${wish.outageLimitMs / 1000}`,
    wish.loaderLimitMs !== undefined && `hardLimit: ${wish.loaderLimitMs / 1000}`,
  ],
  bentocache: (wish) => [
    withBus(wish) && 'redisBusDriver',
    wish.postgres !== undefined && 'knexDriver',
    wish.outageLimitMs !== undefined && "l2CircuitBreakerDuration: '30s'",
    wish.outageLimitMs !== undefined && `ioredis commandTimeout: ${wish.outageLimitMs}`,
    wish.loaderLimitMs !== undefined && `hardTimeout and lockTimeout: ${wish.loaderLimitMs}`,
  ],
  cacheable: (wish) => [
    withBus(wish) &&
      wish.redis !== undefined &&
      'sync by @qified/redis, with error listeners on its private clients',
    wish.tags === true && 'tags: true',
    wish.outageLimitMs !== undefined && nonBlocking,
    "throwErrors: 'function'",
  ],
  'cache-manager': (wish) => [wish.outageLimitMs !== undefined && nonBlocking],
  keyv: () => [],
};

/** What a library was given for a wish besides store and prefix, in its own words. */
export function optionsUsed(library: LibraryName, wish: Wish): string[] {
  return naming[library](wish).filter((option) => option !== false);
}
