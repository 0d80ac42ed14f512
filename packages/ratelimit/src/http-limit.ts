import { InvalidArgument, systemClock } from '@parley/cache-core/kernel';
import type { RuleCall } from './call.ts';
import { limitHeaders, type LimitHeaderOptions } from './headers.ts';
import { byAddress, type Caller, type Identify } from './http-identity.ts';
import { limitProblem, type LimitProblem } from './http-problem.ts';
import { holdSlots } from './http-slots.ts';
import { noteVerdict } from './http-verdict.ts';
import type { Limiter } from './limiter.ts';
import type { Verdict } from './verdict.ts';

/** How much a request costs, a whole number from 1 to what the rule admits at once. */
export type RequestCost<Request> = number | ((request: Request, caller: Caller) => number);

/** A rule with an identity or a cost other than that of the others. */
export interface RequestRule<Name extends string, Request> {
  readonly rule: Name;
  readonly identity?: Identify<Request> | undefined;
  readonly cost?: RequestCost<Request> | undefined;
}

export interface RequestLimitOptions<Name extends string, Request> extends LimitHeaderOptions<Name> {
  /** All of them must admit a request; they are charged all or none. */
  readonly rules: Name | RequestRule<Name, Request> | readonly (Name | RequestRule<Name, Request>)[];
  /** Who is charged. Where it answers undefined, whoever has the address of the connection. @default byAddress() */
  readonly identity?: Identify<Request> | undefined;
  /** @default 1 */
  readonly cost?: RequestCost<Request> | undefined;
  /** Which requests pass without being counted. @default none */
  readonly skip?: ((request: Request, caller: Caller) => boolean | Promise<boolean>) | undefined;
}

/** What was decided about a request. */
export interface Ruling<Name extends string = string> {
  readonly verdict: Verdict<Name>;
  /** For the response, whatever it is. */
  readonly headers: Readonly<Record<string, string>>;
  /** What to answer instead, where it is denied. */
  readonly problem?: LimitProblem | undefined;
  /** Holds what slots the request has until it is answered: nothing to be done where there are none. */
  readonly hold: (answered: () => Promise<void>) => void;
}

/** Decides about a request; undefined: it is skipped. Rejects only for what the application got wrong, never because of the store. */
export type RequestLimit<Name extends string, Request> = (
  request: Request,
  caller: Caller,
) => Promise<Ruling<Name> | undefined>;

/** What the middleware has in common, for frameworks that have none here. */
export function requestLimit<Name extends string, Request extends object>(
  limiter: Limiter<Name>,
  options: RequestLimitOptions<NoInfer<Name>, Request>,
): RequestLimit<Name, Request> {
  const { identity = byAddress(), cost = 1, skip } = options;
  const rules = rulesOf(options.rules);
  const fallback = byAddress();
  const callOf = async (
    one: RequestRule<Name, Request>,
    request: Request,
    caller: Caller,
  ): Promise<RuleCall<Name>> => {
    const who = (await (one.identity ?? identity)(request, caller)) ?? fallback(request, caller);
    const own = one.cost ?? cost;
    return { rule: one.rule, identity: who, cost: typeof own === 'function' ? own(request, caller) : own };
  };
  return async (request, caller) => {
    if (skip !== undefined && (await skip(request, caller))) return undefined;
    const calls = await Promise.all(rules.map((one) => callOf(one, request, caller)));
    const since = systemClock.monotonic();
    const [only, ...others] = calls;
    // One rule by its name is the short way through a limiter.
    const verdict =
      only !== undefined && others.length === 0
        ? await limiter.check(only.rule, only)
        : await limiter.check(calls);
    noteVerdict(request, verdict);
    return {
      verdict,
      headers: limitHeaders(verdict, options),
      ...(!verdict.ok && { problem: limitProblem(verdict) }),
      hold: (answered) => holdSlots(limiter, verdict, since, answered),
    };
  };
}

function rulesOf<Name extends string, Request>(
  given: RequestLimitOptions<Name, Request>['rules'],
): readonly RequestRule<Name, Request>[] {
  const list: readonly (Name | RequestRule<Name, Request>)[] = isList(given) ? given : [given];
  if (list.length === 0) throw new InvalidArgument('rules', 'at least one rule', given);
  return list.map((one) => (typeof one === 'string' ? { rule: one } : one));
}

const isList = <Name extends string, Request>(
  given: RequestLimitOptions<Name, Request>['rules'],
): given is readonly (Name | RequestRule<Name, Request>)[] => Array.isArray(given);
