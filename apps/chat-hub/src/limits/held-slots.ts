import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { Limiter, Verdict } from '@parley/ratelimit';
import { slotSeconds } from './hub-rules.ts';

export interface HeldSlotsOptions {
  readonly limiter: Pick<Limiter<string>, 'check' | 'renew' | 'release'>;
  readonly clock: Clock;
}

interface Held {
  holder: string;
  readonly rule: string;
  readonly identity: string;
  /** Told when what it was taken for has to end. */
  readonly onOver: OnOver;
  renewAt: number;
}

type Refusal = Pick<Verdict, 'violated' | 'retryAfterMs'>;
type OnOver = ((refusal: Refusal) => void) | undefined;

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

  /**
   * Keeps the slots of a verdict until they are given back, which the answer does.
   *
   * @param onOver told when one of them was lost, or never had, and there is no room for it any more: what they were taken for has to end
   */
  keep({ holder, rules }: Pick<Verdict, 'holder' | 'rules'>, onOver?: OnOver): () => void {
    const renewAt = this.#options.clock.monotonic() + renewMs;
    const taken = rules.flatMap(({ rule, name, identity }): Held[] =>
      rule.kind === 'concurrency' ? [{ holder: holder ?? '', rule: name, identity, onOver, renewAt }] : [],
    );
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
    if (holder === '') return;
    // What cannot be given back now is over with its lease.
    this.#options.limiter.release(holder, { rules: rule, identity }).catch(() => undefined);
  }

  #later(): Timer {
    return this.#options.clock.timer(tickMs, () => this.#renewDue(), { unref: true });
  }

  #renewDue(): void {
    const { clock } = this.#options;
    const now = clock.monotonic();
    let renewed = 0;
    for (const held of this.#held) {
      if (held.renewAt > now || renewed === mostPerTick) break;
      renewed += 1;
      this.#held.delete(held);
      held.renewAt = now + renewMs;
      this.#held.add(held);
      this.#renew(held).catch(() => undefined);
    }
    this.#timer = this.#held.size > 0 ? this.#later() : undefined;
  }

  /**
   * What the store does not know, since it was away or lost it, is taken anew. Where the store has no room for it, it was one too many from the
   * beginning, or is since then; without the store nobody can tell.
   */
  async #renew(held: Held): Promise<void> {
    const { limiter } = this.#options;
    const { holder, rule, identity } = held;
    if (holder !== '' && (await limiter.renew(holder, { rules: rule, identity }))) return;
    const verdict = await limiter.check([{ rule, identity }]);
    if (!verdict.ok) {
      if (verdict.decidedBy === 'store' && this.#held.has(held)) held.onOver?.(verdict);
      return;
    }
    held.holder = verdict.holder ?? '';
    if (!this.#held.has(held)) this.#release(held);
  }
}
