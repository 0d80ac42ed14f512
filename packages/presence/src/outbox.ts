import { exponentialBackoff } from '@parley/cache-core/kernel';
import type { Clock, Random } from '@parley/cache-core/kernel';
import type { Change, Changed } from './change.ts';
import type { LeaseHolder } from './lease-holder.ts';
import type { Line } from './line.ts';
import type { PresenceStats } from './stats.ts';
import type { Appended } from './view.ts';
import { settle, type Waiting } from './waiting.ts';

export interface OutboxOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: Line;
  readonly leases: LeaseHolder;
  readonly stats: PresenceStats;
  readonly closing: AbortSignal;
  readonly batchSize: number;
  readonly tell: (appended: readonly Appended[]) => void;
  /** What has waited may be asked for in another way by now. */
  readonly asWanted: (change: Change) => Change;
  readonly onTook: (change: Change, lease: string) => void;
  readonly conclude: (key: string, change: Change, outcome: string | undefined) => void;
  /** A batch was carried out, and nothing waits. */
  readonly emptied: () => void;
}

/**
 * Changes on their way to one part of the store. Of several changes of one entry only the last is sent. One call is under way at a time, so
 * that changes arrive in their order; what comes meanwhile goes together with the next one.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #waiting = new Map<string, Waiting>();
  /** The last batch. */
  #sent: ReadonlyMap<string, Waiting> = new Map();
  #draining = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Nothing waits, and nothing is under way. */
  get idle(): boolean {
    return !this.#draining;
  }

  waiting(key: string): Waiting | undefined {
    return this.#waiting.get(key);
  }

  /** Whether the store may have it from the last batch. */
  wasSent(key: string): boolean {
    return this.#sent.has(key);
  }

  take(key: string): boolean {
    return this.#waiting.delete(key);
  }

  put(key: string, waiting: Waiting): void {
    // A removal keeps the place of what it replaces: nothing new is sent before it, whose removal would have to be sent as well.
    if (waiting.change.kind === 'set') this.#waiting.delete(key);
    this.#waiting.set(key, waiting);
    if (this.#draining) return;
    this.#draining = true;
    void this.#drain();
  }

  close(): void {
    for (const { waiters } of this.#waiting.values()) settle(waiters);
    this.#waiting.clear();
  }

  async #drain(): Promise<void> {
    const { clock, random, closing, stats, emptied } = this.#options;
    const backoff = exponentialBackoff({ baseMs: 50, maxMs: 1_000, minMs: 10, random });
    // Calls of one turn go together.
    await Promise.resolve();
    let done = false;
    for (let failures = 0; this.#waiting.size > 0 && !closing.aborted;) {
      try {
        done = await this.#send();
        failures = 0;
      } catch {
        done = false;
        failures += 1;
        stats.retries += 1;
        this.#forget();
        await clock.sleep(backoff(failures), { signal: closing, unref: true }).catch(() => undefined);
      }
    }
    this.#draining = false;
    if (done) emptied();
  }

  /** Whether it was carried out. */
  async #send(): Promise<boolean> {
    const { line, leases, stats, clock, tell, batchSize, asWanted, conclude, onTook } = this.#options;
    const { lease, former } = await leases.hold();
    const now = clock.monotonic();
    const sent = new Map<string, Waiting>();
    this.#sent = sent;
    for (const [key, waiting] of this.#waiting) {
      if (sent.size >= batchSize) break;
      this.#waiting.delete(key);
      if (waiting.until > now) sent.set(key, { ...waiting, fresh: false });
      else settle(waiting.waiters);
    }
    if (sent.size === 0) return false;
    stats.batches += 1;
    stats.changes += sent.size;
    const turn = leases.nextTurn();
    const changes = Array.from(sent.values(), ({ change }) => asWanted(change));
    let changed: Changed;
    try {
      changed = await line.call('change presence', (store, signal) =>
        store.change({ lease, turn, former, changes }, { signal }),
      );
    } catch (error) {
      this.#putBack(sent);
      throw error;
    }
    tell(changed.appended);
    if (changed.verdict !== 'done') {
      this.#putBack(sent);
      leases.lapsed(lease);
      return false;
    }
    for (const [i, [key, { change, waiters }]] of [...sent].entries()) {
      const displaced = changed.displaced?.[i];
      if (displaced !== undefined) onTook(change, displaced);
      conclude(key, change, changed.outcomes[i]);
      settle(waiters);
    }
    return true;
  }

  #forget(): void {
    const now = this.#options.clock.monotonic();
    for (const [key, { until, waiters }] of this.#waiting) {
      if (until > now) continue;
      this.#waiting.delete(key);
      settle(waiters);
    }
  }

  /** Before what came meanwhile; what was replaced meanwhile is not sent again, and whoever waits for it waits for the other. */
  #putBack(sent: ReadonlyMap<string, Waiting>): void {
    if (this.#options.closing.aborted) {
      for (const { waiters } of sent.values()) settle(waiters);
      return;
    }
    const later = this.#waiting;
    this.#waiting = new Map();
    for (const [key, waiting] of sent) {
      const other = later.get(key);
      if (other === undefined) this.#waiting.set(key, waiting);
      else {
        for (const resolve of waiting.waiters) other.waiters.push(resolve);
        if (other.change.kind === 'remove') this.#waiting.set(key, other);
      }
    }
    for (const [key, waiting] of later) this.#waiting.set(key, waiting);
  }
}
