import { exponentialBackoff } from '../kernel/backoff.ts';
import type { Random } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import { abortError } from '../kernel/abort.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { DeadlineExceeded, isParleyError, StoreUnavailable } from '../kernel/errors.ts';
import type { ParleyError } from '../kernel/errors.ts';
import type { FarTimers } from './far-timers.ts';
import { GivingBack } from './giving-back.ts';
import type { LockCall, LockStore, LockToRelease } from './lock-store.ts';
import { OpenCall, type CallMaker } from './open-call.ts';
import type { LockStats } from './stats.ts';

export interface StoreCallsOptions {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly timers: FarTimers;
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

/** The way to the store: every call has its limit, and no answer is `StoreUnavailable`. */
export class StoreCalls {
  readonly #options: StoreCallsOptions;
  readonly #pending = new Set<Promise<unknown>>();
  readonly #untilClosed = new Set<{ cancel(reason: ParleyError): void }>();
  readonly #givingBack: GivingBack;
  readonly #maker: CallMaker;

  constructor(options: StoreCallsOptions) {
    this.#options = options;
    const { clock, random, store, stats, timers } = options;
    this.#maker = {
      timers,
      late({ what, key, limitMs }) {
        const message = `The store of locks (${store.name}) did not ${what} within ${limitMs} ms`;
        const evidence = { store: store.name, operation: what, key, limitMs };
        return new StoreUnavailable(message, { cause: new DeadlineExceeded(what, limitMs), evidence });
      },
      ended: (call, error) => {
        this.#untilClosed.delete(call);
        if (isParleyError(error, 'STORE_UNAVAILABLE')) stats.storeFailures += 1;
      },
    };
    this.#givingBack = new GivingBack({
      clock,
      backoff: exponentialBackoff({ minMs: 20, baseMs: 100, maxMs: 2_000, random }),
      release: (held) => this.call('release a lock', held.key, (store, call) => store.release(held, call)),
      track: (work) => this.track(work),
    });
  }

  call<T>(
    what: string,
    key: string,
    work: (store: LockStore, call: LockCall) => Promise<T>,
    { limitMs, signal, untilClosed = false }: CallLimits = {},
  ): Promise<T> {
    const { store, storeMs } = this.#options;
    if (signal?.aborted === true) return Promise.reject(abortError(signal));
    const ms = Math.max(1, Math.min(storeMs, limitMs ?? storeMs));
    const call = new OpenCall<T>(this.#maker, { what, key, limitMs: ms, signal });
    // A listener on a signal of us all, for each call, would cost more than all else that is done for it here.
    if (untilClosed) this.#untilClosed.add(call);
    return call.start((own) => work(store, own));
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
    this.#givingBack.give(held, forMs, doubtful);
  }

  /** Once more, to be told of a token that was let go, and of which a call to take the lock was never answered. */
  letGoLate(held: LockToRelease): void {
    this.#givingBack.giveLate(held);
  }

  /** What is to be waited for when all is closed. */
  track(work: Promise<unknown>): void {
    const tracked = work.catch(() => undefined).finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
  }

  /** Resolves when nothing is under way any more, or at the limit; nothing is tried again after it. */
  async close(limitMs: number): Promise<void> {
    this.#givingBack.close();
    const { clock } = this.#options;
    const all = Promise.allSettled(this.#pending);
    await withDeadline(limitMs, () => all, { clock }).catch(() => undefined);
  }
}
