import assert from 'node:assert/strict';
import { checkRule } from '../check-rule.ts';
import { LimitBook } from '../limit-book.ts';
import type { Rule, RuleKind, Standing } from '../rule.ts';
import type { Charge, LimitStore, Peeked, Taken, TakeRequest } from '../store.ts';

/** What a store's author provides; every law gets a new one. */
export interface LimitHarness {
  /** A store over empty data. */
  readonly store: LimitStore;
  /** A second one over the same data, as another process has it; the same object where that cannot be. */
  readonly other: LimitStore;
  /** Lets time pass for the store: really, or by moving its clock. */
  readonly advance: (ms: number) => Promise<void>;
}

export const kinds: readonly RuleKind[] = ['gcra', 'bucket', 'fixed', 'sliding', 'log', 'concurrency'];

/** Long enough for nothing to come back while a law is tried, however slow the machine. */
export const longMs = 3_600_000;

let numbers = 0;

/** Names that no other law has. */
export function unique(prefix: string): string {
  numbers += 1;
  return `${prefix}${numbers.toString(36)}x${Math.floor(Math.random() * 2 ** 32).toString(36)}`;
}

export function ruleWith(more: Partial<Rule> = {}): Rule {
  const { limit = 5 } = more;
  return checkRule({ name: unique('rule'), kind: 'gcra', limit, burst: limit, periodMs: longMs, ...more });
}

export const charge = (rule: Rule, identity: string, cost = 1, shadow = false): Charge => ({
  rule,
  identity,
  cost,
  ...(shadow && { shadow }),
});

export async function take(
  store: LimitStore,
  charges: readonly Charge[],
  more: Omit<TakeRequest, 'charges'> = {},
): Promise<Taken> {
  const [taken] = await store.take([{ charges, ...more }]);
  assert(taken !== undefined, 'every request must have an answer');
  assert.equal(taken.standings.length, charges.length, 'every charge must have a standing');
  assert(Number.isSafeInteger(taken.at), 'the time must be in whole ms');
  return taken;
}

export async function peek(store: LimitStore, one: Charge): Promise<Peeked> {
  const [peeked] = await store.peek([one]);
  assert(peeked !== undefined, 'every charge must have an answer');
  return peeked;
}

export async function remaining(store: LimitStore, rule: Rule, identity: string): Promise<number> {
  return (await peek(store, charge(rule, identity))).remaining;
}

export const bare = ({ ok, remaining, retryAfterMs, resetMs, blockedMs }: Standing): Standing => ({
  ok,
  remaining,
  retryAfterMs,
  resetMs,
  blockedMs,
});

/** What a store has to answer, by the reference functions at the times that the store gives. */
export class Reference {
  readonly book = new LimitBook(1_000_000);

  take(request: TakeRequest, taken: Taken): void {
    const expected = this.book.take(request, taken.at);
    assert.deepEqual(
      { ok: taken.ok, replayed: taken.replayed, standings: taken.standings.map(bare) },
      { ok: expected.ok, replayed: expected.replayed, standings: expected.standings },
    );
  }

  peek(one: Charge, peeked: Peeked | undefined): void {
    assert(peeked !== undefined, 'every charge must have an answer');
    assert.deepEqual(bare(peeked), bare(this.book.peek(one, peeked.at)));
  }
}
