import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { Line } from './line.ts';
import type { PresenceStats } from './stats.ts';

export interface LeaseHolderOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: Line;
  readonly stats: PresenceStats;
  readonly processId: string;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly storeMs: number;
}

/** Whose lease it is. */
export const processOf = (lease: string): string => lease.slice(0, lease.lastIndexOf('.'));

export interface HeldLease {
  readonly lease: string;
  /** The one before it, whose entries are taken over. */
  readonly former: string | undefined;
}

/**
 * The lease of this process: begun with the first thing to register, renewed as long as the process lives. When it was lost, or the store
 * may have lost what was under it, another one takes its place, and whatever is not registered again under it by the time that everything
 * is goes with the former one: that is how an entry goes whose removal was lost.
 */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  #lease: string | undefined;
  #former: string | undefined;
  #epoch: string | undefined;
  #count = 0;
  #turn = 0;
  #opening: Promise<void> | undefined;
  #timer: Timer | undefined;
  #closed = false;
  #onLost: () => void = () => undefined;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
  }

  get leases(): readonly string[] {
    return [this.#lease, this.#former].filter((lease) => lease !== undefined);
  }

  /** Undefined: there is none now. */
  get held(): HeldLease | undefined {
    return this.#lease === undefined ? undefined : { lease: this.#lease, former: this.#former };
  }

  onLost(listener: () => void): void {
    this.#onLost = listener;
  }

  nextTurn(): number {
    this.#turn += 1;
    return this.#turn;
  }

  /** The lease; begun now if there is none. */
  async hold(): Promise<HeldLease> {
    for (let lease = this.#lease; ; lease = this.#lease) {
      if (lease !== undefined) return { lease, former: this.#former };
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
      await this.#opening;
    }
  }

  /** The store does not know it any more. */
  lapsed(lease: string): void {
    if (this.#lease !== lease) return;
    this.#options.stats.leasesLapsed += 1;
    this.#lose();
  }

  /** Everything is registered under the lease: what is left under the former one is not wanted. */
  settled(): void {
    const former = this.#former;
    if (former === undefined) return;
    this.#former = undefined;
    this.#end(former);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #open(): Promise<void> {
    const { line, leaseMs, processId, stats, storeMs } = this.#options;
    this.#count += 1;
    // Never the same again: a call under an earlier one that arrives late must find it unknown.
    const lease = `${processId}.${this.#count}`;
    this.#epoch = await line.call('begin a lease', (store, signal) =>
      store.open(lease, leaseMs, { signal, partMs: storeMs / 2 }),
    );
    stats.leases += 1;
    this.#lease = lease;
    this.#arm(this.#options.heartbeatMs);
  }

  #lose(): void {
    // It may hold what was not taken over yet.
    if (this.#former !== undefined) this.#end(this.#former);
    this.#former = this.#lease;
    this.#lease = undefined;
    this.#timer?.cancel();
    this.#onLost();
  }

  #end(lease: string): void {
    // Otherwise it ends by itself.
    this.#options.line
      .call('end a lease', (store, signal) => store.end([lease], { signal }))
      .catch(() => undefined);
  }

  #arm(ms: number): void {
    this.#timer?.cancel();
    if (!this.#closed) this.#timer = this.#options.clock.timer(ms, () => void this.#beat(), { unref: true });
  }

  async #beat(): Promise<void> {
    const { line, leaseMs, heartbeatMs, storeMs, random, stats } = this.#options;
    const lease = this.#lease;
    if (lease === undefined || this.#closed) return;
    try {
      const { held, epoch } = await line.call(
        'renew a lease',
        (store, signal) => store.beat(lease, leaseMs, { signal, partMs: storeMs / 2 }),
        // That it is not held may be known of one part alone.
        { tells: (beat) => beat.held },
      );
      stats.beats += 1;
      if (this.#lease !== lease) return;
      if (!held) {
        this.lapsed(lease);
        return;
      }
      if (epoch !== this.#epoch) {
        stats.epochs += 1;
        this.#lose();
        return;
      }
      this.#arm(heartbeatMs);
    } catch {
      stats.beatsFailed += 1;
      if (this.#lease === lease) this.#arm(heartbeatMs * (0.1 + 0.1 * random()));
    }
  }
}
