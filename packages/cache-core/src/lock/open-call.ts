import { abortError } from '../kernel/abort.ts';
import type { Timer } from '../kernel/clock.ts';
import type { ParleyError } from '../kernel/errors.ts';
import type { FarTimers } from './far-timers.ts';
import type { LockCall } from './lock-store.ts';

export interface CallAsked {
  readonly what: string;
  readonly key: string;
  readonly limitMs: number;
  /** That of whoever asks. */
  readonly signal: AbortSignal | undefined;
}

/** Who makes calls. */
export interface CallMaker {
  readonly timers: FarTimers;
  /** What those are told to whom the store did not answer in time. */
  readonly late: (asked: CallAsked) => ParleyError;
  /** Told once of each call, with what it failed with. */
  readonly ended: (call: { cancel(error: ParleyError): void }, error: unknown) => void;
}

/**
 * A call to the store that settles by its limit, whatever the store does. It is what `withDeadline` does, with as little ado as there can be: taking a
 * free lock is two of these, and what is for those who leave is made when somebody asks for it.
 */
export class OpenCall<T> implements LockCall {
  readonly #maker: CallMaker;
  readonly #asked: CallAsked;
  readonly #timer: Timer;
  #leave: (() => void) | undefined;
  #controller: AbortController | undefined;
  #left: ParleyError | undefined;
  #settled = false;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(maker: CallMaker, asked: CallAsked) {
    this.#maker = maker;
    this.#asked = asked;
    this.#timer = maker.timers.timer(asked.limitMs, () => this.cancel(maker.late(asked)));
    const { signal } = asked;
    if (signal === undefined) return;
    this.#leave = () => this.cancel(abortError(signal));
    signal.addEventListener('abort', this.#leave, { once: true });
  }

  get limitMs(): number {
    return this.#asked.limitMs;
  }

  /** Aborted when nobody waits for the call any more. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#left !== undefined) this.#controller.abort(this.#left);
    return this.#controller.signal;
  }

  /** Called once. */
  start(work: (call: LockCall) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work(this).then(
        (value) => {
          if (this.#settle(undefined)) resolve(value);
        },
        (error: unknown) => {
          if (this.#settle(error)) reject(error);
        },
      );
    });
  }

  /** Rejects now and tells the store by its signal; what that still answers is heard by nobody. */
  cancel(error: ParleyError): void {
    if (!this.#settle(error)) return;
    this.#left = error;
    this.#reject?.(error);
    this.#controller?.abort(error);
  }

  #settle(error: unknown): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#timer.cancel();
    if (this.#leave !== undefined) this.#asked.signal?.removeEventListener('abort', this.#leave);
    this.#maker.ended(this, error);
    return true;
  }
}
