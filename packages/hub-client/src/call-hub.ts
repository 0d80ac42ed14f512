import { calls, type Call, type RouteName } from '@parley/hub-protocol/rest';
import { requireMs, systemClock } from '@parley/cache-core/kernel';
import { addressOf, requireFunction } from './check-options.ts';
import type { HubOptions } from './options.ts';
import { createRest, type CallRoute, type RestOptions } from './rest.ts';

export type CallOptions = Pick<HubOptions, 'url' | 'token' | 'deadlineMs' | 'fetch' | 'clock' | 'random'>;

/**
 * Calls routes without a connection: for programs that ask something and end.
 *
 * @param closed ends all calls, with its reason
 * @throws {InvalidArgument} naming the option that cannot be used
 */
export function callHub(options: CallOptions, closed?: AbortSignal): CallRoute {
  return callThese(calls, options, { closed });
}

/** Calls the routes of a table. */
export function callThese<Names extends RouteName>(
  table: Readonly<Record<Names, Call>>,
  options: CallOptions,
  { closed, repeatable }: Pick<RestOptions, 'closed' | 'repeatable'> = {},
): CallRoute<Names> {
  const {
    clock = systemClock,
    random = Math.random,
    deadlineMs = 15_000,
    fetch = globalThis.fetch,
  } = options;
  requireMs('deadlineMs', deadlineMs);
  requireFunction('fetch', fetch);
  return createRest({
    calls: table,
    url: addressOf(options.url),
    token: tokenOf(options),
    // Called as a method of anything else, the one of a browser refuses.
    fetch: (...args) => fetch(...args),
    deadlineMs,
    closed,
    repeatable,
    clock,
    random,
  });
}

/** A token that may be another one each time. */
export function tokenOf({ token }: Pick<HubOptions, 'token'>): () => Promise<string | undefined> {
  return async () => (typeof token === 'function' ? token() : token);
}
