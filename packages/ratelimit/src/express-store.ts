import { InvalidArgument, parseDuration, requireKey, withDeadline } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import { checkRule } from './check-rule.ts';
import type { Rule } from './rule.ts';
import type { LimitStore, Peeked } from './store.ts';

/** What express-rate-limit is told of a client. */
export interface ClientRateLimit {
  totalHits: number;
  resetTime: Date | undefined;
}

/** A store as express-rate-limit wants it. */
export interface ExpressRateLimitStore {
  readonly prefix: string;
  readonly localKeys: boolean;
  init(options: { readonly windowMs: number }): void;
  get(key: string): Promise<ClientRateLimit | undefined>;
  increment(key: string): Promise<ClientRateLimit>;
  decrement(key: string): Promise<void>;
  resetKey(key: string): Promise<void>;
}

export interface ExpressRateLimitStoreOptions {
  /** What is counted: limiters of one name and one window count together. Up to 64 letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** How long a call waits for the store; then it rejects, and `passOnStoreError` of express-rate-limit decides. @default '0.5s' */
  readonly within?: Duration | undefined;
}

/**
 * A store of express-rate-limit: each instance of that needs one of its own. A hit is one step of the store, which begins the window and its end
 * with the first one, and it is never sent again: a hit whose answer was lost is counted once, or not at all.
 */
export function expressRateLimitStore(
  store: LimitStore,
  { name, within = '0.5s' }: ExpressRateLimitStoreOptions,
): ExpressRateLimitStore {
  if (typeof store?.take !== 'function') throw new InvalidArgument('store', 'a store of limits', store);
  const withinMs = parseDuration(within, { field: 'within', min: 1 });
  ruleOf(name, 1);
  let rule: Rule | undefined;
  const begun = (key: string): Rule => {
    requireKey(key);
    if (rule === undefined) throw new InvalidArgument('store', 'used by express-rate-limit', undefined);
    return rule;
  };
  const call = <T>(work: (signal: AbortSignal) => Promise<readonly T[]>): Promise<T> =>
    withDeadline(
      withinMs,
      async (signal) => {
        const [answer] = await work(signal);
        if (answer === undefined) throw new TypeError('the store must answer each request');
        return answer;
      },
      { what: 'a count of express-rate-limit' },
    );
  return {
    prefix: `${name}:`,
    localKeys: !store.capabilities.shared,
    init: ({ windowMs }) => {
      rule = ruleOf(name, windowMs);
    },
    get: async (key) => {
      const window = begun(key);
      const peeked = await call<Peeked>((signal) =>
        store.peek([{ rule: window, identity: key, cost: 1 }], { signal }),
      );
      return peeked.resetMs === 0 ? undefined : clientOf(window, peeked);
    },
    increment: async (key) => {
      const window = begun(key);
      const charges = [{ rule: window, identity: key, cost: 1 }];
      const { standings } = await call((signal) => store.take([{ charges }], { signal }));
      const [standing] = standings;
      if (standing === undefined) throw new TypeError('the store must answer each charge');
      return clientOf(window, standing);
    },
    decrement: async (key) => {
      const window = begun(key);
      await call<Peeked>((signal) => store.adjust([{ rule: window, identity: key, by: -1 }], { signal }));
    },
    resetKey: async (key) => {
      const window = begun(key);
      await withDeadline(withinMs, (signal) => store.reset([{ rule: window, identity: key }], { signal }));
    },
  };
}

/** The limit is express-rate-limit's to compare with, and may be another one for each request: here is only counted, as far as numbers go. */
function ruleOf(name: string, windowMs: number): Rule {
  const most = Math.max(1, Math.min(1_000_000_000, Math.floor(2 ** 50 / windowMs)));
  return checkRule({ name, kind: 'fixed', limit: most, burst: most, periodMs: windowMs });
}

function clientOf(
  { limit }: Rule,
  { ok, remaining, resetMs }: Pick<Peeked, 'ok' | 'remaining' | 'resetMs'>,
): ClientRateLimit {
  return {
    totalHits: ok ? limit - remaining : limit + 1,
    // Of the clock of this process, by which it will be compared.
    resetTime: new Date(Date.now() + resetMs),
  };
}
