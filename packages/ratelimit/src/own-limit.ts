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

/** The rule as it is for an identity; the rule itself where nobody says otherwise, says it too late, or says what makes no sense. */
export async function ownRule<Name extends string>(
  { name, rule, limitFor }: KnownRule<Name>,
  identity: string,
  { clock, withinMs }: OwnLimitTime,
): Promise<Rule> {
  const what = `limitFor of ${name}`;
  const answer = safeCall(what, limitFor, identity);
  if (!(answer instanceof Promise)) return safeCall(what, withOwn, rule, answer) ?? rule;
  try {
    const own = await withDeadline(withinMs, () => answer, { clock, what });
    return safeCall(what, withOwn, rule, own) ?? rule;
  } catch {
    // What it threw was told already.
    return rule;
  }
}

function withOwn(rule: Rule, own: OwnLimit | undefined): Rule {
  if (own === undefined) return rule;
  const limit = own.limit ?? rule.limit;
  const burst = own.burst ?? (rule.kind === 'bucket' ? rule.burst : limit);
  return limit === rule.limit && burst === rule.burst ? rule : checkRule({ ...rule, limit, burst });
}
