import type { ParleyError } from '@parley/cache-core/kernel';
import type { Rule, Standing } from './rule.ts';

/**
 * Who decided. `store`: the counts of all processes. `blocked`: this process remembered a denial of the store that lasts. `allowed` and `denied`:
 * the lists of the rule, or a limit of its own that never admits such a call. The rest only when the store did not answer, by the rule's policy:
 * `open`, `closed`, or `share`, which is the count of this process against its share of the limit. `closed` also when `limitFor` did not answer and
 * the rule does not admit as much.
 */
export type DecidedBy = 'store' | 'blocked' | 'allowed' | 'denied' | 'open' | 'closed' | 'share';

/** What one rule says. */
export interface RuleVerdict<Name extends string = string> extends Standing {
  readonly name: Name;
  readonly identity: string;
  /** As it was for this call, dynamic limits included. */
  readonly rule: Rule;
  readonly cost: number;
  readonly decidedBy: DecidedBy;
  /** It is only told, and does not decide. */
  readonly shadow: boolean;
}

export interface Verdict<Name extends string = string> {
  readonly ok: boolean;
  /** Of the first rule that denied; if none did, the weakest that there was: of a store that was away, rather than of the store. */
  readonly decidedBy: DecidedBy;
  /** The rules that deny, in the order of the call. */
  readonly violated: readonly Name[];
  /** The rules in shadow that would. */
  readonly shadowed: readonly Name[];
  /** The least of what is left by any rule; `Infinity` where every rule is on its allow list. */
  readonly remaining: number;
  /** When the same call will be admitted if nothing else happens; `Infinity`: never. */
  readonly retryAfterMs: number;
  /** When the last rule will be as if never used. */
  readonly resetMs: number;
  /** The token was known: nothing was charged. */
  readonly replayed: boolean;
  /** In the order of the call. Where this process decided by itself, without those that were not asked any more. */
  readonly rules: readonly RuleVerdict<Name>[];
  /** Who holds the slots, where there are any: to release or renew them. */
  readonly holder?: string | undefined;
  /** Why the store did not decide. */
  readonly error?: ParleyError | undefined;
}
