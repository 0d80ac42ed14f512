import type { Clock } from './kernel/clock.ts';
import type { GuardTable } from './guards.ts';
import type { Invalidation, InvalidationSubscription, Notice } from './invalidation.ts';

export interface CoherenceOptions {
  readonly clock: Clock;
  readonly guards: GuardTable;
  readonly origin: string;
  readonly invalidation: Invalidation | undefined;
  /** Whether other processes can change what the store holds. */
  readonly shared: boolean;
  /** How old knowledge may be that no live subscription vouches for. */
  readonly boundMs: number;
  /** Another process changed these keys (as the store knows them). */
  readonly onKeys: (keys: readonly string[]) => void;
  readonly onGuards: (guards: readonly string[]) => void;
  /** Everything kept so far may be wrong. */
  readonly onFlush: () => void;
}

const slots = 4096;

/**
 * Whether this process may believe what it remembers. While the subscription to other processes' changes is live, everything learned since
 * it came up; otherwise only what is younger than the bound. That bound, or the time it takes to find out that the subscription is gone,
 * is how stale an answer can be.
 */
export class Coherence {
  readonly #options: CoherenceOptions;
  readonly #changes = new Uint32Array(slots);
  readonly #subscription: InvalidationSubscription | undefined;
  /** Start of the live stretch; undefined while there is none. */
  #liveSince: number | undefined;

  constructor(options: CoherenceOptions) {
    this.#options = options;
    this.#subscription = options.invalidation?.subscribe({
      notice: (notice) => this.#receive(notice),
      state: (state) => this.#turn(state),
    });
  }

  /** What was learned before this moment (monotonic) must be asked again. */
  horizon(now: number): number {
    if (!this.#options.shared) return -Infinity;
    const since = this.#liveSince;
    return since !== undefined && this.#isVouchedFor(now) ? since : now - this.#options.boundMs;
  }

  stateAt(now: number): 'alone' | 'live' | 'suspect' {
    if (!this.#options.shared) return 'alone';
    return this.#liveSince !== undefined && this.#isVouchedFor(now) ? 'live' : 'suspect';
  }

  /**
   * Changes with every change of the key; a read that was under way meanwhile must not be kept. Keys share counters, which costs a needless
   * miss now and then and never a stale value.
   */
  changeOf(key: string): number {
    return this.#changes[slotOf(key)] ?? 0;
  }

  changed(key: string): void {
    const slot = slotOf(key);
    this.#changes[slot] = (this.#changes[slot] ?? 0) + 1;
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  /** After a standstill of the event loop the moment has passed, although no timer had its turn to say so. */
  #isVouchedFor(now: number): boolean {
    return this.#subscription !== undefined && now < this.#subscription.vouchedUntil();
  }

  #receive(notice: Notice): void {
    const { origin, guards, clock, onKeys, onGuards } = this.#options;
    if (notice.origin === origin) return;
    if (notice.keys.length > 0) {
      const keys = notice.keys.map(([key]) => key);
      for (const key of keys) this.changed(key);
      onKeys(keys);
    }
    if (notice.guards.length > 0) {
      const now = clock.monotonic();
      for (const [guard, epoch] of notice.guards) guards.learn(guard, epoch, now);
      onGuards(notice.guards.map(([guard]) => guard));
    }
  }

  #turn(state: 'live' | 'suspect'): void {
    if (state === 'suspect') {
      this.#liveSince = undefined;
      return;
    }
    this.#liveSince = this.#options.clock.monotonic();
    this.#options.guards.forget();
    this.#changes.forEach((count, slot) => (this.#changes[slot] = count + 1));
    this.#options.onFlush();
  }
}

function slotOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % slots;
}
