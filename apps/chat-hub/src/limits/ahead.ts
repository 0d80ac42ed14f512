import type { Clock } from '@parley/cache-core/kernel';

/** For how long what is paid ahead is worth something: who comes rarely pays ahead in vain, and is to lose little by it. */
const worthMs = 60_000;
const maxNames = 10_000;

interface Paid {
  left: number;
  readonly until: number;
}

/** Of a limit so high that some more or less do not matter, several units are charged at once, and those who come next find them paid. */
export class Ahead {
  readonly #clock: Clock;
  /** In the order in which they were paid. */
  readonly #paid = new Map<string, Paid>();
  #used = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many did not have to be charged. */
  get used(): number {
    return this.#used;
  }

  /** Whether it is paid; then there is one less. */
  take(name: string): boolean {
    const paid = this.#paid.get(name);
    if (paid === undefined) return false;
    paid.left -= 1;
    const isOver = paid.until <= this.#clock.monotonic();
    if (isOver || paid.left === 0) this.#paid.delete(name);
    if (isOver) return false;
    this.#used += 1;
    return true;
  }

  pay(name: string, units: number): void {
    if (units <= 0) return;
    const now = this.#clock.monotonic();
    this.#paid.delete(name);
    this.#paid.set(name, { left: units, until: now + worthMs });
    for (const [first, { until }] of this.#paid) {
      if (until > now && this.#paid.size <= maxNames) break;
      this.#paid.delete(first);
    }
  }
}

/** How many units of a limit are charged at once: few enough that what all nodes pay in vain is nothing beside it. */
export const unitsAhead = (limit: number): number => Math.max(1, Math.min(16, Math.floor(limit / 2_000)));
