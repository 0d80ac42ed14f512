import { createLru, type Clock, type Lru } from '@parley/cache-core/kernel';
import { HubError } from '@parley/hub-protocol';

export interface TriesOptions {
  /** How many in a row. */
  readonly burst: number;
  /** How long until one more is allowed, in milliseconds. */
  readonly everyMs: number;
  readonly clock: Clock;
}

/** A moment in the future up to which tries are spent; each one moves it on. */
type SpentUntil = number;

/** How often something may be tried, by whatever is named: in this process, and bounded in memory. */
export class Tries {
  readonly #options: TriesOptions;
  readonly #spent: Lru<string, SpentUntil> = createLru({ maxEntries: 20_000 });

  constructor(options: TriesOptions) {
    this.#options = options;
  }

  /** @throws {HubError} `RATE_LIMITED` */
  take(name: string): void {
    const { burst, everyMs, clock } = this.#options;
    const now = clock.monotonic();
    const spent = Math.max(now, this.#spent.get(name) ?? 0) + everyMs;
    const wait = Math.ceil(spent - now - burst * everyMs);
    if (wait > 0) throw new HubError('RATE_LIMITED', 'too many tries: wait a while', { retryAfter: wait });
    this.#spent.set(name, spent);
  }

  /** It was who they said: earlier slips of the finger are forgotten. */
  forget(name: string): void {
    this.#spent.delete(name);
  }
}
