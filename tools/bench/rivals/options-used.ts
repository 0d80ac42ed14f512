import type { LibraryName, Wish } from '../benches/cache/libraries/library.ts';

/** What the libraries were given for a wish besides store and prefix, in their own words. */
export function optionsUsed(library: LibraryName, wish: Wish): string[] {
  const redis = wish.redis !== undefined || wish.cluster !== undefined;
  const bus = wish.bus !== false && wish.local && redis;
  const { outageLimitMs: outage, loaderLimitMs: loader } = wish;
  const list = (...options: readonly (string | false)[]) =>
    options.filter((option): option is string => option !== false);
  switch (library) {
    case 'parley':
      return list(
        wish.bus !== false && redis && 'redisInvalidation',
        outage !== undefined && `storeDeadline: ${outage / 1000}`,
        loader !== undefined && `hardLimit: ${loader / 1000}`,
      );
    case 'bentocache':
      return list(
        bus && 'redisBusDriver',
        wish.postgres !== undefined && 'knexDriver',
        outage !== undefined && "l2CircuitBreakerDuration: '30s'",
        outage !== undefined && `ioredis commandTimeout: ${outage}`,
        loader !== undefined && `hardTimeout and lockTimeout: ${loader}`,
      );
    case 'cacheable':
      return list(
        bus && wish.redis !== undefined && 'sync by @qified/redis',
        wish.tags === true && 'tags: true',
        outage !== undefined && 'nonBlocking: true with createKeyvNonBlocking',
        "throwErrors: 'function'",
      );
    case 'cache-manager':
      return list(outage !== undefined && 'nonBlocking: true with createKeyvNonBlocking');
    case 'keyv':
      return [];
  }
}
