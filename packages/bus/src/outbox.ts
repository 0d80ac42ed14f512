import {
  Closed,
  DeadlineExceeded,
  exponentialBackoff,
  isRetryable,
  Overloaded,
  StoreFault,
} from '@parley/cache-core/kernel';
import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import { Attempt, partByDue } from './attempt.ts';
import type { BrokerCall } from './broker.ts';
import { expired, isOpen, outcomeOf, type Parcel } from './parcel.ts';

export interface OutboxOptions<Item, Reply> {
  /** For messages: what is being sent. */
  readonly what: string;
  readonly send: (items: readonly Item[], call: BrokerCall) => Promise<readonly Reply[]>;
  /** What is sent in the place of an item that was sent before, so many ms ago. */
  readonly again: (item: Item, sinceMs: number) => Item;
  readonly clock: Clock;
  readonly random: Random;
  readonly maxBatch: number;
  readonly maxInFlight: number;
  readonly maxMessages: number;
  readonly maxBytes: number;
  /** How long one attempt may take. */
  readonly attemptMs: number;
  readonly onResent: (count: number) => void;
}

interface Lane<Item, Reply> {
  parcels: Parcel<Item, Reply>[];
  busy: boolean;
}

/** Batches go no larger than this, unless a single parcel is. */
const maxBatchBytes = 4 * 1024 * 1024;

/**
 * What waits to be sent, and keeps its order: of each lane one batch is under way at a time, and what failed goes first when it is tried
 * again. While the broker is away things wait for it, within bounds and until their senders stop waiting.
 */
export class Outbox<Item, Reply> {
  readonly #options: OutboxOptions<Item, Reply>;
  readonly #lanes = new Map<string, Lane<Item, Reply>>();
  /** Lanes with something to send and nothing under way. */
  readonly #idle = new Set<Lane<Item, Reply>>();
  #messages = 0;
  #bytes = 0;
  readonly #attempts = new Set<Attempt<Parcel<Item, Reply>>>();
  #scheduled = false;
  #failures = 0;
  #pause: Timer | undefined;
  #closed = false;
  #emptied: PromiseWithResolvers<void> | undefined;
  #expiry: Timer | undefined;
  #expiryDue = Infinity;
  #lastError: unknown;

  constructor(options: OutboxOptions<Item, Reply>) {
    this.#options = options;
  }

  get waiting(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.#messages, bytes: this.#bytes };
  }

  /** The reply, or the reason why there is none by the time `withinMs` have passed. */
  push(lane: string, item: Item, bytes: number, withinMs: number): Promise<Reply> {
    const { maxMessages, maxBytes, what, clock } = this.#options;
    if (this.#closed) return Promise.reject(new Closed('The bus'));
    if (this.#messages >= maxMessages || this.#bytes + bytes > maxBytes) {
      const evidence = { messages: this.#messages, bytes: this.#bytes, maxMessages, maxBytes };
      return Promise.reject(
        new Overloaded(`Too many ${what} wait to be sent`, { cause: this.#lastError, evidence }),
      );
    }
    return new Promise((resolve, reject) => {
      const expiresAt = clock.monotonic() + withinMs;
      const parcel = {
        lane,
        item,
        bytes,
        withinMs,
        expiresAt,
        resolve,
        reject,
        sentAt: undefined,
        company: Infinity,
        settled: false,
      };
      this.#messages += 1;
      this.#bytes += bytes;
      let known = this.#lanes.get(lane);
      if (known === undefined) this.#lanes.set(lane, (known = { parcels: [], busy: false }));
      known.parcels.push(parcel);
      if (!known.busy) this.#idle.add(known);
      this.#schedule();
      this.#watchExpiry(expiresAt);
    });
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    if (this.#messages === 0) return;
    this.#emptied ??= Promise.withResolvers();
    await this.#emptied.promise;
  }

  /** What still waits is refused. */
  close(): void {
    this.#closed = true;
    this.#pause?.cancel();
    this.#expiry?.cancel();
    for (const { parcels } of this.#lanes.values()) {
      for (const parcel of parcels) {
        if (!parcel.settled)
          parcel.reject(new Closed('The bus', { evidence: { outcome: outcomeOf(parcel) } }));
        this.#forget(parcel);
      }
    }
    this.#lanes.clear();
    this.#idle.clear();
    for (const attempt of this.#attempts) attempt.giveUp(new Closed('The bus'));
    this.#attempts.clear();
  }

  #schedule(): void {
    if (this.#scheduled || this.#pause !== undefined || this.#attempts.size >= this.#options.maxInFlight)
      return;
    this.#scheduled = true;
    // What is published in this turn travels together; while something is under way the rest gathers by itself.
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (
      this.#idle.size > 0 &&
      this.#pause === undefined &&
      this.#attempts.size < this.#options.maxInFlight
    ) {
      const batch = this.#gather();
      if (batch.length > 0) this.#send(batch);
    }
  }

  #gather(): Parcel<Item, Reply>[] {
    const batch: Parcel<Item, Reply>[] = [];
    let bytes = 0;
    let most = this.#options.maxBatch;
    for (const lane of this.#idle) {
      for (const parcel of lane.parcels) {
        most = Math.min(most, parcel.company);
        if (batch.length >= most || (bytes > 0 && bytes + parcel.bytes > maxBatchBytes)) return batch;
        batch.push(parcel);
        bytes += parcel.bytes;
        // With its first parcel, also when not all of it fits.
        lane.busy = true;
        this.#idle.delete(lane);
      }
    }
    return batch;
  }

  #send(batch: readonly Parcel<Item, Reply>[]): void {
    const { clock, attemptMs, send, again, onResent } = this.#options;
    const now = clock.monotonic();
    let resent = 0;
    const items = batch.map((parcel) => {
      const { item, sentAt } = parcel;
      if (sentAt === undefined) {
        parcel.sentAt = now;
        return item;
      }
      resent += 1;
      return again(item, Math.ceil(now - sentAt));
    });
    if (resent > 0) onResent(resent);
    const attempt = new Attempt(batch, now + attemptMs);
    this.#attempts.add(attempt);
    send(items, attempt).then(
      (replies) => this.#finish(attempt, () => this.#answer(batch, replies)),
      (error: unknown) => this.#finish(attempt, () => this.#fail(batch, error)),
    );
    // One timer for all of them: what it costs to bound each would come before the next one could be sent.
    this.#watchExpiry(attempt.dueAt);
  }

  /** Whatever comes of it later means nothing. */
  #finish(attempt: Attempt<Parcel<Item, Reply>>, settle: () => void): void {
    if (!this.#attempts.delete(attempt)) return;
    settle();
    this.#release(attempt.batch);
  }

  #answer(batch: readonly Parcel<Item, Reply>[], replies: readonly Reply[]): void {
    this.#failures = 0;
    if (replies.length !== batch.length) {
      const message = `The broker answered ${replies.length} of ${batch.length} ${this.#options.what}`;
      this.#fail(batch, new StoreFault(message));
      return;
    }
    for (const [i, reply] of replies.entries()) batch[i]?.resolve(reply);
    for (const parcel of batch) this.#forget(parcel);
  }

  #fail(batch: readonly Parcel<Item, Reply>[], error: unknown): void {
    this.#lastError = error;
    if (isRetryable(error)) {
      this.#failures += 1;
      this.#rest();
    } else if (batch.length > 1) {
      for (const parcel of batch) parcel.company = batch.length >> 1;
    } else {
      batch[0]?.reject(error);
      for (const parcel of batch) this.#forget(parcel);
    }
  }

  #forget(parcel: Parcel<Item, Reply>): void {
    if (parcel.settled) return;
    parcel.settled = true;
    this.#messages -= 1;
    this.#bytes -= parcel.bytes;
    if (this.#messages === 0) this.#emptied?.resolve();
    if (this.#messages === 0) this.#emptied = undefined;
  }

  /** Gives lanes back: what is settled leaves them, the rest may be sent. */
  #release(batch: readonly Parcel<Item, Reply>[]): void {
    for (const { lane: name } of batch) {
      const lane = this.#lanes.get(name);
      if (lane === undefined || !lane.busy) continue;
      lane.busy = false;
      lane.parcels = lane.parcels.filter(isOpen);
      if (lane.parcels.length > 0) this.#idle.add(lane);
      else this.#lanes.delete(name);
    }
    this.#flush();
  }

  #rest(): void {
    if (this.#pause !== undefined || this.#closed) return;
    const { clock, random } = this.#options;
    const backoff = exponentialBackoff({ baseMs: 50, maxMs: 1_000, minMs: 5, random });
    this.#pause = clock.timer(backoff(this.#failures), () => {
      this.#pause = undefined;
      this.#flush();
    });
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
    const { what, attemptMs } = this.#options;
    const { due, next: nextDue } = partByDue(this.#attempts, now);
    for (const attempt of due) {
      const error = new DeadlineExceeded(`sending ${what}`, attemptMs);
      this.#finish(attempt, () => this.#fail(attempt.batch, error));
      attempt.giveUp(error);
    }
    let next = nextDue;
    for (const [name, lane] of this.#lanes) {
      for (const parcel of lane.parcels) {
        if (parcel.settled) continue;
        if (parcel.expiresAt > now) next = Math.min(next, parcel.expiresAt);
        else this.#giveUp(parcel, now);
      }
      // What is under way is tidied up when it ends.
      if (lane.busy) continue;
      lane.parcels = lane.parcels.filter(isOpen);
      if (lane.parcels.length > 0) continue;
      this.#idle.delete(lane);
      this.#lanes.delete(name);
    }
    this.#watchExpiry(next);
  }

  #giveUp(parcel: Parcel<Item, Reply>, now: number): void {
    this.#forget(parcel);
    parcel.reject(expired(parcel, { what: this.#options.what, now, cause: this.#lastError }));
  }
}
