import { createBreaker, type BreakerState } from './kernel/breaker.ts';
import type { Clock, Timer } from './kernel/clock.ts';
import { DeadlineExceeded, isParleyError, StoreFault, StoreUnavailable } from './kernel/errors.ts';

export interface FailsafeOptions {
  readonly name: string;
  readonly clock: Clock;
  /** How long one call to the store may take. */
  readonly deadlineMs: number;
  /** How often a store that is away is asked whether it is back. */
  readonly probeEveryMs: number;
  readonly probe: () => Promise<unknown>;
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
}

/**
 * What happens when the store fails, in one place. Every call has a deadline. The first call that nothing answered makes the store `away`:
 * from then on calls fail at once, so that nobody waits for a dead server, and a probe behind the scenes finds out when it is back. A call
 * that was merely slow, while others were answered, fails alone.
 */
export class Failsafe {
  readonly #options: FailsafeOptions;
  readonly #breaker;
  #lastAnswer = -Infinity;
  #probing: Timer | undefined;
  #closed = false;

  constructor(options: FailsafeOptions) {
    this.#options = options;
    this.#breaker = createBreaker({
      name: options.name,
      clock: options.clock,
      failures: 1,
      coolDownMs: options.probeEveryMs,
      probeLimitMs: options.deadlineMs,
      judge: (error) => {
        if (error instanceof SlowCall) return 'neutral';
        return isParleyError(error, 'STORE_UNAVAILABLE') ? 'fault' : 'answer';
      },
      onStateChange: ({ from, to, error }) => {
        if (to === 'open') this.#scheduleProbe();
        if (to === 'open' && from === 'closed') options.onAway(error);
        if (to === 'closed') options.onBack();
      },
    });
  }

  get state(): BreakerState {
    return this.#breaker.state;
  }

  get away(): boolean {
    return this.#breaker.state !== 'closed';
  }

  call<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.away) {
      return Promise.reject(new StoreUnavailable(`${this.#options.name} is away; ${what} was not tried`));
    }
    return this.#breaker.run(() => this.#within(what, work));
  }

  close(): void {
    this.#closed = true;
    this.#probing?.cancel();
  }

  #within<T>(what: string, work: () => Promise<T>): Promise<T> {
    const { clock, deadlineMs, name } = this.#options;
    const startedAt = clock.monotonic();
    return new Promise<T>((resolve, reject) => {
      const late = (): void => {
        const cause = new DeadlineExceeded(what, deadlineMs);
        const message = `${name} did not answer ${what} within ${deadlineMs} ms`;
        reject(
          this.#lastAnswer > startedAt
            ? new SlowCall(message, { cause })
            : new StoreUnavailable(message, { cause }),
        );
      };
      // If this process itself stood still, the answer may lie in the socket: one turn of the loop lets it in.
      const timer = clock.timer(deadlineMs, () => setImmediate(late));
      work().then(
        (value) => {
          timer.cancel();
          this.#lastAnswer = clock.monotonic();
          resolve(value);
        },
        (error: unknown) => {
          timer.cancel();
          reject(asStoreError(error, `${name} failed to ${what}`));
        },
      );
    });
  }

  #scheduleProbe(): void {
    const { clock, probeEveryMs } = this.#options;
    this.#probing?.cancel();
    if (this.#closed) return;
    // The breaker draws its own pause out by up to a fifth.
    this.#probing = clock.timer(probeEveryMs * 1.25, () => void this.#probe(), { unref: true });
  }

  async #probe(): Promise<void> {
    try {
      await this.#breaker.run(() => this.#within('a probe', this.#options.probe));
    } catch {
      if (this.away) this.#scheduleProbe();
    }
  }
}

class SlowCall extends StoreUnavailable {}

function asStoreError(error: unknown, message: string): unknown {
  return isParleyError(error) ? error : new StoreFault(message, { cause: error });
}

/** Whether an error says something of the store, rather than of the caller or the loader. */
export function isStoreError(error: unknown): boolean {
  return isParleyError(error, 'STORE_UNAVAILABLE') || isParleyError(error, 'STORE_FAULT');
}
