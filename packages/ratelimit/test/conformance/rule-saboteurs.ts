import type { Charge, LimitStore, Rule, RuleKind } from '@parley/ratelimit';
import { charges, methods, standings, targets, type Saboteur, type Saboteurs } from './saboteur.ts';

/** Counts a kind of rule in another way. */
const otherwise = (kind: RuleKind, change: (rule: Rule) => Rule): Saboteur =>
  targets((target) => (target.rule.kind === kind ? { ...target, rule: change(target.rule) } : target));

const like =
  (kind: RuleKind) =>
  (rule: Rule): Rule => ({ ...rule, kind, burst: rule.limit });

const lawOf = (kind: RuleKind): string =>
  `a rule of kind ${kind} counts as its functions say, at the times of the store`;

const shorter = (rule: Rule): Rule => ({ ...rule, periodMs: Math.max(1, rule.periodMs - 1) });

/** Writes down how much is used still, by the limits that are asked about. */
async function drained(good: LimitStore, all: readonly Charge[]): Promise<void> {
  await good.adjust(all.map(({ rule, identity }) => ({ rule, identity, by: 1 })));
  await good.adjust(all.map(({ rule, identity }) => ({ rule, identity, by: -1 })));
}

export const ruleSaboteurs: Saboteurs = {
  [lawOf('gcra')]: [
    otherwise('gcra', like('sliding')),
    otherwise('gcra', (rule) => ({ ...rule, burst: rule.burst - 1 })),
    otherwise('gcra', shorter),
  ],
  [lawOf('bucket')]: [
    otherwise('bucket', like('fixed')),
    otherwise('bucket', (rule) => ({ ...rule, limit: 4 })),
  ],
  [lawOf('fixed')]: [otherwise('fixed', like('gcra')), otherwise('fixed', shorter)],
  [lawOf('sliding')]: [otherwise('sliding', like('fixed')), otherwise('sliding', like('log'))],
  [lawOf('log')]: [otherwise('log', like('sliding')), otherwise('log', like('fixed'))],
  [lawOf('concurrency')]: [
    otherwise('concurrency', shorter),
    // Anybody's slots are everybody's.
    methods((good) => ({
      take: async (all) => all.map((request) => good.takeNow({ ...request, holder: 'all' })),
    })),
  ],
  'what is denied is admitted when it was said to be, and not before': [
    standings((one) => ({ ...one, retryAfterMs: Math.max(0, one.retryAfterMs - 1) })),
    standings((one) => ({ ...one, retryAfterMs: one.retryAfterMs + (one.ok ? 0 : 1) })),
    standings((one) => ({ ...one, retryAfterMs: 0 })),
  ],
  'a rule may have another limit with each call': [
    // The first limit that was heard of stays.
    (good) => {
      const rules = new Map<string, Rule>();
      const first = (rule: Rule): Rule => {
        const name = `${rule.name}${rule.kind}`;
        const known = rules.get(name) ?? rule;
        rules.set(name, known);
        return known;
      };
      return targets((target) => ({ ...target, rule: first(target.rule) }))(good);
    },
    targets((target) => ({ ...target, rule: { ...target.rule, name: `r${target.rule.limit}` } })),
  ],
  'neither a look nor a denial by another limit changes what was used': [
    // What is looked at is written down as it is by then.
    methods((good) => ({
      peek: async (all) => {
        await drained(good, all);
        return good.peek(all);
      },
    })),
    methods((good) => ({
      take: async (all) => {
        const taken = all.map((request) => good.takeNow(request));
        for (const [i, { ok }] of taken.entries()) if (!ok) await drained(good, all[i]?.charges ?? []);
        return taken;
      },
    })),
  ],
  'another kind or another period under the same name is counted by itself': [
    targets((target) => ({ ...target, rule: { ...target.rule, periodMs: 3_600_000 } })),
    targets((target) =>
      target.rule.kind === 'bucket' ? { ...target, rule: { ...target.rule, kind: 'gcra' } } : target,
    ),
  ],
  'large numbers are counted exactly': [
    // As with 32 bits.
    charges((one) => ({ ...one, cost: one.cost % 2 ** 29 })),
    // As with a time in whole ms between two units.
    charges((one) => ({
      ...one,
      rule: { ...one.rule, periodMs: Math.max(1, Math.ceil(one.rule.periodMs / one.rule.limit)), limit: 1 },
      cost: 1,
    })),
    standings((one) => ({ ...one, resetMs: Math.fround(one.resetMs) })),
    standings((one) => ({ ...one, retryAfterMs: one.retryAfterMs + (one.ok ? 0 : 1) })),
  ],
};
