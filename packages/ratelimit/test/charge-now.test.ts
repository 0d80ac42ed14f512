import { virtualClock } from '@parley/cache-core/kernel';
import { memoryLimitStore, type Rule, type RuleKind } from '@parley/ratelimit';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const kinds: readonly RuleKind[] = ['gcra', 'bucket', 'fixed', 'sliding', 'log'];

const rules: readonly Rule[] = kinds.flatMap((kind, i): Rule[] => {
  const burst = kind === 'gcra' || kind === 'bucket' ? 5 : 4;
  const one: Rule = { name: kind, kind, limit: 4, burst, periodMs: 97 + i };
  const block = { forMs: 20, factor: 2, maxMs: 70, forgetMs: 60 };
  return [one, { ...one, name: `${kind}-blocks`, block }];
});

const step = fc.record({
  what: fc.constantFrom('charge', 'charge', 'charge', 'charge', 'adjust', 'block', 'reset', 'another limit'),
  rule: fc.nat(rules.length - 1),
  identity: fc.constantFrom('ann', 'bob'),
  cost: fc.integer({ min: 1, max: 4 }),
  by: fc.integer({ min: -6, max: 6 }),
  ms: fc.nat(40),
});

test('a charge by itself is answered, and counted, as a request of one charge is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 120 }), async (steps) => {
      const clock = virtualClock();
      const [quick, thorough] = [memoryLimitStore({ clock }), memoryLimitStore({ clock })];
      const { chargeNow } = quick;
      for (const { what, rule: index, identity, cost, by, ms } of steps) {
        await clock.advance(ms);
        const known = rules[index];
        if (known === undefined) throw new RangeError('there is a rule for every number');
        const rule = what === 'another limit' ? { ...known, limit: 4 + cost, burst: 4 + cost } : known;
        const target = { rule, identity };
        for (const store of [quick, thorough]) {
          if (what === 'adjust') await store.adjust([{ ...target, by }]);
          if (what === 'block') await store.block([{ ...target, forMs: ms }]);
          if (what === 'reset') await store.reset([target]);
        }
        const { standings } = thorough.takeNow({ charges: [{ ...target, cost }] });
        expect([chargeNow(rule, identity, cost)]).toEqual(standings);
      }
    }),
    { numRuns: 60 },
  );
});
