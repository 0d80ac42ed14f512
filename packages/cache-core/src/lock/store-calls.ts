import { exponentialBackoff } from '../kernel/backoff.ts';
import type { Random } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import { throwIfAborted } from '../kernel/abort.ts';
import { Bounded } from '../kernel/bounded.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { isParleyError, StoreUnavailable } from '../kernel/errors.ts';
import type { ParleyError } from '../kernel/errors.ts';
import type { LockStore, LockToRelease } from './lock-store.ts';
import type { LockStats } from './stats.ts';

export interface StoreCallsOptions {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly storeMs: number;
  readonly stats: LockStats;
}

export interface CallLimits {
  /** @default the deadline of the store */
  readonly limitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether it is given up when all is closed. @default false */
  readonly untilClosed?: boolean | undefined;
}

/** How long after a token was let go it is let go once more. */
const lateMs = [250, 1_000, 4_000, 10_000];

/** The way to the store: every call has its limit, and no answer is `StoreUnavailable`. */
export class StoreCalls {
  readonly #options: StoreCallsOptions;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #untilClosed = new Set<{ cancel(reason: ParleyError): void }>();
  #closed = false;

  constructor(options: StoreCallsOptions) {
    this.#options = options;
  }

  async call<T>(
    what: string,
    key: string,
    work: (store: LockStore, signal: AbortSignal) => Promise<T>,
    { limitMs, signal, untilClosed = false }: CallLimits = {},
  ): Promise<T> {
    const { store, clock, storeMs, stats } = this.#options;
    const ms = Math.max(1, Math.min(storeMs, limitMs ?? storeMs));
    throwIfAborted(signal);
    const call = new Bounded<T>({ clock, limitMs: ms, what, signal });
    // A listener on a signal of us all, for each call, would cost more than all else that is done for it here.
    if (untilClosed) this.#untilClosed.add(call);
    try {
      return await call.start((signal) => work(store, signal));
    } catch (error) {
      if (isParleyError(error, 'DEADLINE_EXCEEDED')) {
        stats.storeFailures += 1;
        throw new StoreUnavailable(`The store of locks (${store.name}) did not ${what} within ${ms} ms`, {
          cause: error,
          evidence: { store: store.name, operation: what, key, limitMs: ms },
        });
      }
      if (isParleyError(error, 'STORE_UNAVAILABLE')) stats.storeFailures += 1;
      throw error;
    } finally {
      if (untilClosed) this.#untilClosed.delete(call);
    }
  }

  /** Ends what is not to outlast the closing. */
  giveUp(reason: ParleyError): void {
    for (const call of this.#untilClosed) call.cancel(reason);
  }

  /**
   * Without waiting: what the store may hold for us is taken back, again and again until it is over by itself.
   *
   * @param doubtful whether a call to take it was never answered
   */
  letGo(held: LockToRelease, forMs: number, doubtful = false): void {
    const over = this.#letGo(held, forMs);
    this.track(doubtful ? over.then(() => this.letGoLate(held)) : over);
  }

  /**
   * To be told of a token that was let go, and of which a call to take the lock was never answered: a store that hung, or a network, may carry that
   * out later than the release, which went by another connection. Then nobody would hold the lock for a whole lease. Nobody waits for it.
   */
  letGoLate(held: LockToRelease): void {
    const { clock } = this.#options;
    for (const ms of lateMs) clock.timer(ms, () => this.#letGoOnce(held), { unref: true });
  }

  /** What is to be waited for when all is closed. */
  track(work: Promise<unknown>): void {
    const tracked = work.catch(() => undefined).finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  /** Resolves when nothing is under way any more, or at the limit; nothing is tried again after it. */
  async close(limitMs: number): Promise<void> {
    this.#closed = true;
    const { clock } = this.#options;
    const all = Promise.allSettled(this.#pending);
    await withDeadline(limitMs, () => all, { clock }).catch(() => undefined);
  }

  #letGoOnce(held: LockToRelease): void {
    if (this.#closed) return;
    this.track(this.call('release a lock', held.key, (store, signal) => store.release(held, { signal })));
  }

  async #letGo(held: LockToRelease, forMs: number): Promise<void> {
    const { clock, random } = this.#options;
    const backoff = exponentialBackoff({ minMs: 20, baseMs: 100, maxMs: 2_000, random });
    const until = clock.monotonic() + forMs;
    for (let failures = 1; ; failures++) {
      try {
        await this.call('release a lock', held.key, (store, signal) => store.release(held, { signal }));
        return;
      } catch (error) {
        const pause = backoff(failures);
        const hopeless = !isParleyError(error, 'STORE_UNAVAILABLE');
        if (hopeless || this.#closed || clock.monotonic() + pause > until) return;
        await clock.sleep(pause, { unref: true });
      }
    }
  }
}
