import {
  abortable,
  createInstanceId,
  isParleyError,
  requireKey,
  StoreFault,
} from '@parley/cache-core/kernel';
import type { ParleyError } from '@parley/cache-core/kernel';
import { never, ruleVerdict, uncounted, verdictOf, verdictOfOne } from './answer.ts';
import type { Away } from './away.ts';
import type { CheckOptions, Item } from './call.ts';
import { requireCost } from './check-rule.ts';
import { GiveBack } from './give-back.ts';
import type { Lines } from './lines.ts';
import type { LimiterSettings } from './options.ts';
import { slotsAgain, slotsOf, takeWithSlots } from './replayed-slots.ts';
import type { Standing } from './rule.ts';
import type { Charge, Hold, Taken, TakeRequest } from './store.ts';
import type { RuleVerdict, Verdict } from './verdict.ts';

export interface DeciderParts<Name extends string> {
  readonly settings: LimiterSettings<Name>;
  readonly lines: Lines;
  readonly away: Away;
}

const identityField = { field: 'identity' };

/** A check, as the limiter itself asks. */
export interface TakeOptions extends CheckOptions {
  /** Who is to hold slots. @default the token, or a new name */
  readonly holder?: string | undefined;
}

type Known<Name extends string> = RuleVerdict<Name> | undefined;

/** From what is to be charged to a verdict: by the lists, by what is remembered, by the store, or without it. */
export class Decider<Name extends string> {
  readonly #settings: LimiterSettings<Name>;
  readonly #lines: Lines;
  readonly #away: Away;
  readonly #giveBack: GiveBack;

  constructor({ settings, lines, away }: DeciderParts<Name>) {
    this.#settings = settings;
    this.#lines = lines;
    this.#away = away;
    this.#giveBack = new GiveBack({ clock: settings.clock, lines, coolDownMs: settings.coolDownMs });
  }

  /** The verdict of one plain rule where this process knows it by itself; undefined: it is to be asked for. */
  quick(name: Name, { identity, cost = 1, token, signal }: CheckOptions): Verdict<Name> | undefined {
    const { rules, store } = this.#settings;
    const known = rules.get(name);
    if (known === undefined || !known.plain || token !== undefined || signal !== undefined) return undefined;
    const { rule, denials } = known;
    const item = {
      known,
      rule,
      identity: requireKey(identity, identityField),
      cost: requireCost('cost', cost, rule.burst),
    };
    const denied = denials?.find(item.identity, cost);
    if (denied !== undefined) return verdictOfOne(ruleVerdict(item, denied, 'blocked'));
    if (store.chargeNow === undefined) return undefined;
    return verdictOfOne(ruleVerdict(item, store.chargeNow(rule, item.identity, cost), 'store'));
  }

  /** @param dueAt when there must be a verdict, by the clock of this process */
  take(
    items: readonly Item<Name>[],
    options: TakeOptions,
    dueAt: number,
  ): Verdict<Name> | Promise<Verdict<Name>> {
    // A token that was admitted is admitted again, whatever is remembered.
    const denied = options.token === undefined ? this.#remembered(items) : undefined;
    if (denied !== undefined) return denied;
    const listed = items.map(byList);
    const verdict = decidedByList(items, listed);
    if (verdict !== undefined) return verdict;
    const asked = items.filter((_, i) => listed[i] === undefined);
    const request = this.#requestOf(asked, options);
    const { store, clock } = this.#settings;
    const since = clock.monotonic();
    const conclude = (outcome: Taken | ParleyError): Verdict<Name> =>
      this.#conclude(listed, asked, request, outcome, since);
    if (store.takeNow !== undefined) return conclude(takenNow(store.takeNow, request));
    const { signal, token, holder } = options;
    const asking = this.#ask(request, dueAt, signal);
    // Slots under a token are for the next call with it.
    if (request.holder !== undefined && (token === undefined || holder !== undefined))
      void asking.then((outcome) => {
        if (outcome instanceof Error || signal?.aborted === true) this.#giveBack.later(holdsOf(request));
      });
    return abortable(asking, signal).then(conclude);
  }

  async #ask(
    request: TakeRequest,
    dueAt: number,
    signal: AbortSignal | undefined,
  ): Promise<Taken | ParleyError> {
    const outcome = await this.#lines.ask(request, dueAt, signal);
    if (outcome instanceof Error) return outcome;
    const slots = slotsAgain(request, outcome);
    if (slots === undefined) return outcome;
    const again = await this.#lines.ask(slots, dueAt, signal);
    return again instanceof Error ? again : slotsOf(request, outcome, again);
  }

  async peek(items: readonly Item<Name>[], { signal }: CheckOptions): Promise<Verdict<Name>> {
    const listed = items.map(byList);
    const verdict = decidedByList(items, listed);
    if (verdict !== undefined) return verdict;
    const asked = items.filter((_, i) => listed[i] === undefined);
    try {
      const charges = asked.map(chargeOf);
      const standings = await this.#lines.call(
        'a look at limits',
        asked,
        (store, linked) => store.peek(charges, { signal: linked }),
        signal,
      );
      return verdictOf(merged(listed, byStore(asked, standings)));
    } catch (error) {
      if (!isParleyError(error) || signal?.aborted === true) throw error;
      return verdictOf(merged(listed, this.#away.decide(asked, undefined).rules), { error });
    }
  }

  #remembered(items: readonly Item<Name>[]): Verdict<Name> | undefined {
    let denied: RuleVerdict<Name>[] | undefined;
    for (const item of items) {
      const { denials, shadow, allow } = item.known;
      if (denials === undefined || shadow) continue;
      const standing = denials.find(item.identity, item.cost);
      if (standing === undefined || allow?.(item.identity) === true) continue;
      (denied ??= []).push(ruleVerdict(item, standing, 'blocked'));
    }
    return denied === undefined ? undefined : verdictOf(denied);
  }

  #requestOf(asked: readonly Item<Name>[], { token, holder }: TakeOptions): TakeRequest {
    const holds = asked.some(({ rule }) => rule.kind === 'concurrency');
    return {
      charges: asked.map(chargeOf),
      ...(token !== undefined && { token: { id: token, keepMs: this.#settings.tokenMs } }),
      ...(holds && { holder: holder ?? token ?? createInstanceId() }),
    };
  }

  #conclude(
    listed: readonly Known<Name>[],
    asked: readonly Item<Name>[],
    { holder, token }: TakeRequest,
    outcome: Taken | ParleyError,
    since: number,
  ): Verdict<Name> {
    if (outcome instanceof Error) {
      const { rules, replayed } = this.#away.decide(asked, { holder, token });
      return verdictOf(merged(listed, rules), { error: outcome, holder, replayed });
    }
    const { standings, replayed } = outcome;
    for (const [i, { known, identity, cost }] of asked.entries()) {
      const standing = standings[i];
      if (standing?.ok === false && known.denials !== undefined && !known.shadow)
        known.denials.remember(identity, cost, standing, since);
    }
    return verdictOf(merged(listed, byStore(asked, standings)), { replayed, holder });
  }
}

const chargeOf = <Name extends string>({ rule, identity, cost, known }: Item<Name>): Charge =>
  known.shadow ? { rule, identity, cost, shadow: true } : { rule, identity, cost };

function byList<Name extends string>(item: Item<Name>): Known<Name> {
  const { known, refused } = item;
  const { allow, deny } = known;
  if (allow === undefined && deny === undefined && refused === undefined) return undefined;
  if (allow?.(item.identity) === true) return ruleVerdict(item, uncounted, 'allowed');
  if (deny?.(item.identity) === true) return ruleVerdict(item, never, 'denied');
  return refused && ruleVerdict(item, refused.standing, refused.decidedBy);
}

/** Where the lists leave nothing to ask: somebody is denied, or everybody allowed. */
function decidedByList<Name extends string>(
  items: readonly Item<Name>[],
  listed: readonly Known<Name>[],
): Verdict<Name> | undefined {
  const known = listed.filter((one) => one !== undefined);
  const denied = known.some(({ ok, shadow }) => !ok && !shadow);
  return denied || known.length === items.length ? verdictOf(known) : undefined;
}

const byStore = <Name extends string>(
  asked: readonly Item<Name>[],
  standings: readonly Standing[],
): RuleVerdict<Name>[] => asked.map((item, i) => ruleVerdict(item, standings[i] ?? never, 'store'));

/** In the order of the call. */
function merged<Name extends string>(
  listed: readonly Known<Name>[],
  rules: readonly RuleVerdict<Name>[],
): readonly RuleVerdict<Name>[] {
  if (rules.length === listed.length) return rules;
  const rest = rules.values();
  return listed.flatMap((one) => one ?? rest.next().value ?? []);
}

function takenNow(takeNow: (request: TakeRequest) => Taken, request: TakeRequest): Taken | ParleyError {
  try {
    return takeWithSlots(takeNow, request);
  } catch (error) {
    return isParleyError(error) ? error : new StoreFault('The store of limits failed', { cause: error });
  }
}

function holdsOf({ charges, holder }: TakeRequest): Hold[] {
  if (holder === undefined) return [];
  return charges
    .filter(({ rule }) => rule.kind === 'concurrency')
    .map(({ rule, identity }) => ({ rule, identity, holder }));
}
