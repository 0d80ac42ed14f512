import { createLru } from '@parley/cache-core/kernel';
import type { Clock, Lru } from '@parley/cache-core/kernel';
import type { Standing } from './rule.ts';

interface Denial {
  /** Until then, by the clock of this process, the store would deny it too. */
  readonly until: number;
  /** Until then it may: not known more exactly than a call takes. */
  readonly latest: number;
  readonly resetAt: number;
  readonly blockedUntil: number;
  /** The least cost that was denied. */
  readonly cost: number;
}

export interface DenialsOptions {
  readonly clock: Clock;
  readonly maxEntries: number;
  readonly maxMs: number;
}

/**
 * What the store denied and would deny again, so that it need not be asked: an attacker costs a look into a map. Bounded in number, and in
 * time, since other processes may lift a block.
 */
export class Denials {
  readonly #clock: Clock;
  readonly #maxMs: number;
  readonly #known: Lru<string, Denial>;
  #forgotAt = -Infinity;

  constructor({ clock, maxEntries, maxMs }: DenialsOptions) {
    this.#clock = clock;
    this.#maxMs = maxMs;
    this.#known = createLru({ maxEntries });
  }

  get size(): number {
    return this.#known.size;
  }

  /** @param asked when the store was asked */
  remember(identity: string, cost: number, standing: Standing, asked: number): void {
    // The answer may be about how things were before.
    if (asked < this.#forgotAt) return;
    const { retryAfterMs, resetMs, blockedMs } = standing;
    const now = this.#clock.monotonic();
    this.#known.set(identity, {
      until: asked + Math.min(retryAfterMs, this.#maxMs),
      latest: now + retryAfterMs,
      resetAt: now + resetMs,
      blockedUntil: blockedMs > 0 ? now + blockedMs : 0,
      cost: blockedMs > 0 ? 1 : cost,
    });
  }

  find(identity: string, cost: number): Standing | undefined {
    if (this.#known.size === 0) return undefined;
    const denial = this.#known.get(identity);
    if (denial === undefined) return undefined;
    const now = this.#clock.monotonic();
    if (denial.until <= now) {
      this.#known.delete(identity);
      return undefined;
    }
    if (cost < denial.cost) return undefined;
    return {
      ok: false,
      remaining: 0,
      retryAfterMs: Math.ceil(denial.latest - now),
      resetMs: Math.max(0, Math.ceil(denial.resetAt - now)),
      blockedMs: Math.max(0, Math.ceil(denial.blockedUntil - now)),
    };
  }

  forget(identity: string): void {
    this.#known.delete(identity);
    this.#forgotAt = this.#clock.monotonic();
  }
}
