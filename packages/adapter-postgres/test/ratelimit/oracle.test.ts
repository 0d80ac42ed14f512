import { migrate } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import type { Clock } from '@parley/cache-core/kernel';
import { systemClock } from '@parley/cache-core/kernel';
import { memoryLimitStore } from '@parley/ratelimit';
import type { Charge, LimitStore, Rule, RuleKind, TakeRequest } from '@parley/ratelimit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { emptyLimits, rule, takeClock } from '../support/ratelimit.ts';

const kinds: readonly RuleKind[] = ['gcra', 'bucket', 'fixed', 'sliding', 'log', 'concurrency'];
const plan = { forMs: 300, factor: 3, maxMs: 4_000, forgetMs: 2_000 };

/** Odd numbers, so that nothing comes out even by luck. */
const rules: readonly Rule[] = kinds.flatMap((kind) => [
  rule(kind, 7, 1_009, { burst: kind === 'gcra' || kind === 'bucket' ? 11 : 7 }),
  rule(kind, 3, 503, { name: 'strict', block: plan }),
  // What is kept is that of the first one. How a debt drains that was not looked at for a while is a matter of the limit that looks.
  ...(kind === 'gcra' || kind === 'bucket' ? [] : [rule(kind, 4, 1_009)]),
]);

const plainRules = rules
  .filter(({ kind }) => kind === 'gcra' || kind === 'bucket')
  .map((one): Rule => ({ ...one, block: undefined }));

const charge = (shadow: fc.Arbitrary<boolean>): fc.Arbitrary<Charge> =>
  fc
    .record({ rule: fc.constantFrom(...rules), identity: fc.constantFrom('ann', 'bob'), n: fc.nat(), shadow })
    .map(({ n, ...one }) => ({ ...one, cost: 1 + (n % one.rule.burst) }));

const nameOf = ({ rule, identity }: Charge): string => JSON.stringify([rule.name, rule.kind, identity]);

const request: fc.Arbitrary<TakeRequest> = fc.record({
  charges: fc.uniqueArray(charge(fc.boolean()), { minLength: 1, maxLength: 3, selector: nameOf }),
  token: fc.option(fc.record({ id: fc.constantFrom('t', 'u'), keepMs: fc.nat(2_000) }), { nil: undefined }),
  holder: fc.constantFrom('h', 'i', 'j'),
});

/** The way of most calls, which goes by another statement: each account once, of rules whose debts and blocks others make as well. */
const plain: fc.Arbitrary<TakeRequest[]> = fc
  .uniqueArray(
    charge(fc.boolean()).map((one) => ({
      ...one,
      rule: plainRules[one.cost % plainRules.length] ?? one.rule,
    })),
    { minLength: 1, maxLength: 5, selector: nameOf },
  )
  .chain((charges) =>
    fc.nat(charges.length - 1).map((n) => {
      const cut = charges.map((one) => ({ ...one, cost: Math.min(one.cost, one.rule.burst) }));
      return [{ charges: cut.slice(0, n + 1) }, ...cut.slice(n + 1).map((one) => ({ charges: [one] }))];
    }),
  );

type Step = (store: LimitStore) => Promise<unknown>;
interface Told {
  readonly words: string;
  readonly ms: number;
  readonly step: Step;
  /** A failure would fill pages. */
  readonly toString: () => string;
}
