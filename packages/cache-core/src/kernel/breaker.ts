import { throwIfAborted } from './abort.ts';
import type { Abortable } from './abort.ts';
import type { Random } from './backoff.ts';
import { systemClock } from './clock.ts';
import type { Clock, Clocked } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { InvalidArgument, isParleyError, StoreUnavailable } from './errors.ts';
import { FailureWindow } from './failure-window.ts';
import { safeCall } from './telemetry.ts';
import { requireInteger, requireMs } from './validate.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** What an error says about the store: it is out of order, it did answer, or nothing. */
export type Verdict = 'fault' | 'answer' | 'neutral';

export interface BreakerChange {
  readonly from: BreakerState;
  readonly to: BreakerState;

  /** The fault that opened the breaker. */
  readonly error?: unknown;
}

export interface BreakerOptions extends Clocked {
  /**
   * Which connection it guards, for messages.
   *
   * @default 'the store'
   */
  name?: string;

  /**
   * How many faults open the breaker.
   *
   * @default 5
   */
  failures?: number;

  /**
   * Faults count together when they lie within this time, whatever succeeded in between. Without it they count when they
   * follow each other with no answer in between.
   *
   * @default undefined
   */
  windowMs?: number | undefined;

  /**
   * How long the store is left alone, at the least.
   *
   * @default 5_000
   */
  coolDownMs?: number;

  /**
   * By which share of itself the cool-down is drawn out at random, so that processes do not probe together.
   *
   * @default 0.2
   */
  jitter?: number;

  /**
   * How long a probe may take; then it has failed and the next cool-down begins.
   *
   * @default 2_000
   */
  probeLimitMs?: number;

  /** @default judgeStoreError */
  judge?: (error: unknown) => Verdict;

  onStateChange?: (change: BreakerChange) => void;

  /** @default Math.random */
  random?: Random | undefined;
}

/** Keeps callers from a store that is out of order, and finds out by one call at a time when it is back. One for each connection. */
export interface Breaker {
  readonly state: BreakerState;

  /**
   * Runs the work, or rejects at once with `StoreUnavailable` while the store is left alone. The work gets the caller's
   * signal and has to heed it; a caller who aborts counts for nothing. Time limits belong inside the work: a limit around
   * the breaker is a caller who aborts.
   */
  run<T>(work: (signal: AbortSignal | undefined) => PromiseLike<T> | T, options?: Abortable): Promise<T>;
}

/** No answer is a fault, an error that the store sent is an answer, and all else happened on this side. */
export function judgeStoreError(error: unknown): Verdict {
  if (isParleyError(error, 'STORE_UNAVAILABLE') || isParleyError(error, 'DEADLINE_EXCEEDED')) return 'fault';
  return isParleyError(error, 'STORE_FAULT') ? 'answer' : 'neutral';
}

export function createBreaker(options: BreakerOptions = {}): Breaker {
  return new CircuitBreaker(options);
}

class CircuitBreaker implements Breaker {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #coolDownMs: number;
  readonly #jitter: number;
  readonly #probeLimitMs: number;
  readonly #random: Random;
  readonly #judge: (error: unknown) => Verdict;
  readonly #onStateChange: ((change: BreakerChange) => void) | undefined;
  readonly #faults: FailureWindow;
  #state: BreakerState = 'closed';
  #probeFrom = 0;
  #probing = false;

  /** Calls of an earlier state answer late; what they say is no longer about this one. */
  #generation = 0;

  constructor(options: BreakerOptions) {
    this.#name = options.name ?? 'the store';
    this.#clock = options.clock ?? systemClock;
    this.#coolDownMs = requireMs('coolDownMs', options.coolDownMs ?? 5_000);
    this.#probeLimitMs = requireMs('probeLimitMs', options.probeLimitMs ?? 2_000);
    this.#jitter = options.jitter ?? 0.2;
    this.#random = options.random ?? Math.random;
    this.#judge = options.judge ?? judgeStoreError;
    this.#onStateChange = options.onStateChange;
    if (!(this.#jitter >= 0 && this.#jitter <= 1))
      throw new InvalidArgument('jitter', 'from 0 to 1', this.#jitter);
    const windowMs = options.windowMs === undefined ? undefined : requireMs('windowMs', options.windowMs);
    this.#faults = new FailureWindow(requireInteger('failures', options.failures ?? 5, 1, 10_000), windowMs);
  }

  get state(): BreakerState {
    return this.#state;
  }

  async run<T>(
    work: (signal: AbortSignal | undefined) => PromiseLike<T> | T,
    { signal }: Abortable = {},
  ): Promise<T> {
    throwIfAborted(signal);
    const probe = this.#admit();
    const generation = this.#generation;
    try {
      const value = await (probe ? this.#probe(work, signal) : work(signal));
      this.#conclude(generation, 'answer');
      return value;
    } catch (error) {
      const verdict = signal?.aborted ? 'neutral' : (safeCall('judge', this.#judge, error) ?? 'neutral');
      this.#conclude(generation, verdict, error);
      throw error;
    }
  }

  /** Whether the call is the probe. */
  #admit(): boolean {
    if (this.#state === 'closed') return false;
    const waitMs = this.#probeFrom - this.#clock.monotonic();
    if (this.#probing || waitMs > 0) {
      throw new StoreUnavailable(`${this.#name} is left alone after repeated faults`, {
        evidence: { breaker: this.#state, retryAfterMs: Math.max(0, Math.ceil(waitMs)) },
      });
    }
    if (this.#state === 'open') this.#change('half-open');
    this.#probing = true;
    return true;
  }

  #probe<T>(work: (signal: AbortSignal) => PromiseLike<T> | T, signal: AbortSignal | undefined): Promise<T> {
    return withDeadline(this.#probeLimitMs, work, {
      signal,
      clock: this.#clock,
      what: `the probe of ${this.#name}`,
    });
  }

  #conclude(generation: number, verdict: Verdict, error?: unknown): void {
    if (generation !== this.#generation) return;
    this.#probing = false;
    if (verdict === 'neutral') return;
    if (verdict === 'answer') {
      this.#faults.succeeded();
      if (this.#state === 'half-open') this.#change('closed');
    } else if (this.#state === 'half-open' || this.#faults.failed(this.#clock.monotonic())) {
      this.#probeFrom = this.#clock.monotonic() + this.#coolDownMs * (1 + this.#jitter * this.#random());
      this.#change('open', error);
    }
  }

  #change(to: BreakerState, error?: unknown): void {
    const from = this.#state;
    this.#state = to;
    this.#generation++;
    this.#faults.clear();
    safeCall('onStateChange', this.#onStateChange, { from, to, ...(to === 'open' && { error }) });
  }
}
