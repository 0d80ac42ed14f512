import { abortable, throwIfAborted } from './abort.ts';
import type { Abortable } from './abort.ts';
import { exponentialBackoff } from './backoff.ts';
import type { Backoff } from './backoff.ts';
import { systemClock } from './clock.ts';
import type { Clocked } from './clock.ts';
import { isRetryable } from './errors.ts';
import { safeCall } from './telemetry.ts';
import { requireInteger } from './validate.ts';

export interface RetryOptions extends Abortable, Clocked {
  /**
   * How often the work is tried at the most, the first time included; `Infinity` leaves the end to the signal.
   *
   * @default 3
   */
  attempts?: number;

  /** @default exponentialBackoff() */
  backoff?: Backoff;

  /**
   * Which errors are worth another attempt.
   *
   * @default isRetryable
   */
  retryable?: (error: unknown) => boolean;

  /** Told before each pause. */
  onRetry?: (failure: {
    readonly error: unknown;
    readonly failures: number;
    readonly delayMs: number;
  }) => void;
}

/**
 * Tries until it works, and otherwise rejects with the last error as it was. Only for work that may run twice: a failed
 * attempt may have taken effect. A caller who aborts is let go at once, in a pause or not. To bound the whole, put it into `withDeadline`; to bound an attempt, put that inside.
 */
export async function retry<T>(
  work: (attempt: number) => PromiseLike<T> | T,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = 3, signal, clock = systemClock, retryable = isRetryable } = options;
  if (attempts !== Infinity) requireInteger('attempts', attempts, 1);
  const backoff = options.backoff ?? exponentialBackoff();
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal);
    try {
      return await (signal === undefined ? work(attempt) : abortable(Promise.resolve(work(attempt)), signal));
    } catch (error) {
      throwIfAborted(signal);
      if (attempt >= attempts || !retryable(error)) throw error;
      const delayMs = backoff(attempt);
      safeCall('onRetry', options.onRetry, { error, failures: attempt, delayMs });
      await clock.sleep(delayMs, { signal });
    }
  }
}
