import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { Limiter, Verdict } from '@parley/ratelimit';
import { slotSeconds } from './hub-rules.ts';

export interface HeldSlotsOptions {
  readonly limiter: Pick<Limiter<string>, 'renew' | 'release'>;
  readonly clock: Clock;
}

interface Held {
  readonly holder: string;
  readonly rule: string;
  readonly identity: string;
  renewAt: number;
}

const renewMs = (slotSeconds * 1_000) / 3;
const tickMs = 1_000;
/** So that those that came all at once are not renewed all at once. */
const mostPerTick = 250;

/** What of this node counts as open, in a store that forgets what is not renewed. Nobody waits for any of it. */
export class HeldSlots {
  readonly #options: HeldSlotsOptions;
  /** In the order in which they are due. */
  readonly #held = new Set<Held>();
  #timer: Timer | undefined;

  constructor(options: HeldSlotsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Keeps the slots of a verdict until they are given back, which the answer does. */
  keep({ holder, rules }: Pick<Verdict, 'holder' | 'rules'>): () => void {
    const renewAt = this.#options.clock.monotonic() + renewMs;
    const taken = rules.flatMap(({ rule, name, identity, decidedBy }) => {
      const counts = rule.kind === 'concurrency' && (decidedBy === 'store' || decidedBy === 'share');
      return holder !== undefined && counts ? [{ holder, rule: name, identity, renewAt }] : [];
    });
    for (const held of taken) this.#held.add(held);
    if (taken.length > 0) this.#timer ??= this.#later();
    return () => {
      for (const held of taken) if (this.#held.delete(held)) this.#release(held);
    };
  }

  close(): void {
    this.#timer?.cancel();
    this.#held.clear();
  }

  #release({ holder, rule, identity }: Held): void {
    // What cannot be given back now is over with its lease.
    this.#options.limiter.release(holder, { rules: rule, identity }).catch(() => undefined);
  }

  #later(): Timer {
    return this.#options.clock.timer(tickMs, () => this.#renewDue(), { unref: true });
  }

  #renewDue(): void {
    const { clock, limiter } = this.#options;
    const now = clock.monotonic();
    let renewed = 0;
    for (const held of this.#held) {
      if (held.renewAt > now || renewed === mostPerTick) break;
      renewed += 1;
      this.#held.delete(held);
      held.renewAt = now + renewMs;
      this.#held.add(held);
      limiter.renew(held.holder, { rules: held.rule, identity: held.identity }).catch(() => undefined);
    }
    this.#timer = this.#held.size > 0 ? this.#later() : undefined;
  }
}
