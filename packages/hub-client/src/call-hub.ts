import { systemClock } from '@parley/cache-core/kernel';
import type { HubOptions } from './options.ts';
import { createRest, type CallRoute } from './rest.ts';

export type CallOptions = Pick<HubOptions, 'url' | 'token' | 'deadlineMs' | 'fetch' | 'clock' | 'random'>;

/** Calls routes without a connection: for programs that ask something and end. There is nothing to close. */
export function callHub(options: CallOptions): CallRoute {
  const {
    token,
    clock = systemClock,
    random = Math.random,
    deadlineMs = 15_000,
    fetch = globalThis.fetch,
  } = options;
  return createRest({
    url: new URL(options.url),
    token: async () => (typeof token === 'function' ? token() : token),
    // Called as a method of anything else, the one of a browser refuses.
    fetch: (...args) => fetch(...args),
    deadlineMs,
    clock,
    random,
  });
}
