import {
  checkLinearizable,
  counterModel,
  fencedModel,
  lockModel,
  registerModel,
  seededRandom,
  withExpiry,
  type LockInput,
  type LockOutput,
  type Operation,
} from '@parley/services';
import { describe, expect, test } from 'vitest';

/** From when to when somebody did what, and what it came to; undefined for `to`: nobody knows. */
const op = <Input, Output>(
  by: string,
  calledAt: number,
  at: number | undefined,
  input: Input,
  output: Output,
): Operation<Input, Output> => ({ by, calledAt, input, ...(at !== undefined && { answer: { at, output } }) });

const read = { kind: 'read' } as const;
const write = (value: number) => ({ kind: 'write', value }) as const;

describe('a register', () => {
  test('may be seen old or new while it is written', () => {
    for (const seen of [0, 1]) {
      const history = [op('a', 0, 10, write(1), 0), op('b', 2, 8, read, seen), op('c', 11, 12, read, 1)];
      expect(checkLinearizable(registerModel, history).linearizable).toBe(true);
    }
  });

  test('may not be seen old again after it was seen new', () => {
    const history = [op('a', 0, 10, write(1), 0), op('b', 2, 4, read, 1), op('c', 5, 8, read, 0)];
    const verdict = checkLinearizable(registerModel, history);
    expect(verdict.linearizable).toBe(false);
    if (verdict.linearizable) return;
    expect(verdict.longest.map(({ by }) => by)).toEqual(['a', 'b']);
    expect(verdict.stuck.map(({ by }) => by)).toEqual(['c']);
  });

  test('what nobody knows of may have happened late, or never', () => {
    const write1 = op('a', 0, undefined, write(1), 0);
    const later = [op('b', 1, 2, read, 0), op('b', 50, 51, read, 0)];
    expect(checkLinearizable(registerModel, [write1, ...later]).linearizable).toBe(true);
    expect(checkLinearizable(registerModel, [write1, ...later, op('b', 60, 61, read, 1)]).linearizable).toBe(
      true,
    );
    const twice = [op('b', 60, 61, read, 1), op('b', 70, 71, read, 0)];
    expect(checkLinearizable(registerModel, [write1, ...twice]).linearizable).toBe(false);
  });

  test('nothing may have happened before it was called', () => {
    const history = [op('b', 0, 1, read, 1), op('a', 2, 3, write(1), 0)];
    expect(checkLinearizable(registerModel, history).linearizable).toBe(false);
  });
});

describe('a counter', () => {
  test('answers each number once', () => {
    const good = [op('a', 0, 10, 1, 2), op('b', 0, 10, 1, 1), op('c', 11, 12, 3, 5)];
    expect(checkLinearizable(counterModel, good).linearizable).toBe(true);
    const lost = [op('a', 0, 10, 1, 1), op('b', 0, 10, 1, 1)];
    expect(checkLinearizable(counterModel, lost).linearizable).toBe(false);
  });

  /** What a true counter answers to many who ask at once, some of whom never hear of it. */
  function played(seed: number): Operation<number, number>[] {
    const random = seededRandom(seed);
    let value = 0;
    return Array.from({ length: 200 }, (_, i) => {
      const at = i * 10;
      const takesEffect = random.chance(0.9);
      if (takesEffect) value += 1;
      const known = takesEffect && random.chance(0.9);
      const called = at - random.between(0, 40);
      return op(`${i % 8}`, called, known ? at + random.between(1, 40) : undefined, 1, value);
    });
  }

  test('of which much is not known is found to be one, and one that lost a number not to be', () => {
    const seed = 20_261;
    const history = played(seed);
    expect(checkLinearizable(counterModel, history).linearizable).toBe(true);
    // Somebody who came much later is answered what somebody was before.
    const first = history.find(({ answer }) => answer !== undefined)?.answer?.output ?? 0;
    const wrong = [...history, op('late', 10_000, 10_001, 1, first)];
    expect(checkLinearizable(counterModel, wrong).linearizable).toBe(false);
  });
});

test('what would take too long to check is not said to be right', () => {
  const writes = Array.from({ length: 24 }, (_, i) => op(`${i}`, 0, 10, write(i + 1), 0));
  const history = [...writes, op('r', 0, 10, read, 99)];
  expect(() => checkLinearizable(registerModel, history, { maxSteps: 10_000 })).toThrow(/undecided/);
});

describe('fences', () => {
  const say = (by: string, at: number, fence: number, taken: boolean) => op(by, at, at + 1, { fence }, taken);

  test('refuse whoever comes too late, and nobody else', () => {
    const good = [say('a', 0, 1, true), say('b', 2, 2, true), say('a', 4, 1, false), say('b', 6, 2, true)];
    expect(checkLinearizable(fencedModel, good).linearizable).toBe(true);
    expect(checkLinearizable(fencedModel, [...good, say('a', 8, 1, true)]).linearizable).toBe(false);
    expect(checkLinearizable(fencedModel, [...good, say('c', 8, 3, false)]).linearizable).toBe(false);
  });
});

describe('a lock', () => {
  type Op = Operation<LockInput, LockOutput>;
  const take = (token: string, from: number, to: number | undefined, fence: number | undefined): Op =>
    op(token, from, to, { kind: 'acquire', token } as const, { fence });
  const end = (token: string, from: number, to: number | undefined, held: boolean): Op =>
    op(token, from, to, { kind: 'release', token } as const, { held });
  const extend = (token: string, from: number, to: number, held: boolean): Op =>
    op(token, from, to, { kind: 'extend', token } as const, { held });
  const isLock = (history: readonly Op[], leaseMs = 1_000): boolean =>
    checkLinearizable(lockModel, withExpiry(history, leaseMs)).linearizable;

  test('has one holder at a time', () => {
    const good = [take('a', 0, 1, 1), take('b', 2, 3, undefined), end('a', 4, 6, true), take('b', 5, 8, 2)];
    expect(isLock(good)).toBe(true);
    expect(isLock([take('a', 0, 1, 1), take('b', 2, 3, 2), end('a', 4, 6, true)])).toBe(false);
  });

  test('may be had by another when the lease is over, and no sooner', () => {
    expect(isLock([take('a', 0, 1, 1), take('b', 1_010, 1_011, 2), end('a', 1_020, 1_021, false)])).toBe(
      true,
    );
    expect(isLock([take('a', 0, 1, 1), take('b', 900, 901, 2)])).toBe(false);
    expect(isLock([take('a', 0, 1, 1), take('b', 1_010, 1_011, 2), end('a', 1_020, 1_021, true)])).toBe(
      false,
    );
  });

  test('is kept by who extends it', () => {
    const extended = [take('a', 0, 1, 1), extend('a', 900, 901, true)];
    expect(isLock([...extended, take('b', 1_100, 1_101, 2)])).toBe(false);
    expect(isLock([...extended, take('b', 2_000, 2_001, 2)])).toBe(true);
    expect(isLock([take('a', 0, 1, 1), extend('a', 500, 501, false)])).toBe(false);
  });

  test('that was checked in a transaction is kept until that ends', () => {
    const check = (keptUntil: number | undefined): Op =>
      op('a', 900, 901, { kind: 'check', token: 'a', keptUntil } as const, { held: true });
    const other = take('b', 1_500, 1_501, 2);
    const late = op('a', 1_600, 1_601, { kind: 'check', token: 'a' } as const, { held: true });
    expect(isLock([take('a', 0, 1, 1), check(2_000), other])).toBe(false);
    expect(isLock([take('a', 0, 1, 1), check(1_400), other])).toBe(true);
    expect(isLock([take('a', 0, 1, 1), check(undefined), other])).toBe(true);
    // Another one had it meanwhile, and took that back.
    expect(isLock([take('a', 0, 1, 1), other, end('b', 1_502, 1_503, true), late])).toBe(true);
  });

  test('has fences that rise', () => {
    expect(isLock([take('a', 0, 1, 7), end('a', 2, 3, true), take('b', 4, 5, 7)])).toBe(false);
    expect(isLock([take('a', 0, 1, 7), end('a', 2, 3, true), take('b', 4, 5, 6)])).toBe(false);
    expect(isLock([take('a', 0, 1, 7), end('a', 2, 3, true), take('b', 4, 5, 8)])).toBe(true);
  });

  test('of whose takings some are not known may have been held by those', () => {
    const unknown = take('a', 0, undefined, undefined);
    expect(isLock([unknown, take('a', 10, 11, 3), end('a', 12, 13, true)])).toBe(true);
    expect(isLock([unknown, end('a', 12, 13, true), take('b', 14, 15, 4)])).toBe(true);
    expect(isLock([unknown, end('a', 12, 13, true), take('b', 14, 15, 4), take('c', 16, 17, 5)])).toBe(false);
  });
});
