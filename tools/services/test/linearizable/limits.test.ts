import {
  checkLinearizable,
  quotaModel,
  runLimitHistory,
  seededRandom,
  slotsModel,
  withoutLostTokens,
  type Operation,
  type QuotaInput,
  type QuotaOutput,
  type SlotsInput,
  type TrafficLimitStore,
  type TrafficRule,
} from '@parley/services';
import { describe, expect, test } from 'vitest';

type Op = Operation<QuotaInput, QuotaOutput>;

const op = <Input, Output>(
  input: Input,
  calledAt: number,
  at: number | undefined,
  output: Output,
): Operation<Input, Output> => ({
  by: `${calledAt}`,
  calledAt,
  input,
  ...(at !== undefined && { answer: { at, output } }),
});

describe('three units', () => {
  const take = (from: number, to: number | undefined, left: number | 'none' | 'again', token?: string): Op =>
    op({ kind: 'take', cost: 1, token }, from, to, {
      ok: left !== 'none',
      replayed: left === 'again',
      remaining: typeof left === 'number' ? left : 0,
    });
  const forget = (from: number, to: number): Op =>
    op({ kind: 'forget' }, from, to, { ok: true, replayed: false, remaining: undefined });
  const isRight = (history: readonly Op[]): boolean =>
    checkLinearizable(quotaModel(3), withoutLostTokens(history)).linearizable;
  const used = [take(0, 1, 2), take(2, 3, 1), take(4, 5, 0)];

  test('are given three times, and once more when they were forgotten', () => {
    expect(isRight([...used, take(6, 7, 'none')])).toBe(true);
    expect(isRight([...used, take(6, 7, 0)])).toBe(false);
    expect(isRight([take(0, 1, 'none')])).toBe(false);
    expect(isRight([...used, forget(6, 9), take(7, 8, 2)])).toBe(true);
    expect(isRight([...used, forget(8, 9), take(6, 7, 2)])).toBe(false);
  });

  test('are taken once under a token, however often it comes, also when no answer did', () => {
    const first = take(0, undefined, 2, 't');
    expect(isRight([first, take(2, 3, 1), take(4, 5, 0), take(6, 7, 'again', 't')])).toBe(true);
    expect(isRight([first, take(2, 3, 2), take(4, 5, 1), take(6, 7, 0, 't')])).toBe(true);
    expect(isRight([first, take(2, 3, 1), take(4, 5, 0), take(6, 7, 'none', 't')])).toBe(false);
    expect(isRight([...used.slice(0, 2), take(4, 5, 'again', 't')])).toBe(false);
  });

  test('may or may not have been taken by who was never answered, once for each token', () => {
    const lost = [take(0, undefined, 2, 't'), take(2, undefined, 2, 't')];
    expect(isRight([...lost, take(4, 5, 2)])).toBe(true);
    expect(isRight([...lost, take(4, 5, 1)])).toBe(true);
    expect(isRight([...lost, take(4, 5, 0)])).toBe(false);
  });
});

describe('two slots', () => {
  const say = (
    kind: SlotsInput['kind'],
    holder: string,
    from: number,
    to: number | undefined,
    ok: boolean,
  ): Operation<SlotsInput, boolean> => op({ kind, holder }, from, to, ok);
  const isRight = (history: readonly Operation<SlotsInput, boolean>[]): boolean =>
    checkLinearizable(slotsModel(2), history).linearizable;
  const full = [say('hold', 'a', 0, 1, true), say('hold', 'b', 2, 3, true)];

  test('are held by two, each of whom has one however often it asks', () => {
    expect(isRight([...full, say('hold', 'c', 4, 5, false), say('hold', 'a', 6, 7, true)])).toBe(true);
    expect(isRight([...full, say('hold', 'c', 4, 5, true)])).toBe(false);
    expect(isRight([full[0] ?? say('hold', 'a', 0, 1, true), say('hold', 'b', 2, 3, false)])).toBe(false);
  });

  test('are free when they were let go of, once', () => {
    const free = [...full, say('let go', 'a', 4, 5, true)];
    expect(isRight([...free, say('hold', 'c', 6, 7, true)])).toBe(true);
    expect(isRight([...free, say('let go', 'a', 6, 7, true)])).toBe(false);
    const lost = [...full, say('let go', 'a', 4, undefined, true)];
    for (const ok of [true, false]) expect(isRight([...lost, say('hold', 'c', 6, 7, ok)])).toBe(true);
  });
});

describe('a store whose answers are often lost', () => {
  class Lost extends Error {}
  const rules: readonly [TrafficRule, TrafficRule] = [
    { name: 'units', kind: 'log', limit: 12 },
    { name: 'slots', kind: 'concurrency', limit: 2 },
  ];

  /** Counts in this process. `honours` says what it does when a token comes again. */
  function store(
    random: ReturnType<typeof seededRandom>,
    honours: boolean,
    called: () => void,
  ): TrafficLimitStore<TrafficRule> {
    const used = new Map<string, number>();
    const holders = new Map<string, Set<string>>();
    const tokens = new Set<string>();
    const usedBy = (identity: string): number => used.get(identity) ?? 0;
    const answer = <T>(work: () => T): Promise<T> => {
      called();
      const done = random.chance(0.9) ? work() : undefined;
      return done === undefined || random.chance(0.1) ? Promise.reject(new Lost()) : Promise.resolve(done);
    };
    const left = (identity: string) => [{ remaining: 12 - usedBy(identity) }];
    return {
      take: ([request]) =>
        answer(() => {
          const { identity = '', cost = 0, rule } = request?.charges[0] ?? {};
          const { token, holder } = request ?? {};
          if (rule?.kind === 'concurrency') {
            const out = holders.get(identity) ?? new Set();
            const ok = holder !== undefined && (out.has(holder) || out.size < 2);
            if (ok) holders.set(identity, out.add(holder));
            return [{ ok, replayed: false, standings: [] }];
          }
          const replayed = honours && token !== undefined && tokens.has(token.id);
          const ok = replayed || usedBy(identity) + cost <= 12;
          if (ok && !replayed) used.set(identity, usedBy(identity) + cost);
          if (ok && token !== undefined) tokens.add(token.id);
          return [{ ok, replayed, standings: left(identity) }];
        }),
      peek: ([target]) => answer(() => left(target?.identity ?? '')),
      adjust: ([target]) =>
        answer(() => {
          const { identity = '', by = 0 } = target ?? {};
          used.set(identity, Math.max(0, usedBy(identity) + by));
          return left(identity);
        }),
      reset: ([target]) => answer(() => used.set(target?.identity ?? '', 0)).then(() => undefined),
      release: ([hold]) =>
        answer(() => [{ held: holders.get(hold?.identity ?? '')?.delete(hold?.holder ?? '') ?? false }]),
    };
  }

  const run = (honours: boolean) => {
    const random = seededRandom(7);
    const enough = new AbortController();
    let calls = 0;
    const one = store(random, honours, () => (calls += 1) === 600 && enough.abort());
    return runLimitHistory(
      Array.from({ length: 12 }, () => one),
      {
        random,
        rules,
        until: enough.signal,
        isTrouble: (error) => error instanceof Lost,
      },
    );
  };

  test('is found to count right, and one that charges again for a token not to', async () => {
    const totals = await run(true);
    expect(totals.unknown).toBeGreaterThan(0);
    expect(totals.replayed).toBeGreaterThan(0);
    await expect(run(false)).rejects.toThrow(/units of i\d+ was not counted right/);
  });
});
