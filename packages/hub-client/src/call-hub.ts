import { requireMs, systemClock } from '@parley/cache-core/kernel';
import { addressOf, requireFunction } from './check-options.ts';
import type { HubOptions } from './options.ts';
import { createRest, type CallRoute } from './rest.ts';

export type CallOptions = Pick<HubOptions, 'url' | 'token' | 'deadlineMs' | 'fetch' | 'clock' | 'random'>;

/**
 * Calls routes without a connection: for programs that ask something and end.
 *
 * @param closed ends all calls, with its reason
 * @throws {InvalidArgument} naming the option that cannot be used
 */
export function callHub(options: CallOptions, closed?: AbortSignal): CallRoute {
  const {
    clock = systemClock,
    random = Math.random,
    deadlineMs = 15_000,
    fetch = globalThis.fetch,
  } = options;
  requireMs('deadlineMs', deadlineMs);
  requireFunction('fetch', fetch);
  return createRest({
    url: addressOf(options.url),
    token: tokenOf(options),
    // Called as a method of anything else, the one of a browser refuses.
    fetch: (...args) => fetch(...args),
    deadlineMs,
    closed,
    clock,
    random,
  });
}

/** A token that may be another one each time. */
export function tokenOf({ token }: Pick<HubOptions, 'token'>): () => Promise<string | undefined> {
  return async () => (typeof token === 'function' ? token() : token);
}
