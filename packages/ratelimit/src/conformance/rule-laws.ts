import assert from 'node:assert/strict';
import type { Rule, RuleKind } from '../rule.ts';
import { charge, kinds, peek, Reference, ruleWith, take, unique, type LimitHarness } from './harness.ts';
import type { Law } from './law.ts';

/** Costs, and pauses in tenths of a period, that lead through every state: empty, partly used, full, denied, partly back, all back. */
const course: readonly (readonly [cost: number, pause: number])[] = [
  [1, 0],
  [3, 1],
  [2, 0],
  [1, 3],
  [4, 0],
  [2, 5],
  [1, 1],
  [7, 0],
  [1, 12],
  [7, 0],
  [1, 2],
  [3, 0],
  [2, 21],
  [4, 9],
  [4, 2],
  [5, 0],
];

const numbers: Readonly<Record<RuleKind, Partial<Rule>>> = {
  gcra: { limit: 7, burst: 7 },
  // Neither divides the other, and the burst is not the limit.
  bucket: { limit: 3, burst: 7 },
  fixed: { limit: 7 },
  sliding: { limit: 7 },
  log: { limit: 7 },
  concurrency: { limit: 7 },
};

const countsAsItsFunctions = (kind: RuleKind): Law<LimitHarness> => ({
  name: `a rule of kind ${kind} counts as its functions say, at the times of the store`,
  async verify({ store, other, advance }) {
    const rule = ruleWith({ kind, ...numbers[kind], periodMs: 190 });
    const reference = new Reference();
    const identity = unique('i');
    for (const [i, [cost, pause]] of course.entries()) {
      const request = { charges: [charge(rule, identity, cost)], holder: `h${i}` };
      reference.take(request, await take(i % 2 === 0 ? store : other, request.charges, request));
      reference.peek(charge(rule, identity, 2), await peek(other, charge(rule, identity, 2)));
      await advance(pause * 19);
    }
  },
});

export const ruleLaws: readonly Law<LimitHarness>[] = [
  ...kinds.map(countsAsItsFunctions),
  {
    name: 'what is denied is admitted when it was said to be, and not before',
    async verify({ store, advance }) {
      for (const kind of kinds) {
        const rule = ruleWith({ kind, limit: 3, periodMs: 200 });
        const identity = unique('i');
        const ask = (holder: string) => take(store, [charge(rule, identity, 3)], { holder });
        // A machine may be so slow that all is back before the second call.
        let denied = await ask('first');
        for (let i = 0; denied.ok; i++) denied = await ask(`again ${i}`);
        const { standings, at } = denied;
        const retryAfterMs = standings[0]?.retryAfterMs ?? 0;
        assert(retryAfterMs > 0, kind);
        await advance(Math.max(0, retryAfterMs - 20));
        for (let admitted = false; !admitted;) {
          const next = await ask('last');
          assert.equal(next.ok, next.at >= at + retryAfterMs, `${kind} ${next.at - at} ms later`);
          admitted = next.ok;
          await advance(1);
        }
      }
    },
  },
  {
    name: 'a rule may have another limit with each call',
    async verify({ store }) {
      for (const kind of kinds) {
        const small = ruleWith({ kind, limit: 2 });
        const large = { ...small, limit: 6, burst: 6 };
        const identity = unique('i');
        const ask = (rule: Rule, holder: string): Promise<boolean> =>
          take(store, [charge(rule, identity, 2)], { holder }).then(({ ok }) => ok);
        const admitted = [
          await ask(small, 'a'),
          await ask(small, 'b'),
          await ask(large, 'c'),
          await ask(large, 'd'),
          await ask(large, 'e'),
          await ask(small, 'f'),
        ];
        assert.deepEqual(admitted, [true, false, true, true, false, false], kind);
      }
    },
  },
  {
    name: 'neither a look nor a denial by another limit changes what was used',
    async verify({ store, other, advance }) {
      for (const kind of ['gcra', 'bucket'] as const) {
        const large = ruleWith({ kind, limit: 100, burst: 10, periodMs: 2_000 });
        const small = { ...large, limit: 1 };
        const reference = new Reference();
        const identity = unique('i');
        const request = { charges: [charge(large, identity, 10)] };
        reference.take(request, await take(store, request.charges));
        for (let i = 0; i < 3; i++) {
          await advance(20);
          const { ok } = await peek(other, charge(small, identity, 10));
          const denied = await take(store, [charge(small, identity, 10)]);
          // Only where the machine took as long as it takes to come back.
          if (ok || denied.ok) return;
          reference.peek(charge(large, identity), await peek(store, charge(large, identity)));
        }
      }
    },
  },
  {
    name: 'another kind or another period under the same name is counted by itself',
    async verify({ store }) {
      const identity = unique('i');
      const rule = ruleWith({ limit: 1 });
      const others = kinds.map((kind) => ({ ...rule, kind }));
      for (const one of [...others, { ...rule, periodMs: rule.periodMs + 1 }]) {
        for (const ok of [true, false])
          assert.equal((await take(store, [charge(one, identity)], { holder: `${ok}` })).ok, ok);
      }
    },
  },
  {
    name: 'large numbers are counted exactly',
    async verify({ store }) {
      // The largest products that a rule may have.
      for (const rule of [
        ruleWith({ limit: 1_000_000_000, periodMs: 1_000_000 }),
        ruleWith({ kind: 'bucket', limit: 1, burst: 1_000, periodMs: 10 ** 12 }),
        ruleWith({ kind: 'sliding', limit: 1_000_000_000, periodMs: 1_000_000 }),
        ruleWith({ kind: 'fixed', limit: 1_000_000_000, periodMs: 1_000_000 }),
      ]) {
        const reference = new Reference();
        const identity = unique('i');
        for (const cost of [rule.burst - 1, 1, 1, rule.burst]) {
          const request = { charges: [charge(rule, identity, cost)] };
          reference.take(request, await take(store, request.charges));
        }
      }
    },
  },
];
