import { withDeadline } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import type { Signal } from './broker.ts';

export interface SignalOutboxOptions {
  readonly send: (signals: readonly Signal[], signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly maxBatch: number;
  readonly maxWaiting: number;
  readonly attemptMs: number;
}

/** What became of a message of which nothing is kept. */
export type Sent = { readonly sent: true } | { readonly sent: false; readonly reason: string };

interface Waiting {
  readonly signal: Signal;
  /** Of messages with one name that wait, the last is sent. */
  readonly name: string | undefined;
  readonly done: (sent: Sent) => void;
}

const maxBatchBytes = 1024 * 1024;

/**
 * Sends what nobody keeps: once, in order, and not at all what has become old while the broker was busy or away. One call is under way at a
 * time; what comes meanwhile goes with the next.
 */
export class SignalOutbox {
  readonly #options: SignalOutboxOptions;
  #waiting: Waiting[] = [];
  readonly #named = new Map<string, Waiting>();
  #running = false;
  #closed = false;
  #idle = Promise.resolve();

  constructor(options: SignalOutboxOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** @param name of messages with one name that wait, the last is sent */
  push(signal: Signal, name: string | undefined): Promise<Sent> {
    if (this.#closed) return Promise.resolve({ sent: false, reason: 'the bus is closed' });
    return new Promise((done) => {
      const waiting = { signal, name, done };
      if (name !== undefined) this.#replace(name, waiting);
      this.#waiting.push(waiting);
      if (this.#waiting.length > this.#options.maxWaiting) {
        const [oldest] = this.#waiting.splice(0, 1);
        oldest?.done({ sent: false, reason: 'too many wait to be sent' });
      }
      if (this.#running) return;
      this.#running = true;
      this.#idle = new Promise((resolve) => queueMicrotask(() => void this.#run().then(resolve)));
    });
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    return this.#idle;
  }

  close(): void {
    this.#closed = true;
    for (const { done } of this.#waiting.splice(0)) done({ sent: false, reason: 'the bus is closed' });
  }

  #replace(name: string, waiting: Waiting): void {
    const earlier = this.#named.get(name);
    this.#named.set(name, waiting);
    if (earlier === undefined) return;
    const at = this.#waiting.indexOf(earlier);
    if (at !== -1) this.#waiting.splice(at, 1);
    earlier.done({ sent: false, reason: 'a later one of its key took its place' });
  }

  async #run(): Promise<void> {
    const { clock, send, attemptMs } = this.#options;
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      const signals = batch.map(({ signal }) => signal);
      try {
        await withDeadline(attemptMs, (signal) => send(signals, signal), { clock, what: 'sending' });
        for (const { done } of batch) done({ sent: true });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        for (const { done } of batch) done({ sent: false, reason });
      }
    }
    this.#running = false;
  }

  #next(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { signal } of this.#waiting) {
      bytes += signal.body.length;
      if (count >= this.#options.maxBatch || (count > 0 && bytes > maxBatchBytes)) break;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    for (const waiting of batch) if (waiting.name !== undefined) this.#named.delete(waiting.name);
    return batch;
  }
}
