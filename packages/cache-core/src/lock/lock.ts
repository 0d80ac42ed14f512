import type { Timer } from '../kernel/clock.ts';
import { Closed, isParleyError } from '../kernel/errors.ts';
import { LockLost, type LossReason } from './errors.ts';
import { lockSignal } from './events.ts';
import type { FarTimers } from './far-timers.ts';
import { confirmedFor, momentOf, sinceMs } from './lease.ts';
import type { Moment } from './lease.ts';
import type { LockSettings } from './options.ts';
import type { LockStats } from './stats.ts';
import type { StoreCalls } from './store-calls.ts';

/** What all locks of a process have in common. */
export interface LockParts extends LockSettings {
  readonly timers: FarTimers;
  readonly calls: StoreCalls;
  readonly stats: LockStats;
  readonly onOver: (lock: Lock, token: string) => void;
}

export interface TakenLock {
  readonly key: string;
  readonly token: string;
  readonly fence: number;
  readonly leaseMs: number;
  readonly autoExtend: boolean;
  /** When it was asked for. */
  readonly askedAt: Moment;
  /** Whether it was also asked for without an answer. */
  readonly doubtful: boolean;
}

/** Of a lease, until it is begun anew. */
const extendAfter = 1 / 3;

/**
 * A lock that is held, until it is let go or lost. It does not keep the process alive. Where time stands still for this process and not for
 * the store (it was stopped, the machine slept) the loss is noticed when it goes on: what was written meanwhile only the fence keeps out.
 */
export class Lock implements AsyncDisposable {
  readonly key: string;
  /** Above that of everybody who held the lock before. Give it along with what is written, and refuse what comes with a lower one. */
  readonly fence: number;
  readonly #parts: LockParts;
  readonly #taken: TakenLock;
  /** Made when somebody wants to hear of the loss. */
  #controller: AbortController | undefined;
  readonly #since: number;
  /** When the lease was begun that was confirmed last: for how long from then on it is certain that nobody else holds it. */
  #askedAt: Moment;
  #state: 'held' | 'released' | 'lost' = 'held';
  #lost: LockLost | undefined;
  #deadline: Timer | undefined;
  #next: Timer | undefined;
  #released: Promise<boolean> | undefined;

  constructor(parts: LockParts, taken: TakenLock) {
    this.key = taken.key;
    this.fence = taken.fence;
    this.#parts = parts;
    this.#taken = taken;
    this.#since = parts.clock.monotonic();
    this.#askedAt = taken.askedAt;
    this.#confirm(taken.askedAt);
  }

  /** Aborted with `LockLost` when it is not certain any more that nobody else holds the lock: by our own clock, also when the store is away. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.lost !== undefined) this.#controller.abort(this.lost);
    }
    return this.#controller.signal;
  }

  get held(): boolean {
    return this.remainingMs > 0;
  }

  /** How long it is certain to be held if nothing more is heard of the store; 0: it is not. */
  get remainingMs(): number {
    if (this.#state !== 'held') return 0;
    return Math.max(0, confirmedFor(this.#taken.leaseMs) - sinceMs(this.#parts.clock, this.#askedAt));
  }

  /** To be told when the machine stood still, and timers with it: what is lost by then is told now, and the rest is in a hurry. */
  stoodStill(): void {
    if (this.lost !== undefined || this.#state !== 'held') return;
    this.#deadline?.cancel();
    this.#deadline = undefined;
    this.#watch();
    if (this.#taken.autoExtend) this.#schedule(0);
  }

  /** Why it is not held any more; undefined: it is, or was let go. */
  get lost(): LockLost | undefined {
    if (this.#state === 'held' && !this.held) this.#lose('unconfirmed');
    return this.#lost;
  }

  /** Throws `LockLost` unless it is held; for between two steps of the work. */
  requireHeld(): void {
    const { lost } = this;
    if (lost !== undefined) throw lost;
    if (this.#state === 'released') throw new Closed(`The lock "${this.key}"`);
  }

  /** Begins the lease anew now. Rejects with `LockLost`, or with `StoreUnavailable` while it is still held. */
  async extend(): Promise<void> {
    this.requireHeld();
    await this.#extend();
    this.requireHeld();
  }

  /**
   * Lets it go. Resolves when the store has answered, whether it was held until now; never rejects: what the store does not hear now is
   * said again, until the lease is over.
   */
  release(): Promise<boolean> {
    this.#released ??= this.#release();
    return this.#released;
  }

  /** Lets it go though somebody may be at work under it: they are told before anybody else can have it. */
  revoke(): Promise<boolean> {
    this.#lose('closed');
    return this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  async #release(): Promise<boolean> {
    const { key, held } = this;
    const { calls, clock, stats } = this.#parts;
    const { token, leaseMs, doubtful } = this.#taken;
    const taken = this.#lost?.evidence['reason'] === 'taken';
    if (this.#state === 'held') this.#state = 'released';
    this.#stop();
    if (taken) return false;
    try {
      const ours = await calls.call('release a lock', key, (store, call) =>
        store.release({ key, token }, call),
      );
      if (doubtful) calls.letGoLate({ key, token });
      return held && ours;
    } catch (error) {
      // A store that does not take it now does by itself when the lease is over.
      if (isParleyError(error, 'STORE_UNAVAILABLE')) calls.letGo({ key, token }, leaseMs, doubtful);
      return held;
    } finally {
      stats.released += 1;
      const heldMs = clock.monotonic() - this.#since;
      if (lockSignal.active) lockSignal.emit({ type: 'released', key, fence: this.fence, heldMs });
    }
  }

  #confirm(askedAt: Moment): void {
    const { leaseMs, autoExtend } = this.#taken;
    // What was asked for earlier says less: two of them may be under way.
    if (askedAt.monotonic > this.#askedAt.monotonic) this.#askedAt = askedAt;
    this.#deadline?.cancel();
    this.#deadline = undefined;
    if (autoExtend) this.#schedule(leaseMs * extendAfter);
    else this.#watch();
  }

  /** From when on it may be over before anything else happens: a lock that is held for a moment only needs one timer. */
  #watch(): void {
    const expire = (): void => this.#lose('unconfirmed');
    this.#deadline ??= this.#parts.timers.timer(this.remainingMs, expire);
  }

  #schedule(ms: number): void {
    this.#next?.cancel();
    if (this.#state !== 'held') return;
    const { timers, random } = this.#parts;
    const again = (): void => void this.#extendByItself();
    this.#next = timers.timer(ms * (0.9 + random() / 5), again);
  }

  async #extendByItself(): Promise<void> {
    const { stats, random } = this.#parts;
    if (this.lost !== undefined) return;
    this.#watch();
    try {
      await this.#extend();
    } catch {
      stats.extendFailures += 1;
      // Often enough that a store that comes back is asked in time.
      this.#schedule(Math.min(1_000, this.#taken.leaseMs / 15) * (0.5 + random() / 2));
    }
  }

  async #extend(): Promise<void> {
    const { clock, calls, stats } = this.#parts;
    const { key, token, leaseMs } = this.#taken;
    const askedAt = momentOf(clock);
    const ours = await calls.call(
      'extend a lock',
      key,
      (store, call) => store.extend({ key, token, leaseMs }, call),
      { limitMs: this.remainingMs },
    );
    if (this.#state !== 'held') return;
    if (ours) {
      stats.extended += 1;
      this.#confirm(askedAt);
    } else this.#lose('taken');
  }

  #lose(reason: LossReason): void {
    if (this.#state !== 'held') return;
    const { stats, clock } = this.#parts;
    const { leaseMs } = this.#taken;
    const { key, fence } = this;
    const heldMs = Math.round(clock.monotonic() - this.#since);
    const error = new LockLost(key, reason, { evidence: { fence, leaseMs, heldMs } });
    this.#state = 'lost';
    this.#lost = error;
    stats.lost += 1;
    this.#stop();
    this.#controller?.abort(error);
    if (lockSignal.active) lockSignal.emit({ type: 'lost', key, fence, error });
  }

  #stop(): void {
    this.#deadline?.cancel();
    this.#next?.cancel();
    this.#parts.onOver(this, this.#taken.token);
  }
}
