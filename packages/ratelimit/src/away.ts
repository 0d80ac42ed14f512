import type { Clock } from '@parley/cache-core/kernel';
import { ruleVerdict } from './answer.ts';
import type { Item } from './call.ts';
import { memoryLimitStore, type MemoryLimitStore } from './memory-store.ts';
import type { Rule } from './rule.ts';
import type { Charge, Held, Hold } from './store.ts';
import type { RuleVerdict } from './verdict.ts';

export interface AwayOptions {
  readonly clock: Clock;
  readonly processes: () => number;
  /** When callers may ask again whom `closed` denied. */
  readonly coolDownMs: number;
}

/** Decides while the store does not, as each rule wants it. */
export class Away {
  readonly #options: AwayOptions;
  readonly #own: MemoryLimitStore;

  constructor(options: AwayOptions) {
    this.#options = options;
    this.#own = memoryLimitStore({ clock: options.clock, maxKeys: 100_000 });
  }

  /** @param change false only looks */
  decide<Name extends string>(
    items: readonly Item<Name>[],
    holder: string | undefined,
    change: boolean,
  ): RuleVerdict<Name>[] {
    const processes = this.#options.processes();
    const closed = items.some(({ known }) => known.whenAway === 'closed' && !known.shadow);
    const shared = items.filter(({ known }) => known.whenAway === 'share');
    const charges = shared.map(({ rule, identity, cost, known: { shadow } }): Charge => {
      const own = shareOf(rule, processes);
      // What is larger than the share takes all of it, rather than never getting through.
      return { rule: own, identity, cost: Math.min(cost, own.burst), shadow };
    });
    // What another rule denies is not charged.
    const standings =
      change && !closed && charges.length > 0
        ? this.#own.takeNow({ charges, holder }).standings
        : charges.map((charge) => this.#own.peekNow(charge));
    let at = 0;
    return items.map((item) => {
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
  }

  release(holds: readonly Hold[]): Promise<readonly Held[]> {
    return this.#own.release(holds);
  }

  renew(holds: readonly Hold[]): Promise<readonly Held[]> {
    return this.#own.renew(holds);
  }
}

function shareOf(rule: Rule, processes: number): Rule {
  if (processes === 1) return rule;
  const share = (count: number): number => Math.max(1, Math.floor(count / processes));
  return { ...rule, limit: share(rule.limit), burst: share(rule.burst) };
}
