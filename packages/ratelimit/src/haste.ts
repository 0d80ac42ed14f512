import type { Clock } from '@parley/cache-core/kernel';

export interface HasteOptions {
  readonly clock: Clock;
  readonly graceMs: number;
  /** How many frames that came too early are the end. */
  readonly patience: number;
}

/**
 * Whether a client waits as it is told. What is on its way while it is told could not know, so for a while after the first time nothing is held
 * against anybody. Only who has waited for as long as they were told begins such a while anew: who never stops gets no more of them.
 */
export class Haste {
  readonly #options: HasteOptions;
  #count = 0;
  #notBefore = 0;
  #graceUntil: number | undefined;
  #toldMs = 0;
  #latest = -Infinity;

  constructor(options: HasteOptions) {
    this.#options = options;
  }

  /** A frame has come; answers whether it is held against its client that it is early. */
  comes(): boolean {
    const now = this.#options.clock.monotonic();
    // Half, as frames do not take the same time on their way.
    if (now - this.#latest >= this.#toldMs / 2) this.#graceUntil = undefined;
    this.#latest = now;
    return now < this.#notBefore && this.#graceUntil !== undefined && now >= this.#graceUntil;
  }

  /** Answers whether there is patience left. */
  refuse(early: boolean, retryAfterMs: number): boolean {
    const { clock, graceMs, patience } = this.#options;
    const now = clock.monotonic();
    // There is nothing to wait for: what comes after it may be another one, and only this one counts.
    const never = retryAfterMs === Infinity;
    if (early || never) this.#count += 1;
    if (!never) {
      // What is refused meanwhile is told the rest of the same time.
      if (now >= this.#notBefore) this.#toldMs = retryAfterMs;
      this.#notBefore = now + retryAfterMs;
      this.#graceUntil ??= now + graceMs;
    }
    return this.#count < patience;
  }

  take(): void {
    this.#count = 0;
    this.#notBefore = 0;
  }
}
