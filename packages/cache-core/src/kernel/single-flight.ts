import { abortable, abortError, throwIfAborted } from './abort.ts';
import type { Abortable } from './abort.ts';
import { Bounded } from './bounded.ts';
import type { LateOutcome } from './bounded.ts';
import { systemClock } from './clock.ts';
import type { Clock, Clocked } from './clock.ts';
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

/** One run of the work for all who ask for the same key at the same time. */
export interface SingleFlight<T> {
  /** How many keys are in flight. */
  readonly size: number;

  /**
   * Joins the flight of the key, or starts one with this work. Each caller leaves by its own signal without harm to the
   * others; all get the same value or the same error.
   */
  run(key: string, work: (signal: AbortSignal) => PromiseLike<T> | T, options?: Abortable): Promise<T>;

  /** From now on a call starts anew: what is in flight may be outdated. Those who wait for it still get it. */
  forget(key: string): boolean;

  /** {@link SingleFlight.forget} for every key. */
  forgetAll(): void;
}

export function createSingleFlight<T>(options: SingleFlightOptions<T> = {}): SingleFlight<T> {
  return new Flights(options);
}

interface Flight<T> {
  readonly work: Bounded<T>;
  waiting: number;
}

class Flights<T> implements SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #abandoned: 'abort' | 'finish';
  readonly #onLate: ((outcome: LateOutcome<T>) => void) | undefined;

  constructor(options: SingleFlightOptions<T>) {
    this.#clock = options.clock ?? systemClock;
    this.#limitMs = requireMs('limitMs', options.limitMs ?? 30_000);
    this.#abandoned = options.abandoned ?? 'abort';
    this.#onLate = options.onLate;
  }

  get size(): number {
    return this.#flights.size;
  }

  async run(
    key: string,
    work: (signal: AbortSignal) => PromiseLike<T> | T,
    { signal }: Abortable = {},
  ): Promise<T> {
    throwIfAborted(signal);
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiting++;
    if (signal === undefined) return flight.work.promise;
    try {
      return await abortable(flight.work.promise, signal);
    } finally {
      flight.waiting--;
      if (signal.aborted) this.#left(flight, signal);
    }
  }

  forget(key: string): boolean {
    return this.#flights.delete(key);
  }

  forgetAll(): void {
    this.#flights.clear();
  }

  #start(key: string, work: (signal: AbortSignal) => PromiseLike<T> | T): Flight<T> {
    const flight: Flight<T> = {
      waiting: 0,
      work: new Bounded<T>({
        clock: this.#clock,
        limitMs: this.#limitMs,
        what: 'the shared call',
        onLate: this.#onLate,
        onSettled: () => this.#free(key, flight),
      }),
    };
    // Entered before the work begins, which may ask for its own key in the same stack.
    this.#flights.set(key, flight);
    void flight.work.start(work);
    return flight;
  }

  #left(flight: Flight<T>, signal: AbortSignal): void {
    if (flight.waiting === 0 && this.#abandoned === 'abort') flight.work.cancel(abortError(signal));
  }

  #free(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
