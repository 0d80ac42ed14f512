import { abortError, throwIfAborted } from './abort.ts';
import type { Abortable } from './abort.ts';
import { Overloaded } from './errors.ts';
import { append, unlink } from './linked.ts';
import type { Linked } from './linked.ts';
import { requireInteger } from './validate.ts';

export interface BulkheadOptions {
  /**
   * What is protected, for messages.
   *
   * @default 'the bulkhead'
   */
  name?: string;

  /** How many may run at once. */
  maxRunning: number;

  /**
   * How many may wait; the next one is refused with {@link Overloaded}.
   *
   * @default 1_000
   */
  maxQueued?: number;
}

/** Bounds how many calls run at once and how many wait, first come first served. */
export interface Bulkhead {
  readonly running: number;
  readonly queued: number;

  /**
   * Runs the work when there is room. Who leaves the queue by the signal gives up the place at once; work that runs holds its
   * room until it is over, so it should heed the same signal.
   */
  run<T>(work: () => PromiseLike<T> | T, options?: Abortable): Promise<T>;

  /** Waits for room and takes it until the returned function is called; calling it again does nothing. */
  acquire(options?: Abortable): Promise<() => void>;
}

export function createBulkhead(options: BulkheadOptions): Bulkhead {
  return new FairBulkhead(options);
}

/** Linked, because a queue in a Set or an array pays for every place that was given up before. */
class Place implements Linked<Place> {
  prev: Place = this;
  next: Place = this;
  readonly enter: () => void;

  constructor(enter: () => void) {
    this.enter = enter;
  }
}

class FairBulkhead implements Bulkhead {
  readonly #name: string;
  readonly #maxRunning: number;
  readonly #maxQueued: number;
  readonly #queue = new Place(() => {});
  #running = 0;
  #queued = 0;

  constructor(options: BulkheadOptions) {
    this.#name = options.name ?? 'the bulkhead';
    this.#maxRunning = requireInteger('maxRunning', options.maxRunning, 1);
    this.#maxQueued = requireInteger('maxQueued', options.maxQueued ?? 1_000, 0);
  }

  get running(): number {
    return this.#running;
  }

  get queued(): number {
    return this.#queued;
  }

  async run<T>(work: () => PromiseLike<T> | T, options: Abortable = {}): Promise<T> {
    const release = await this.acquire(options);
    try {
      throwIfAborted(options.signal);
      return await work();
    } finally {
      release();
    }
  }

  async acquire({ signal }: Abortable = {}): Promise<() => void> {
    throwIfAborted(signal);
    if (this.#running < this.#maxRunning) this.#running++;
    else await this.#wait(signal);
    let held = true;
    return () => {
      if (held) this.#release();
      held = false;
    };
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#queued >= this.#maxQueued) {
      throw new Overloaded(`${this.#name} is full`, {
        evidence: { running: this.#running, queued: this.#queued },
      });
    }
    return new Promise((resolve, reject) => {
      const place = new Place(() => {
        signal?.removeEventListener('abort', leave);
        resolve();
      });
      const leave = (): void => {
        this.#remove(place);
        if (signal !== undefined) reject(abortError(signal));
      };
      append(this.#queue, place);
      this.#queued++;
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  #release(): void {
    const first = this.#queue.next;
    if (first === this.#queue) {
      this.#running--;
      return;
    }
    // The room goes from hand to hand: free for a moment, it would be taken by a caller who never queued.
    this.#remove(first);
    first.enter();
  }

  #remove(place: Place): void {
    unlink(place);
    this.#queued--;
  }
}
