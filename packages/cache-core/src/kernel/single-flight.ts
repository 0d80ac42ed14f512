import { abortable, abortError } from './abort.ts';
import type { Abortable } from './abort.ts';
import type { LateOutcome } from './bounded.ts';
import { systemClock } from './clock.ts';
import type { Clocked } from './clock.ts';
import { DeadlineExceeded } from './errors.ts';
import type { ParleyError } from './errors.ts';
import { Limited, SharedLimit } from './shared-limit.ts';
import { safeCall } from './telemetry.ts';
import { requireMs } from './validate.ts';

export interface SingleFlightOptions<T> extends Clocked {
  /**
   * The hard limit of one flight, in milliseconds: then all who wait get `DeadlineExceeded` and the key is free again. No key
   * is ever blocked for longer by work that hangs.
   *
   * @default 30_000
   */
  limitMs?: number;

  /**
   * What becomes of work that everybody has left: `'abort'` aborts its signal and frees the key, `'finish'` lets it go on,
   * and who comes meanwhile joins it.
   *
   * @default 'abort'
   */
  abandoned?: 'abort' | 'finish';

  /** Told what work came to after its limit or after everybody had left. */
  onLate?: (outcome: LateOutcome<T>) => void;
}

/** What the work of a flight is given. */
export interface FlightContext {
  /** Aborted at the limit, and when everybody has left. Made when it is first asked for: most work has no use for it. */
  readonly signal: AbortSignal;
}

/** One run of the work for all who ask for the same key at the same time. */
export interface SingleFlight<T> {
  /** How many keys are in flight. */
  readonly size: number;

  /**
   * Joins the flight of the key, or starts one with this work. Each caller leaves by its own signal without harm to the
   * others; all get the same value or the same error.
   */
  run(key: string, work: (flight: FlightContext) => PromiseLike<T> | T, options?: Abortable): Promise<T>;

  /** From now on a call starts anew: what is in flight may be outdated. Those who wait for it still get it. */
  forget(key: string): boolean;

  /** {@link SingleFlight.forget} for every key. */
  forgetAll(): void;
}

export function createSingleFlight<T>(options: SingleFlightOptions<T> = {}): SingleFlight<T> {
  return new Flights(options);
}

type Work<T> = (flight: FlightContext) => PromiseLike<T> | T;

class Flight<T> extends Limited implements FlightContext {
  readonly key: string;
  waiting = 0;
  readonly #flights: Flights<T>;
  #outcome = Promise.withResolvers<T>();
  #controller: AbortController | undefined;
  #cancelled: ParleyError | undefined;

  constructor(key: string, flights: Flights<T>) {
    super();
    this.key = key;
    this.#flights = flights;
  }

  get promise(): Promise<T> {
    return this.#outcome.promise;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#cancelled !== undefined) this.#controller.abort(this.#cancelled);
    return this.#controller.signal;
  }

  start(work: Work<T>): void {
    try {
      Promise.resolve(work(this)).then(
        (value) => this.#fulfilled(value),
        (reason: unknown) => this.#rejected(reason),
      );
    } catch (reason) {
      this.#rejected(reason);
    }
  }

  due(): void {
    this.cancel(new DeadlineExceeded('the shared call', this.#flights.limitMs));
  }

  cancel(error: ParleyError): void {
    const outcome = this.#settle();
    if (outcome === undefined) return;
    this.#cancelled = error;
    outcome.reject(error);
    this.#controller?.abort(error);
  }

  #fulfilled(value: T): void {
    const outcome = this.#settle();
    if (outcome !== undefined) outcome.resolve(value);
    else this.#flights.late({ status: 'fulfilled', value });
  }

  #rejected(reason: unknown): void {
    const outcome = this.#settle();
    if (outcome !== undefined) outcome.reject(reason);
    else this.#flights.late({ status: 'rejected', reason });
  }

  /** Undefined when it is settled already. */
  #settle(): PromiseWithResolvers<T> | undefined {
    const outcome = this.#outcome;
    const { spent } = this.#flights;
    if (outcome === spent) return undefined;
    this.#outcome = spent;
    this.#flights.over(this);
    return outcome;
  }
}

class Flights<T> implements SingleFlight<T> {
  readonly limitMs: number;
  /**
   * In the place of the outcome of each flight that is over. When a `Map` grows or tidies itself up, the table that it leaves behind keeps
   * what is in it for a while, so that little must hang on it.
   */
  readonly spent = Promise.withResolvers<T>();
  readonly #flights = new Map<string, Flight<T>>();
  readonly #limit: SharedLimit;
  readonly #abandoned: 'abort' | 'finish';
  readonly #onLate: ((outcome: LateOutcome<T>) => void) | undefined;

  constructor(options: SingleFlightOptions<T>) {
    this.limitMs = requireMs('limitMs', options.limitMs ?? 30_000);
    this.#limit = new SharedLimit(options.clock ?? systemClock, this.limitMs);
    this.#abandoned = options.abandoned ?? 'abort';
    this.#onLate = options.onLate;
  }

  get size(): number {
    return this.#flights.size;
  }

  run(key: string, work: Work<T>, options?: Abortable): Promise<T> {
    const signal = options?.signal;
    if (signal?.aborted === true) return Promise.reject(abortError(signal));
    const known = this.#flights.get(key);
    const flight = known ?? new Flight(key, this);
    const { promise } = flight;
    flight.waiting++;
    if (known === undefined) this.#start(flight, work);
    // Most callers cannot leave, and need no promise of their own.
    return signal === undefined ? promise : this.#waitFor(flight, promise, signal);
  }

  forget(key: string): boolean {
    return this.#flights.delete(key);
  }

  forgetAll(): void {
    this.#flights.clear();
  }

  over(flight: Flight<T>): void {
    this.#limit.end(flight);
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
  }

  late(outcome: LateOutcome<T>): void {
    safeCall('onLate', this.#onLate, outcome);
  }

  #start(flight: Flight<T>, work: Work<T>): void {
    this.#limit.begin(flight);
    // Entered before the work begins, which may ask for its own key in the same stack.
    this.#flights.set(flight.key, flight);
    flight.start(work);
  }

  async #waitFor(flight: Flight<T>, promise: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await abortable(promise, signal);
    } finally {
      flight.waiting--;
      const left = signal.aborted && flight.waiting === 0;
      if (left && this.#abandoned === 'abort') flight.cancel(abortError(signal));
    }
  }
}
