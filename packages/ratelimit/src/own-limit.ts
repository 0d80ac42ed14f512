import { safeCall, withDeadline } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import { checkRule } from './check-rule.ts';
import type { KnownRule } from './options.ts';
import type { Rule } from './rule.ts';
import type { OwnLimit } from './rule-options.ts';

export interface OwnLimitTime {
  readonly clock: Clock;
  readonly withinMs: number;
}

/** A rule as it is for an identity. */
export interface OwnRule {
  readonly rule: Rule;
  /** Nothing is admitted, as with a limit of 0, which no store knows. */
  readonly admitsNone?: boolean | undefined;
  /** Nobody said it in time, or what was said makes no sense: it is the rule itself. */
  readonly unsaid?: boolean | undefined;
}

/** The rule itself where nobody says otherwise. */
export async function ownRule<Name extends string>(
  { name, rule, limitFor }: KnownRule<Name>,
  identity: string,
  { clock, withinMs }: OwnLimitTime,
): Promise<OwnRule> {
  const what = `limitFor of ${name}`;
  const own = safeCall(what, () => {
    const answer = limitFor?.(identity);
    return isThenable(answer)
      ? Promise.resolve(answer).then((said) => withOwn(rule, said))
      : withOwn(rule, answer);
  });
  if (!(own instanceof Promise)) return own ?? { rule, unsaid: true };
  try {
    return await withDeadline(withinMs, () => own, { clock, what });
  } catch {
    // What it threw was told already.
    return { rule, unsaid: true };
  }
}

function withOwn(rule: Rule, own: OwnLimit | undefined): OwnRule {
  if (own === undefined) return { rule };
  const limit = own.limit ?? rule.limit;
  const burst = own.burst ?? (rule.kind === 'bucket' ? rule.burst : limit);
  if (limit === 0 || burst === 0) return { rule, admitsNone: true };
  return { rule: limit === rule.limit && burst === rule.burst ? rule : checkRule({ ...rule, limit, burst }) };
}

/** Builders of queries are no promises, and become one when they are awaited. */
const isThenable = (
  answer: OwnLimit | PromiseLike<OwnLimit | undefined> | undefined,
): answer is PromiseLike<OwnLimit | undefined> =>
  typeof answer === 'object' && 'then' in answer && typeof answer.then === 'function';
