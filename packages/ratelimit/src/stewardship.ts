import { InvalidArgument, requireInteger, requireKey } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import { ruleVerdict } from './answer.ts';
import type { Away } from './away.ts';
import { knownRuleOf } from './call.ts';
import { mostUnits } from './check-rule.ts';
import { exactMs } from './exact-ms.ts';
import type { Lines } from './lines.ts';
import type { KnownRule, LimiterSettings } from './options.ts';
import { ownRule } from './own-limit.ts';
import type { Hold, Target } from './store.ts';
import type { RuleVerdict } from './verdict.ts';

/** Whose counts are changed, and in which rules. */
export interface TargetOptions<Name extends string> {
  readonly identity: string;
  /** @default all rules */
  readonly rules?: Name | readonly Name[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface StewardshipParts<Name extends string> {
  readonly settings: LimiterSettings<Name>;
  readonly lines: Lines;
  readonly away: Away;
}

/** What is done to counts besides checking. Here a store that is away is an error: nobody may believe that somebody was blocked. */
export class Stewardship<Name extends string> {
  readonly #settings: LimiterSettings<Name>;
  readonly #lines: Lines;
  readonly #away: Away;

  constructor({ settings, lines, away }: StewardshipParts<Name>) {
    this.#settings = settings;
    this.#lines = lines;
    this.#away = away;
  }

  async adjust(
    name: Name,
    identity: string,
    units: number,
    sign: 1 | -1,
    signal: AbortSignal | undefined,
  ): Promise<RuleVerdict<Name>> {
    const known = knownRuleOf(this.#settings.rules, name);
    if (known.rule.kind === 'concurrency')
      throw new InvalidArgument('rule', 'another kind than concurrency', name);
    requireKey(identity, { field: 'identity' });
    const { clock, withinMs } = this.#settings;
    // What the identity used drains by its own limit, and is charged up to that.
    const { rule } =
      known.limitFor === undefined
        ? known
        : await ownRule(known, identity, { clock, withinMs: withinMs / 2 });
    // By which limit it is to go may be known too late: then it is as much as the rule takes, rather than wrong.
    const most = 2 * (known.limitFor === undefined ? rule.burst : mostUnits);
    const by = sign * Math.min(requireInteger('units', units, 1, most), 2 * rule.burst);
    const [standing] = await this.#lines.call(
      'a change of limits',
      [{ identity }],
      (store, linked) => store.adjust([{ rule, identity, by }], { signal: linked }),
      signal,
    );
    known.denials?.forget(identity);
    if (standing === undefined) throw new TypeError('the store must answer each adjustment');
    return ruleVerdict({ known, rule, identity, cost: 1 }, standing, 'store');
  }

  /** @param duration undefined ends it */
  async block(options: TargetOptions<Name>, duration: Duration | undefined): Promise<void> {
    const forMs = duration === undefined ? 0 : exactMs('for', duration);
    const blocks = this.#targets(options).map((target) => ({ ...target, forMs }));
    await this.#lines.call(
      'a block',
      [options],
      (store, signal) => store.block(blocks, { signal }),
      options.signal,
    );
    await this.#away.block(blocks);
    this.#forget(options);
  }

  async reset(options: TargetOptions<Name>): Promise<void> {
    const targets = this.#targets(options);
    await this.#lines.call(
      'a reset of limits',
      [options],
      (store, signal) => store.reset(targets, { signal }),
      options.signal,
    );
    await this.#away.reset(targets);
    this.#forget(options);
  }

  /** Of the store, and of this process where it decided by itself. */
  async release(options: TargetOptions<Name>, holder: string): Promise<boolean> {
    const holds = this.#holds(options, holder);
    const own = await this.#away.release(holds);
    const left = holds.filter((_, i) => own[i]?.held !== true);
    if (left.length === 0) return true;
    const released = await this.#lines.call(
      'a release of slots',
      [options],
      (store, signal) => store.release(left, { signal }),
      // What has no signal ends with the limiter, and work that outlives it has slots to give back.
      options.signal ?? new AbortController().signal,
    );
    return released.every(({ held }) => held);
  }

  async renew(options: TargetOptions<Name>, holder: string): Promise<boolean> {
    const holds = this.#holds(options, holder);
    const own = await this.#away.renew(holds);
    const left = holds.filter((_, i) => own[i]?.held !== true);
    if (left.length === 0) return true;
    const renewed = await this.#lines.call(
      'a renewal of slots',
      [options],
      (store, signal) => store.renew(left, { signal }),
      options.signal,
    );
    return renewed.every(({ held }) => held);
  }

  #forget(options: TargetOptions<Name>): void {
    for (const { denials } of this.#known(options)) denials?.forget(options.identity);
  }

  #targets(options: TargetOptions<Name>): Target[] {
    const identity = requireKey(options.identity, { field: 'identity' });
    return this.#known(options).map(({ rule }) => ({ rule, identity }));
  }

  #holds(options: TargetOptions<Name>, holder: string): Hold[] {
    requireKey(holder, { field: 'holder' });
    return this.#targets(options)
      .filter(({ rule }) => rule.kind === 'concurrency')
      .map((target) => ({ ...target, holder }));
  }

  #known({ rules }: TargetOptions<Name>): readonly KnownRule<Name>[] {
    const { rules: all } = this.#settings;
    if (rules === undefined) return [...all.values()];
    const names: readonly Name[] = typeof rules === 'string' ? [rules] : rules;
    return names.map((name) => knownRuleOf(all, name));
  }
}
