import type { Clock } from '@parley/cache-core/kernel';

const maxNames = 10_000;

/** Names that something has happened to lately. */
export class Lately {
  readonly #clock: Clock;
  readonly #ms: number;
  /** Until when, in the order in which that is over. */
  readonly #names = new Map<string, number>();

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  add(name: string): void {
    const now = this.#clock.monotonic();
    this.#names.delete(name);
    this.#names.set(name, now + this.#ms);
    for (const [first, until] of this.#names) {
      if (until > now && this.#names.size <= maxNames) break;
      this.#names.delete(first);
    }
  }

  has(name: string): boolean {
    return (this.#names.get(name) ?? -Infinity) > this.#clock.monotonic();
  }
}
