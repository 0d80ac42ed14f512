import {
  Closed,
  createBreaker,
  isParleyError,
  Overloaded,
  StoreFault,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Breaker, Clock, ParleyError, Random, Timer } from '@parley/cache-core/kernel';
import { dueFirst, dueLast, settleDue, settleEach } from './due.ts';
import type { LimitStore, Taken, TakeRequest } from './store.ts';

export interface LineOptions {
  readonly store: LimitStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly withinMs: number;
  readonly maxInFlight: number;
  readonly maxWaiting: number;
  readonly coolDownMs: number;
}

interface Call {
  readonly request: TakeRequest;
  readonly dueAt: number;
  settle: (outcome: Taken | ParleyError) => void;
  /** The caller has left before it was sent. */
  gone: boolean;
}

/**
 * The way to a store that is elsewhere. What is asked in one turn goes together, and every answer comes by its deadline: what the store said, or
 * why it said nothing. A store that does not answer is left alone for a moment, so that nobody waits for it.
 */
export class Line {
  readonly #options: LineOptions;
  readonly #breaker: Breaker;
  readonly #closing = new AbortController();
  #waiting: Call[] = [];
  #timer: Timer | undefined;
  #wakesAt = Infinity;
  #inFlight = 0;
  #scheduled = false;
  #calls = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    const { clock, random, coolDownMs, withinMs, store } = options;
    const name = `the store of limits (${store.name})`;
    this.#breaker = createBreaker({ clock, random, name, coolDownMs, probeLimitMs: withinMs, failures: 3 });
  }

  /** How many calls were made to the store. */
  get calls(): number {
    return this.#calls;
  }

  get state(): Breaker['state'] {
    return this.#breaker.state;
  }

  /** Never rejects. */
  ask(request: TakeRequest, dueAt: number, signal: AbortSignal | undefined): Promise<Taken | ParleyError> {
    const { maxWaiting } = this.#options;
    if (this.#waiting.length >= maxWaiting)
      return Promise.resolve(new Overloaded(`${maxWaiting} calls wait for the store of limits`));
    return new Promise((resolve) => {
      const call: Call = { request, dueAt, settle: resolve, gone: false };
      if (signal !== undefined) leaveWith(signal, call);
      this.#waiting.push(call);
      this.#schedule(dueAt);
    });
  }

  /** A call for whoever can deal with errors. */
  async call<T>(
    what: string,
    work: (store: LimitStore, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const { store, clock, withinMs } = this.#options;
    this.#calls += 1;
    return this.#breaker.run(
      (linked) =>
        withDeadline(withinMs, (inner) => work(store, inner), {
          clock,
          what,
          signal: linked ?? this.#closing.signal,
        }),
      { signal: signal ?? this.#closing.signal },
    );
  }

  close(): void {
    this.#closing.abort(new Closed('the limiter'));
    this.#timer?.cancel();
    for (const { settle } of this.#waiting.splice(0)) settle(new Closed('the limiter'));
  }

  #schedule(dueAt: number): void {
    if (this.#inFlight >= this.#options.maxInFlight) {
      // Who came later may have less time.
      if (dueAt < this.#wakesAt) this.#watch();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#flush();
      });
    }
  }

  #flush(): void {
    const { maxInFlight, store, clock, withinMs } = this.#options;
    while (this.#waiting.length > 0 && this.#inFlight < maxInFlight) {
      let charges = 0;
      const end = this.#waiting.findIndex(
        ({ request }, i) => (charges += request.charges.length) > store.capabilities.maxBatch && i > 0,
      );
      const batch = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
      const present = settleDue(batch, clock.monotonic(), withinMs).filter(({ gone }) => !gone);
      if (present.length > 0) void this.#send(present);
    }
    this.#watch();
  }

  async #send(batch: readonly Call[]): Promise<void> {
    this.#inFlight += 1;
    const outcomes = await this.#take(batch);
    this.#inFlight -= 1;
    for (const [i, { settle }] of batch.entries()) {
      settle(Array.isArray(outcomes) ? (outcomes[i] ?? misfit) : outcomes);
    }
    if (this.#waiting.length > 0) this.#flush();
  }

  async #take(batch: readonly Call[]): Promise<Taken[] | ParleyError> {
    const { clock, store, withinMs } = this.#options;
    this.#calls += 1;
    const now = clock.monotonic();
    // Who has little time left takes none from the others, and that they had little is no fault of the store.
    const storeMs = Math.min(withinMs, Math.max(dueLast(batch) - now, withinMs / 2));
    const stop = dueFirst(batch) - now < storeMs - 1 ? settleEach(batch, clock, withinMs) : undefined;
    try {
      const requests = batch.map(({ request }) => request);
      const taken = await this.#breaker.run(() =>
        withDeadline(storeMs, (signal) => store.take(requests, { signal }), {
          clock,
          what: 'the store of limits',
        }),
      );
      return taken.length === batch.length ? [...taken] : misfit;
    } catch (error) {
      if (isParleyError(error)) return error;
      return new StoreFault('The store of limits failed', { cause: error });
    } finally {
      stop?.();
    }
  }

  /** While calls wait for others to be answered, their deadlines are looked after here. */
  #watch(): void {
    const { clock, withinMs } = this.#options;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#wakesAt = dueFirst(this.#waiting);
    if (this.#waiting.length === 0) return;
    this.#timer = clock.timer(this.#wakesAt - clock.monotonic(), () => {
      this.#waiting = settleDue(this.#waiting, clock.monotonic(), withinMs);
      this.#watch();
    });
  }
}

/** A caller who leaves before their call was sent is not charged. */
function leaveWith(signal: AbortSignal, call: Call): void {
  const { settle } = call;
  const leave = (): void => {
    call.gone = true;
  };
  signal.addEventListener('abort', leave, { once: true });
  call.settle = (outcome) => {
    signal.removeEventListener('abort', leave);
    settle(outcome);
  };
}

const misfit = new StoreFault('The store of limits answered another number of requests than it was asked');
