import { Closed, createInstanceId, defineSignal, throwIfAborted } from '@parley/cache-core/kernel';
import type { Duration, Health } from '@parley/cache-core/kernel';
import { Away } from './away.ts';
import { itemsOf, knownRuleOf, type CheckOptions, type RuleCalls } from './call.ts';
import { Decider, type TakeOptions } from './decider.ts';
import { limiterHealth } from './health.ts';
import { Lines } from './lines.ts';
import { settingsOf, type LimiterOptions, type LimiterSettings } from './options.ts';
import { RateLimited } from './rate-limited.ts';
import type { Rule } from './rule.ts';
import { runWithSlots } from './slot-run.ts';
import { Tally, type LimiterFigures } from './stats.ts';
import { Stewardship, type TargetOptions } from './stewardship.ts';
import { TopDenied, type DeniedIdentity } from './top-denied.ts';
import type { RuleVerdict, Verdict } from './verdict.ts';

/** Told for every call that a limiter of this process denied. */
export const limitDenials = defineSignal<Verdict>('parley:limit-denied');

export interface AdjustOptions {
  /** @default 1 */
  readonly units?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Says who may, by rules that all processes count together. Made by `createLimiter`. */
export class Limiter<Name extends string> implements AsyncDisposable {
  readonly #settings: LimiterSettings<Name>;
  readonly #lines: Lines;
  readonly #decider: Decider<Name>;
  readonly #steward: Stewardship<Name>;
  readonly #tally: Tally<Name>;
  readonly #top: TopDenied<Name>;
  #closed = false;

  constructor(options: LimiterOptions<Name>) {
    const settings = settingsOf(options);
    const lines = new Lines(settings);
    const away = new Away(settings);
    this.#settings = settings;
    this.#lines = lines;
    this.#decider = new Decider({ settings, lines, away });
    this.#steward = new Stewardship({ settings, lines, away });
    this.#tally = new Tally(settings.rules.values());
    this.#top = new TopDenied(settings.topEntries);
  }

  /**
   * Charges all rules, or none of them when one denies. Settles by `within`, and never rejects because of the store; only for what cannot be
   * used, for a signal that is aborted, and when the limiter is closed.
   */
  check(rules: RuleCalls<Name>, options: CheckOptions = {}): Promise<Verdict<Name>> {
    return this.#check(rules, options);
  }

  /** As `check`, and rejects with `RateLimited` when the call is denied. */
  async consume(rules: RuleCalls<Name>, options: CheckOptions = {}): Promise<Verdict<Name>> {
    const verdict = await this.check(rules, options);
    if (!verdict.ok) throw new RateLimited(verdict);
    return verdict;
  }

  /** What `check` would say. Charges nothing, and is not counted. */
  async peek(rules: RuleCalls<Name>, options: Omit<CheckOptions, 'token'> = {}): Promise<Verdict<Name>> {
    this.#admit(options.signal);
    return this.#decider.peek(await itemsOf(this.#settings, rules, options), options);
  }

  /**
   * Works while it holds slots of `concurrency`, besides what other rules charge. They are renewed meanwhile, and given back afterwards. Rejects
   * with `RateLimited` when there are none; the signal tells when they were lost.
   */
  async run<T>(
    rules: RuleCalls<Name>,
    options: CheckOptions,
    work: (signal: AbortSignal) => PromiseLike<T> | T,
  ): Promise<T> {
    const { clock } = this.#settings;
    const since = clock.monotonic();
    // Not under its token: the same call may be sent again while this one works.
    const verdict = await this.#check(rules, { ...options, holder: createInstanceId() });
    if (!verdict.ok) throw new RateLimited(verdict);
    const held = verdict.rules.filter(
      ({ rule, decidedBy }) =>
        rule.kind === 'concurrency' && (decidedBy === 'store' || decidedBy === 'share'),
    );
    const { holder } = verdict;
    if (holder === undefined || held.length === 0)
      return work(options.signal ?? new AbortController().signal);
    const each = async (
      change: (target: TargetOptions<Name>, holder: string) => Promise<boolean>,
      signal?: AbortSignal,
    ): Promise<boolean> => {
      const changed = held.map(({ name, identity }) => change({ rules: name, identity, signal }, holder));
      return (await Promise.all(changed)).every(Boolean);
    };
    return runWithSlots({
      clock,
      holder,
      leaseMs: Math.min(...held.map(({ rule }) => rule.periodMs)),
      since,
      renew: (signal) => each((...about) => this.#steward.renew(...about), signal),
      release: () => each((...about) => this.#steward.release(...about)),
      signal: options.signal,
      work,
    });
  }

  /** Gives slots back before their lease is over; false where they were not held any more. */
  async release(holder: string, target: TargetOptions<Name>): Promise<boolean> {
    return this.#steward.release(target, holder);
  }

  /** Holds slots for another lease; false where they were not held any more. */
  async renew(holder: string, target: TargetOptions<Name>): Promise<boolean> {
    this.#admit(target.signal);
    return this.#steward.renew(target, holder);
  }

  /** Charges without asking, up to twice what the rule admits at once: for what turned out to have cost more, or to be an offence. */
  async penalty(rule: Name, identity: string, options: AdjustOptions = {}): Promise<RuleVerdict<Name>> {
    this.#admit(options.signal);
    return this.#steward.adjust(rule, identity, options.units ?? 1, 1, options.signal);
  }

  /** Gives back what was charged. */
  async reward(rule: Name, identity: string, options: AdjustOptions = {}): Promise<RuleVerdict<Name>> {
    this.#admit(options.signal);
    return this.#steward.adjust(rule, identity, options.units ?? 1, -1, options.signal);
  }

  /** Denies everything for so long from now. */
  async block(target: TargetOptions<Name>, duration: Duration): Promise<void> {
    this.#admit(target.signal);
    await this.#steward.block(target, duration);
  }

  /** Ends a block, whoever began it, and forgets the ones before it. What was charged stays charged. */
  async unblock(target: TargetOptions<Name>): Promise<void> {
    this.#admit(target.signal);
    await this.#steward.block(target, undefined);
  }

  /** As if the identity had never been seen. */
  async reset(target: TargetOptions<Name>): Promise<void> {
    this.#admit(target.signal);
    await this.#steward.reset(target);
  }

  /** A rule as stores know it. */
  rule(name: Name): Rule {
    return knownRuleOf(this.#settings.rules, name).rule;
  }

  /** Whom this process denied most. */
  topDenied(count = 10): DeniedIdentity<Name>[] {
    return this.#top.list(count);
  }

  stats(): LimiterFigures<Name> {
    let denials = 0;
    for (const known of this.#settings.rules.values()) denials += known.denials?.size ?? 0;
    return this.#tally.figures(this.#lines.calls, denials);
  }

  health(): Promise<Health> {
    return limiterHealth({ ...this.#settings, away: this.#lines.away, closed: this.#closed });
  }

  /** Decides what waits as if the store were away, and takes no more calls. The store stays its owner's to close. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#lines.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #check(rules: RuleCalls<Name>, options: TakeOptions): Promise<Verdict<Name>> {
    try {
      this.#admit(options.signal);
      const quick = typeof rules === 'string' ? this.#decider.quick(rules, options) : undefined;
      if (quick !== undefined) return Promise.resolve(this.#told(quick));
      const { clock, withinMs } = this.#settings;
      const dueAt = clock.monotonic() + withinMs;
      const items = itemsOf(this.#settings, rules, options);
      if (items instanceof Promise)
        return this.#later(items.then((all) => this.#decider.take(all, options, dueAt)));
      const verdict = this.#decider.take(items, options, dueAt);
      return verdict instanceof Promise ? this.#later(verdict) : Promise.resolve(this.#told(verdict));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #admit(signal: AbortSignal | undefined): void {
    if (this.#closed) throw new Closed('the limiter');
    throwIfAborted(signal);
  }

  async #later(verdict: Promise<Verdict<Name>>): Promise<Verdict<Name>> {
    return this.#told(await verdict);
  }

  #told(verdict: Verdict<Name>): Verdict<Name> {
    this.#tally.count(verdict);
    if (verdict.ok) return verdict;
    for (const { ok, shadow, name, identity } of verdict.rules)
      if (!ok && !shadow) this.#top.add(name, identity);
    if (limitDenials.active) limitDenials.emit(verdict);
    return verdict;
  }
}

/** A limiter over a store. Rules are checked at once: what cannot be kept exactly throws `InvalidArgument`. */
export function createLimiter<Name extends string>(options: LimiterOptions<Name>): Limiter<Name> {
  return new Limiter(options);
}
