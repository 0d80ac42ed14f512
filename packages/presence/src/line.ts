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

export interface LineCall<T> {
  /** Ends it in place of the closing of the presence. */
  readonly last?: AbortSignal | undefined;
  /** Of a store in parts: true, all of them have answered; or why one has not. @default false: that is not known */
  readonly tells?: ((answer: T) => boolean | Error) | undefined;
}

/**
 * The way to the store: every call has its limit. One that fails says that the store is away, or a part of it; only one that was answered by
 * all parts says that it is back.
 */
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

  /** All of the store is there, as far as is known. */
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

  async call<T>(
    what: string,
    work: (store: PresenceStore, signal: AbortSignal) => Promise<T>,
    { last, tells }: LineCall<T> = {},
  ): Promise<T> {
    const { clock, storeMs, closing } = this.#options;
    try {
      const limits = { clock, what, signal: last ?? closing };
      const answer = await withDeadline(storeMs, (signal) => work(this.store, signal), limits);
      const told = this.store.partOf === undefined || (tells?.(answer) ?? false);
      if (told !== false) this.#turn(told === true ? undefined : told);
      return answer;
    } catch (error) {
      if (!isParleyError(error, 'CLOSED') && !closing.aborted)
        this.#turn(error instanceof Error ? error : new Error('the store has failed', { cause: error }));
      throw error;
    }
  }

  #turn(failure: Error | undefined): void {
    const up = failure === undefined;
    this.#reason = up ? undefined : String(failure);
    if (this.#up === up) return;
    this.#up = up;
    this.#since = this.#options.clock.now();
    if (!up) this.#options.stats.outages += 1;
    for (const listener of this.#listeners) safeCall('presence line', listener, up);
  }
}
