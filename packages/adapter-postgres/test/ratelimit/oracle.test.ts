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

const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { minLength: 1, maxLength: 6 });
const target = charge(fc.constant(false));
const counted = target.filter(({ rule }) => rule.kind !== 'concurrency');

const told = <T>(
  name: string,
  asked: fc.Arbitrary<T>,
  step: (store: LimitStore, asked: T) => Promise<unknown>,
) =>
  fc.record({ asked, ms: pause }).map(({ asked, ms }): Told => {
    const words = `${ms} ms, ${name} ${brief(asked)}`;
    return { words, ms, step: (store) => step(store, asked), toString: () => words };
  });

/** Rules by their names: one failure would fill pages. */
const brief = (asked: unknown): string =>
  JSON.stringify(asked, (key, value: unknown) => (key === 'rule' ? ruleNames.get(value) : value));
const ruleNames = new Map<unknown, string>(
  [...rules, ...plainRules].map((one) => [one, `${one.name} ${one.kind} ${one.limit}`]),
);

const pause = fc.oneof(
  { weight: 6, arbitrary: fc.nat(400) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(3_000) },
);

const step = fc.oneof(
  { weight: 10, arbitrary: told('take', some(request), (store, asked) => store.take(asked)) },
  { weight: 6, arbitrary: told('plainly take', plain, (store, asked) => store.take(asked)) },
  { weight: 2, arbitrary: told('peek', some(target), (store, asked) => store.peek(asked)) },
  {
    weight: 3,
    arbitrary: told(
      'adjust',
      some(counted.chain((one) => fc.integer({ min: -9, max: 30 }).map((by) => ({ ...one, by })))),
      (store, asked) => store.adjust(asked),
    ),
  },
  {
    weight: 1,
    arbitrary: told(
      'block',
      some(target.chain((one) => fc.constantFrom(0, 100, 2_000).map((forMs) => ({ ...one, forMs })))),
      (store, asked) => store.block(asked),
    ),
  },
  { weight: 1, arbitrary: told('reset', some(target), (store, asked) => store.reset(asked)) },
  ...(['release', 'renew'] as const).map((name) => ({
    weight: 2,
    arbitrary: told(
      name,
      some(
        target
          .filter(({ rule }) => rule.kind === 'concurrency')
          .chain((one) => fc.constantFrom('h', 'i', 'j').map((holder) => ({ ...one, holder }))),
      ),
      (store, asked) => store[name](asked),
    ),
  })),
);

describe.each(['a server', 'PGlite in memory'])('limits on %s', (name) => {
  let backend: Backend;
  let setClock: (ms: number) => Promise<void>;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
    setClock = await takeClock(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test('are as the reference functions have them, to the last unit, whatever happens', async () => {
    const seed = Date.now() % 2 ** 31;
    process.stdout.write(`limits on ${name}: seed ${seed}\n`);
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 150, size: 'max' }), async (history) => {
        steps += history.length;
        await emptyLimits(backend.db);
        await play(backend.db, history, setClock);
      }),
      { numRuns: 25, seed },
    );
    process.stdout.write(`limits on ${name}: ${steps} steps\n`);
  }, 600_000);

  test('of whom the clock went back deny for a period at the most, and block for as long as it went back besides', async () => {
    await emptyLimits(backend.db);
    const store = postgresLimitStore(backend.db);
    const [hour, before] = [3_600_000, 1_000_000_000_000];
    await setClock(before);
    const all = kinds.map((kind) => ({ rule: rule(kind, 3, 60_000), identity: 'clock', cost: 3 }));
    // Alone, as gcra and bucket have a way of their own.
    const admitted = async (holder: string): Promise<boolean[]> => {
      const taken = await Promise.all(all.map((one) => store.take([{ charges: [one], holder }])));
      return taken.map(([one]) => one?.ok === true);
    };
    expect(await admitted('a')).not.toContain(false);
    const blocked = { rule: rule('gcra', 3, 60_000, { name: 'blocked' }), identity: 'clock' };
    await store.block([{ ...blocked, forMs: 60_000 }]);
    await setClock(before - hour);
    expect(await admitted('b')).not.toContain(true);
    // Of a sliding window what was used weighs for one more.
    await setClock(before - hour + 120_000);
    expect(await admitted('c')).not.toContain(false);
    const [still] = await store.peek([{ ...blocked, cost: 1 }]);
    expect(still).toMatchObject({ ok: false, blockedMs: hour - 60_000 });
    await store.close();
  });
});

async function play(
  db: Database,
  history: readonly Told[],
  setClock: (ms: number) => Promise<void>,
): Promise<void> {
  let now = 1_000_000_000_000;
  const clock: Clock = { ...systemClock, monotonic: () => now };
  const [ours, reference] = [postgresLimitStore(db), memoryLimitStore({ clock })];
  for (const { words, ms, step } of history) {
    now += ms;
    await setClock(now);
    expect([words, await step(ours)]).toEqual([words, await step(reference)]);
  }
  await ours.close();
}
