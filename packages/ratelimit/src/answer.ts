import type { ParleyError } from '@parley/cache-core/kernel';
import type { Item } from './call.ts';
import type { Standing } from './rule.ts';
import type { DecidedBy, RuleVerdict, Verdict } from './verdict.ts';

/** What a rule answers who was not counted. */
export const uncounted: Standing = {
  ok: true,
  remaining: Infinity,
  retryAfterMs: 0,
  resetMs: 0,
  blockedMs: 0,
};

export const never: Standing = {
  ok: false,
  remaining: 0,
  retryAfterMs: Infinity,
  resetMs: Infinity,
  blockedMs: 0,
};

export function ruleVerdict<Name extends string>(
  { known, rule, identity, cost }: Item<Name>,
  { ok, remaining, retryAfterMs, resetMs, blockedMs }: Standing,
  decidedBy: DecidedBy,
): RuleVerdict<Name> {
  return {
    name: known.name,
    identity,
    rule,
    cost,
    shadow: known.shadow,
    decidedBy,
    ok,
    remaining,
    retryAfterMs,
    resetMs,
    blockedMs,
  };
}

const none: readonly never[] = [];

/** The weaker one comes later: where no rule denied, the weakest tells how much an admission is worth. */
const weakness: Readonly<Record<DecidedBy, number>> = {
  allowed: 0,
  store: 1,
  blocked: 2,
  denied: 3,
  share: 4,
  closed: 5,
  open: 6,
};

/** The same for one rule that is not in shadow, as nearly every call is. */
export function verdictOfOne<Name extends string>(one: RuleVerdict<Name>): Verdict<Name> {
  const { ok, decidedBy, remaining, retryAfterMs, resetMs } = one;
  return {
    ok,
    decidedBy,
    violated: ok ? none : [one.name],
    shadowed: none,
    remaining,
    retryAfterMs,
    resetMs,
    replayed: false,
    rules: [one],
  };
}

export interface About {
  readonly replayed?: boolean | undefined;
  readonly error?: ParleyError | undefined;
  readonly holder?: string | undefined;
}

/** What all rules of a call say together. */
export function verdictOf<Name extends string>(
  rules: readonly RuleVerdict<Name>[],
  { replayed = false, error, holder }: About = {},
): Verdict<Name> {
  let decidedBy: DecidedBy | undefined;
  let [remaining, retryAfterMs, resetMs, ok] = [Infinity, 0, 0, true];
  let [violated, shadowed]: [Name[] | undefined, Name[] | undefined] = [undefined, undefined];
  for (const one of rules) {
    if (one.shadow) {
      if (!one.ok) (shadowed ??= []).push(one.name);
      continue;
    }
    if (!one.ok) {
      if (ok) decidedBy = one.decidedBy;
      ok = false;
      (violated ??= []).push(one.name);
    } else if (ok && (decidedBy === undefined || weakness[one.decidedBy] > weakness[decidedBy])) {
      decidedBy = one.decidedBy;
    }
    remaining = Math.min(remaining, one.remaining);
    retryAfterMs = Math.max(retryAfterMs, one.retryAfterMs);
    resetMs = Math.max(resetMs, one.resetMs);
  }
  return {
    ok,
    // Only rules in shadow were asked, or none.
    decidedBy: decidedBy ?? rules[0]?.decidedBy ?? 'store',
    violated: violated ?? none,
    shadowed: shadowed ?? none,
    remaining,
    retryAfterMs: ok ? 0 : retryAfterMs,
    resetMs,
    replayed,
    rules,
    ...(ok && holder !== undefined && { holder }),
    ...(error !== undefined && { error }),
  };
}
