import type { Clock } from '@parley/cache-core/kernel';
import { ruleVerdict } from './answer.ts';
import type { Item } from './call.ts';
import { memoryLimitStore, type MemoryLimitStore } from './memory-store.ts';
import { takeWithSlots } from './replayed-slots.ts';
import type { Rule } from './rule.ts';
import type { Block, Charge, Held, Hold, TakeRequest, Target } from './store.ts';
import type { RuleVerdict } from './verdict.ts';

export interface AwayOptions {
  readonly clock: Clock;
  readonly processes: () => number;
  /** When callers may ask again whom `closed` denied. */
  readonly coolDownMs: number;
}

/** What the rules say of a call by themselves. */
export interface DecidedAway<Name extends string> {
  readonly rules: RuleVerdict<Name>[];
  readonly replayed: boolean;
}

/** Decides while the store does not, as each rule wants it. */
export class Away {
  readonly #options: AwayOptions;
  readonly #own: MemoryLimitStore;

  constructor(options: AwayOptions) {
    this.#options = options;
    this.#own = memoryLimitStore({ clock: options.clock, maxKeys: 100_000 });
  }

  /** @param request what the store was asked; undefined: it is only looked at */
  decide<Name extends string>(
    items: readonly Item<Name>[],
    request: Omit<TakeRequest, 'charges'> | undefined,
  ): DecidedAway<Name> {
    const processes = this.#options.processes();
    const closed = items.some(({ known }) => known.whenAway === 'closed' && !known.shadow);
    const shared = items.filter(({ known }) => known.whenAway === 'share');
    const charges = shared.map(({ rule, identity, cost, known: { shadow } }): Charge => {
      return { rule: shareOf(rule, processes, cost), identity, cost, shadow };
    });
    // What another rule denies is not charged.
    const { standings, replayed } =
      request !== undefined && !closed && charges.length > 0
        ? takeWithSlots(this.#own.takeNow, { ...request, charges })
        : { standings: charges.map((charge) => this.#own.peekNow(charge)), replayed: false };
    let at = 0;
    const rules = items.map((item) => {
      const { whenAway } = item.known;
      const standing = whenAway === 'share' ? standings[at++] : undefined;
      if (standing !== undefined) return ruleVerdict(item, standing, 'share');
      const [open, waitMs] = [whenAway === 'open', this.#options.coolDownMs];
      return ruleVerdict(
        item,
        {
          ok: open,
          remaining: open ? item.rule.burst - item.cost : 0,
          retryAfterMs: open ? 0 : waitMs,
          resetMs: open ? 0 : waitMs,
          blockedMs: 0,
        },
        open ? 'open' : 'closed',
      );
    });
    return { rules, replayed };
  }

  /** What the store was told as well: it is to hold when that goes away. */
  async block(blocks: readonly Block[]): Promise<void> {
    await this.#own.block(blocks);
  }

  async reset(targets: readonly Target[]): Promise<void> {
    await this.#own.reset(targets);
  }

  release(holds: readonly Hold[]): Promise<readonly Held[]> {
    return this.#own.release(holds);
  }

  renew(holds: readonly Hold[]): Promise<readonly Held[]> {
    return this.#own.renew(holds);
  }
}

/**
 * What is larger than the share gets through when nothing else was used, rather than never. All of it is charged, so that as much as it
 * took beyond the share is denied later: of `gcra` and `bucket` all of that, of the others until their windows have gone over it.
 */
function shareOf(rule: Rule, processes: number, cost: number): Rule {
  if (processes === 1) return rule;
  const { kind, limit, burst } = rule;
  const share = (count: number): number => Math.max(1, Math.floor(count / processes));
  const atOnce = Math.max(share(burst), cost);
  return { ...rule, burst: atOnce, limit: kind === 'gcra' || kind === 'bucket' ? share(limit) : atOnce };
}
