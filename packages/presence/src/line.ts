import { isParleyError, safeCall, withDeadline } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import type { PresenceStats } from './stats.ts';
import type { PresenceStore } from './store.ts';

export interface LineOptions {
  readonly store: PresenceStore;
  readonly clock: Clock;
  readonly storeMs: number;
  readonly stats: PresenceStats;
  readonly closing: AbortSignal;
}

/** The way to the store: every call has its limit, and what became of the last ones says whether the store is there. */
export class Line {
  readonly store: PresenceStore;
  readonly #options: LineOptions;
  readonly #listeners = new Set<(up: boolean) => void>();
  #up = true;
  #since: number;
  #reason: string | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    this.store = options.store;
    this.#since = options.clock.now();
  }

  get up(): boolean {
    return this.#up;
  }

  /** Since when it is as it is, in milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }

  /** Why it is away. */
  get reason(): string | undefined {
    return this.#reason;
  }

  onTurn(listener: (up: boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** @param options.last ends it in place of the closing of the presence */
  async call<T>(
    what: string,
    work: (store: PresenceStore, signal: AbortSignal) => Promise<T>,
    { last }: { readonly last?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const { clock, storeMs, closing } = this.#options;
    try {
      const limits = { clock, what, signal: last ?? closing };
      const answer = await withDeadline(storeMs, (signal) => work(this.store, signal), limits);
      this.#turn(true);
      return answer;
    } catch (error) {
      if (!isParleyError(error, 'CLOSED') && !closing.aborted) this.#turn(false, error);
      throw error;
    }
  }

  #turn(up: boolean, reason?: unknown): void {
    this.#reason = up ? undefined : String(reason);
    if (this.#up === up) return;
    this.#up = up;
    this.#since = this.#options.clock.now();
    if (!up) this.#options.stats.outages += 1;
    for (const listener of this.#listeners) safeCall('presence line', listener, up);
  }
}
