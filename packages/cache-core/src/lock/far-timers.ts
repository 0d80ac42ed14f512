import type { Clock, Timer } from '../kernel/clock.ts';

/** How often it is looked at what comes near. */
const everyMs = 500;
/** What comes before the second look from now: the first one may be late. */
const nearMs = 2 * everyMs;

/**
 * Timers of what is seconds away and nearly always over before: the deadline of a call, the next extension of a lease. Each of them is an
 * entry in a set, and becomes a timer of its own when it comes near. None of them keeps the process alive: what is waited for does.
 */
export class FarTimers {
  readonly #clock: Clock;
  readonly #entries = new Set<FarTimer>();
  #looking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  timer(ms: number, fn: () => void): Timer {
    if (ms <= nearMs) return this.#clock.timer(ms, fn, { unref: true });
    const entry = new FarTimer(this.#entries, this.#clock.monotonic() + ms, fn);
    if (!this.#looking) this.#look();
    return entry;
  }

  #look(): void {
    this.#looking = true;
    this.#clock.timer(everyMs, () => this.#bringNear(), { unref: true });
  }

  #bringNear(): void {
    const now = this.#clock.monotonic();
    for (const entry of this.#entries) {
      const left = entry.at - now;
      if (left <= nearMs) entry.comeNear(this.#clock, left);
    }
    this.#looking = false;
    if (this.#entries.size > 0) this.#look();
  }
}

class FarTimer implements Timer {
  readonly at: number;
  readonly #entries: Set<FarTimer>;
  readonly #fn: () => void;
  #near: Timer | undefined;

  constructor(entries: Set<FarTimer>, at: number, fn: () => void) {
    this.at = at;
    this.#entries = entries;
    this.#fn = fn;
    entries.add(this);
  }

  cancel(): void {
    this.#entries.delete(this);
    this.#near?.cancel();
  }

  comeNear(clock: Clock, ms: number): void {
    this.#entries.delete(this);
    this.#near = clock.timer(ms, this.#fn, { unref: true });
  }
}
