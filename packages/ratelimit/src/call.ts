import { InvalidArgument, requireKey } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import { never } from './answer.ts';
import { mostUnits, requireCost } from './check-rule.ts';
import type { KnownRule } from './options.ts';
import { ownRule, type OwnRule } from './own-limit.ts';
import type { Rule, Standing } from './rule.ts';
import type { DecidedBy } from './verdict.ts';

export interface CheckOptions {
  /** Who is charged, where the rule of the call does not say: a user, an address, a key. */
  readonly identity?: string | undefined;
  /** How many units. @default 1 */
  readonly cost?: number | undefined;
  /** Names the call, so that the same one is charged once, however often it is sent. `check` holds slots under it. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A rule for an identity or a cost other than that of the call. */
export interface RuleCall<Name extends string> {
  readonly rule: Name;
  readonly identity?: string | undefined;
  readonly cost?: number | undefined;
}

/** One rule, or several of which all must admit. */
export type RuleCalls<Name extends string> = Name | RuleCall<Name> | readonly (Name | RuleCall<Name>)[];

/** What is to be charged, checked. */
export interface Item<Name extends string> {
  readonly known: KnownRule<Name>;
  readonly rule: Rule;
  readonly identity: string;
  readonly cost: number;
  /** Why the store need not be asked: its own limit does not admit such a call. */
  readonly refused?: Refusal | undefined;
}

interface Refusal {
  readonly standing: Standing;
  readonly decidedBy: DecidedBy;
}

/** What is known of the limiter here. */
export interface Asking<Name extends string> {
  readonly rules: ReadonlyMap<string, KnownRule<Name>>;
  readonly clock: Clock;
  readonly withinMs: number;
  readonly coolDownMs: number;
}

/** The items of a call; a promise where somebody must be asked for a limit. */
export function itemsOf<Name extends string>(
  asking: Asking<Name>,
  calls: RuleCalls<Name>,
  options: CheckOptions,
): Item<Name>[] | Promise<Item<Name>[]> {
  const list = callsOf(calls);
  if (list.length === 0) throw new InvalidArgument('rules', 'at least one rule', calls);
  // A store that cannot take it would fail for all who are asked about together with this call.
  if (options.token !== undefined) requireKey(options.token, { field: 'token' });
  const made = list.map((call) => itemOf(asking, call, options));
  refuseRepeated(made);
  for (const { known, rule, cost } of made)
    requireCost('cost', cost, known.limitFor === undefined ? rule.burst : mostUnits);
  if (made.every(({ known }) => known.limitFor === undefined)) return made;
  const { clock, withinMs, coolDownMs } = asking;
  return Promise.all(
    made.map(async (item) => {
      if (item.known.limitFor === undefined) return item;
      // Half of the time is left for the store.
      const own = await ownRule(item.known, item.identity, { clock, withinMs: withinMs / 2 });
      return { ...item, rule: own.rule, refused: refusalOf(own, item.cost, coolDownMs) };
    }),
  );
}

/** What it may cost depends on whom it is about, so it is denied rather than wrong. */
function refusalOf(
  { rule, admitsNone = false, unsaid = false }: OwnRule,
  cost: number,
  waitMs: number,
): Refusal | undefined {
  if (!admitsNone && cost <= rule.burst) return undefined;
  if (!unsaid) return { standing: never, decidedBy: 'denied' };
  // It may be admitted by what nobody could say now.
  return { standing: { ...never, retryAfterMs: waitMs, resetMs: waitMs }, decidedBy: 'closed' };
}

function itemOf<Name extends string>(
  { rules }: Asking<Name>,
  call: Name | RuleCall<Name>,
  options: CheckOptions,
): Item<Name> {
  const own: RuleCall<Name> = typeof call === 'string' ? { rule: call } : call;
  const known = knownRuleOf(rules, own?.rule);
  const identity = requireKey(own.identity ?? options.identity, { field: 'identity' });
  return { known, rule: known.rule, identity, cost: own.cost ?? options.cost ?? 1 };
}

export function knownRuleOf<Name extends string>(
  rules: ReadonlyMap<string, KnownRule<Name>>,
  name: string,
): KnownRule<Name> {
  const known = rules.get(name);
  if (known === undefined) throw new InvalidArgument('rule', `one of ${[...rules.keys()].join(', ')}`, name);
  return known;
}

/** Two charges of one rule and identity would each be asked as if the other were not there. */
function refuseRepeated<Name extends string>(items: readonly Item<Name>[]): void {
  if (items.length === 1) return;
  for (const [i, { known, identity }] of items.entries()) {
    if (items.findIndex((other) => other.known === known && other.identity === identity) !== i)
      throw new InvalidArgument('rules', 'without a rule twice for one identity', known.name);
  }
}

/** The calls of rules, however they are given. */
export const callsOf = <Name extends string>(calls: RuleCalls<Name>): readonly (Name | RuleCall<Name>)[] =>
  isList(calls) ? calls : [calls];

const isList = <Name extends string>(calls: RuleCalls<Name>): calls is readonly (Name | RuleCall<Name>)[] =>
  Array.isArray(calls);
