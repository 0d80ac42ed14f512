import { abortError } from './abort.ts';
import type { Clock, Timer } from './clock.ts';
import { DeadlineExceeded } from './errors.ts';
import type { ParleyError } from './errors.ts';
import { safeCall } from './telemetry.ts';

/** What work came to after nobody waited for it any more. */
export type LateOutcome<T> =
  | { readonly status: 'fulfilled'; readonly value: T }
  | { readonly status: 'rejected'; readonly reason: unknown };

export interface BoundedOptions<T> {
  clock: Clock;
  limitMs: number;
  what: string;
  signal?: AbortSignal | undefined;
  onLate?: ((outcome: LateOutcome<T>) => void) | undefined;
}

/** Work whose promise settles by its limit, whatever the work does; the limit runs from the construction. */
export class Bounded<T> {
  readonly #options: BoundedOptions<T>;
  readonly #outcome = Promise.withResolvers<T>();
  readonly #controller = new AbortController();
  readonly #timer: Timer;
  readonly #leave: (() => void) | undefined;
  #settled = false;

  constructor(options: BoundedOptions<T>) {
    const { clock, limitMs, what, signal } = options;
    this.#options = options;
    this.#timer = clock.timer(limitMs, () => this.cancel(new DeadlineExceeded(what, limitMs)));
    this.#leave = signal && (() => this.cancel(abortError(signal)));
    if (this.#leave !== undefined) signal?.addEventListener('abort', this.#leave, { once: true });
  }

  get promise(): Promise<T> {
    return this.#outcome.promise;
  }

  /** Starts the work, in this stack. Called once. */
  start(work: (signal: AbortSignal) => PromiseLike<T> | T): Promise<T> {
    try {
      const result = work(this.#controller.signal);
      Promise.resolve(result).then(
        (value) => this.#finish({ status: 'fulfilled', value }),
        (reason: unknown) => this.#finish({ status: 'rejected', reason }),
      );
    } catch (reason) {
      this.#finish({ status: 'rejected', reason });
    }
    return this.promise;
  }

  /** Rejects now and tells the work by its signal; what it still comes to is late. */
  cancel(error: ParleyError): void {
    if (!this.#settle()) return;
    this.#outcome.reject(error);
    this.#controller.abort(error);
  }

  #finish(outcome: LateOutcome<T>): void {
    if (!this.#settle()) safeCall('onLate', this.#options.onLate, outcome);
    else if (outcome.status === 'fulfilled') this.#outcome.resolve(outcome.value);
    else this.#outcome.reject(outcome.reason);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#timer.cancel();
    if (this.#leave !== undefined) this.#options.signal?.removeEventListener('abort', this.#leave);
    return true;
  }
}
