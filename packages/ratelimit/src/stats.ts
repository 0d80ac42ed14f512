import type { KnownRule } from './options.ts';
import type { RuleVerdict, Verdict } from './verdict.ts';

/** What a limiter has done since it was made. */
export interface LimiterStats {
  checks: number;
  admitted: number;
  denied: number;
  /** Denials that the store had not to be asked for. */
  remembered: number;
  /** Checks that the store did not decide, and of those the ones that were admitted. */
  away: number;
  awayAdmitted: number;
  /** Checks whose token was known. */
  replayed: number;
}

export interface RuleStats<Name extends string = string> {
  readonly name: Name;
  admitted: number;
  denied: number;
  /** Would have been denied by a rule in shadow. */
  shadowed: number;
}

export interface LimiterFigures<Name extends string> extends LimiterStats {
  readonly rules: readonly Readonly<RuleStats<Name>>[];
  /** Calls to the store; each carries the checks of one turn. */
  readonly storeCalls: number;
  /** Denials that this process remembers now. */
  readonly denials: number;
}

export class Tally<Name extends string> {
  readonly #stats: LimiterStats = {
    checks: 0,
    admitted: 0,
    denied: 0,
    remembered: 0,
    away: 0,
    awayAdmitted: 0,
    replayed: 0,
  };
  readonly #rules = new Map<Name, RuleStats<Name>>();
  /** Calls of one rule often follow each other. */
  #last: RuleStats<Name> | undefined;

  constructor(rules: Iterable<KnownRule<Name>>) {
    for (const { name } of rules) this.#rules.set(name, { name, admitted: 0, denied: 0, shadowed: 0 });
  }

  count({ ok, decidedBy, replayed, rules, error }: Verdict<Name>): void {
    const stats = this.#stats;
    stats.checks += 1;
    if (ok) stats.admitted += 1;
    else stats.denied += 1;
    if (decidedBy === 'blocked') stats.remembered += 1;
    if (replayed) stats.replayed += 1;
    if (error !== undefined) {
      stats.away += 1;
      if (ok) stats.awayAdmitted += 1;
    }
    const only = rules[0];
    if (rules.length === 1 && only !== undefined) this.#countRule(only, ok);
    else for (const one of rules) this.#countRule(one, ok);
  }

  #countRule(one: RuleVerdict<Name>, ok: boolean): void {
    const own = this.#last?.name === one.name ? this.#last : this.#rules.get(one.name);
    this.#last = own;
    if (own === undefined) return;
    if (!one.ok) own[one.shadow ? 'shadowed' : 'denied'] += 1;
    else if (ok) own.admitted += 1;
  }

  figures(storeCalls: number, denials: number): LimiterFigures<Name> {
    const rules = Array.from(this.#rules.values(), (own) => ({ ...own }));
    return { ...this.#stats, storeCalls, denials, rules };
  }
}
