import { withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Timer } from '@parley/cache-core/kernel';
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
  /** When (monotonic) it is old. */
  readonly expiresAt: number;
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
  /** What is under way. */
  #sending: readonly Waiting[] = [];
  readonly #named = new Map<string, Waiting>();
  #running = false;
  #closed = false;
  #idle = Promise.resolve();
  #expiry: Timer | undefined;
  #expiryDue = Infinity;

  constructor(options: SignalOutboxOptions) {
    this.#options = options;
  }

  get waiting(): { readonly messages: number; readonly bytes: number } {
    const bytes = this.#waiting.reduce((sum, { signal }) => sum + signal.body.length, 0);
    return { messages: this.#waiting.length, bytes };
  }

  /** Resolves by the time `withinMs` have passed. @param name of messages with one name that wait, the last is sent */
  push(signal: Signal, name: string | undefined, withinMs: number): Promise<Sent> {
    if (this.#closed) return Promise.resolve({ sent: false, reason: 'the bus is closed' });
    return new Promise((done) => {
      const expiresAt = this.#options.clock.monotonic() + withinMs;
      const waiting = { signal, name, expiresAt, done };
      if (name !== undefined) this.#replace(name, waiting);
      this.#waiting.push(waiting);
      if (this.#waiting.length > this.#options.maxWaiting) this.#drop(0, 'too many wait to be sent');
      this.#watchExpiry(expiresAt);
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
    this.#expiry?.cancel();
    this.#named.clear();
    for (const { done } of [...this.#sending, ...this.#waiting.splice(0)])
      done({ sent: false, reason: 'the bus is closed' });
  }

  #replace(name: string, waiting: Waiting): void {
    const earlier = this.#named.get(name);
    if (earlier !== undefined)
      this.#drop(this.#waiting.indexOf(earlier), 'a later one of its key took its place');
    this.#named.set(name, waiting);
  }

  #drop(at: number, reason: string): void {
    const [dropped] = this.#waiting.splice(at, 1);
    if (dropped?.name !== undefined) this.#named.delete(dropped.name);
    dropped?.done({ sent: false, reason });
  }

  async #run(): Promise<void> {
    const { clock, send, attemptMs } = this.#options;
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      const signals = batch.map(({ signal }) => signal);
      this.#sending = batch;
      try {
        await withDeadline(attemptMs, (signal) => send(signals, signal), { clock, what: 'sending' });
        for (const { done } of batch) done({ sent: true });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        for (const { done } of batch) done({ sent: false, reason });
      }
    }
    this.#sending = [];
    this.#running = false;
  }

  #watchExpiry(due: number): void {
    if (due >= this.#expiryDue) return;
    const { clock } = this.#options;
    this.#expiry?.cancel();
    this.#expiryDue = due;
    this.#expiry = clock.timer(due - clock.monotonic(), () => {
      this.#expiryDue = Infinity;
      this.#expire();
    });
  }

  #expire(): void {
    const now = this.#options.clock.monotonic();
    let next = Infinity;
    for (const { expiresAt, done } of this.#sending) {
      if (expiresAt <= now) done({ sent: false, reason: 'the broker has not answered in time' });
      else next = Math.min(next, expiresAt);
    }
    const old = this.#waiting.filter(({ expiresAt }) => expiresAt <= now);
    this.#waiting = this.#waiting.filter(({ expiresAt }) => expiresAt > now);
    for (const { name, done } of old) {
      if (name !== undefined) this.#named.delete(name);
      done({ sent: false, reason: 'it has become old' });
    }
    for (const { expiresAt } of this.#waiting) next = Math.min(next, expiresAt);
    this.#watchExpiry(next);
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
