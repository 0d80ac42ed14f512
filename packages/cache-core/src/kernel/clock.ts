import { abortError } from './abort.ts';
import type { Abortable } from './abort.ts';
import { InvalidArgument } from './errors.ts';

export interface Timer {
  /** Takes the timer back. Harmless when it has fired or was cancelled before. */
  cancel(): void;
}

export interface TimerOptions {
  /**
   * Whether the process may end while the timer waits. For housekeeping only: a promise that somebody awaits must not hang
   * on such a timer.
   *
   * @default false
   */
  unref?: boolean;
}

export interface SleepOptions extends Abortable, TimerOptions {}

/** Where all of Parley takes its time from, so that tests can move it by hand. */
export interface Clock {
  /** Milliseconds since 1970. It may jump: for timestamps, never for measuring. */
  now(): number;

  /** Milliseconds since some moment, with fractions. It never goes back: for limits, ages and latencies. */
  monotonic(): number;

  /**
   * Calls `fn` once, when at least `ms` have passed by {@link Clock.monotonic}; never from within this call. Any length is
   * legal: below zero means as soon as possible, `Infinity` means never.
   */
  timer(ms: number, fn: () => void, options?: TimerOptions): Timer;

  /** Resolves when at least `ms` have passed, and rejects as soon as the signal is aborted. */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
}

/** An option of everything that waits or measures. */
export interface Clocked {
  /**
   * The source of time.
   *
   * @default systemClock
   */
  clock?: Clock | undefined;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer: (ms, fn, options) => new SystemTimer(timerLength(ms), fn, options?.unref ?? false),
  sleep: (ms, options) => sleepOn(systemClock, ms, options),
};

/** `setTimeout` turns anything longer into 1 ms. */
const longestTimeout = 2 ** 31 - 1;

class SystemTimer implements Timer {
  readonly #due: number;
  readonly #fn: () => void;
  readonly #unref: boolean;
  #handle: ReturnType<typeof setTimeout> | undefined;

  constructor(ms: number, fn: () => void, unref: boolean) {
    this.#due = performance.now() + ms;
    this.#fn = fn;
    this.#unref = unref;
    if (ms !== Infinity) this.#arm(ms);
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  #arm(ms: number): void {
    this.#handle = setTimeout(() => this.#fire(), Math.min(Math.ceil(ms), longestTimeout));
    // Browsers have numbers for handles and nothing that a timer could keep alive.
    if (this.#unref && typeof this.#handle === 'object') this.#handle.unref();
  }

  #fire(): void {
    // Besides long timers, this catches Node's: they start from the last turn of the loop and may fire a little early.
    const left = this.#due - performance.now();
    if (left > 0) this.#arm(left);
    else this.#fn();
  }
}

/** The length of a timer, for those who implement a clock: what is below zero is due at once, what is no number is refused. */
export function timerLength(ms: number): number {
  if (typeof ms !== 'number' || Number.isNaN(ms))
    throw new InvalidArgument('ms', 'a number of milliseconds', ms);
  return Math.max(0, ms);
}

/** {@link Clock.sleep} in terms of {@link Clock.timer}, for those who implement a clock. */
export function sleepOn(clock: Pick<Clock, 'timer'>, ms: number, options: SleepOptions = {}): Promise<void> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const wake = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', wake);
      if (signal?.aborted) reject(abortError(signal));
      else resolve();
    };
    const timer = clock.timer(ms, wake, options);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
