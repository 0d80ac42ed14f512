import type { Backoff } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import { isParleyError } from '../kernel/errors.ts';
import type { LockToRelease } from './lock-store.ts';

export interface GivingBackOptions {
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** Says it to the store once. */
  readonly release: (held: LockToRelease) => Promise<unknown>;
  /** To be told of what closing waits for. */
  readonly track: (work: Promise<unknown>) => void;
}

interface Owed {
  readonly held: LockToRelease;
  /** When it is over by itself. */
  readonly until: number;
  readonly doubtful: boolean;
}

/** How long after a token was given back it is given back once more. */
const lateMs = [250, 1_000, 4_000, 10_000];
/** For how long each of these is tried again. */
const lateForMs = 2_000;
/** How much is given back at once, when the store answers again. */
const batch = 16;

/**
 * What the store may hold for us, and nobody of us wants: it is given back, again and again until it is over by itself. A store that is away is asked
 * for all of it by one call at a time, however much it is.
 */
export class GivingBack {
  readonly #options: GivingBackOptions;
  readonly #owed = new Map<string, Owed>();
  #failures = 0;
  #paying = false;
  #closed = false;

  constructor(options: GivingBackOptions) {
    this.#options = options;
  }

  /** @param doubtful whether a call to take it was never answered */
  give(held: LockToRelease, forMs: number, doubtful: boolean): void {
    const { clock, track } = this.#options;
    const owed = { held, until: clock.monotonic() + forMs, doubtful };
    if (this.#failures > 0 && !this.#closed) this.#owe(owed);
    else track(this.#pay(owed).then((paid) => (paid ? undefined : this.#owe(owed))));
  }

  /**
   * To be told of a token that was given back, and of which a call to take the lock was never answered: a store that hung, or a network, may carry that
   * out later than the release, which went by another connection. Then nobody would hold the lock for a whole lease. Nobody waits for it.
   */
  giveLate(held: LockToRelease): void {
    const { clock } = this.#options;
    for (const ms of lateMs)
      clock.timer(ms, () => this.#closed || this.give(held, lateForMs, false), { unref: true });
  }

  /** Nothing is tried again from now on. */
  close(): void {
    this.#closed = true;
  }

  #owe(owed: Owed): void {
    if (this.#closed) return;
    this.#owed.set(owed.held.token, owed);
    if (this.#paying) return;
    this.#paying = true;
    this.#options.track(this.#payAll().finally(() => (this.#paying = false)));
  }

  async #payAll(): Promise<void> {
    const { clock, backoff } = this.#options;
    while (this.#owed.size > 0) {
      if (this.#failures > 0) {
        await clock.sleep(backoff(this.#failures), { unref: true });
        this.#dropOver();
      }
      const next = this.#take(this.#failures > 0 ? 1 : batch);
      const paid = await Promise.all(next.map((owed) => this.#pay(owed)));
      if (this.#closed && paid.includes(false)) this.#owed.clear();
      else
        for (const [i, owed] of next.entries()) if (paid[i] !== true) this.#owed.set(owed.held.token, owed);
    }
    // What comes next does not wait for a store that may be back for long.
    this.#failures = 0;
  }

  #take(most: number): Owed[] {
    const taken: Owed[] = [];
    for (const [token, owed] of this.#owed) {
      taken.push(owed);
      this.#owed.delete(token);
      if (taken.length === most) break;
    }
    return taken;
  }

  /** Whether nothing is left to do for it. */
  async #pay({ held, doubtful }: Owed): Promise<boolean> {
    try {
      await this.#options.release(held);
      this.#failures = 0;
    } catch (error) {
      if (isParleyError(error, 'STORE_UNAVAILABLE')) {
        this.#failures += 1;
        return false;
      }
    }
    if (doubtful && !this.#closed) this.giveLate(held);
    return true;
  }

  #dropOver(): void {
    const now = this.#options.clock.monotonic();
    for (const [token, { until }] of this.#owed) if (until <= now) this.#owed.delete(token);
  }
}
