import type { Rule, RuleKind, Standing } from './rule.ts';
import type { Algorithm, Charged } from './rules/algorithm.ts';
import { concurrency, releaseSlots, renewSlots, type Slots } from './rules/concurrency.ts';
import { fixed } from './rules/fixed.ts';
import { block, settleGuard, strike, type Guard } from './rules/guard.ts';
import { level, type Level } from './rules/level.ts';
import { log } from './rules/log.ts';
import { sliding } from './rules/sliding.ts';

/** What is kept of one identity by one rule. Every call is about a time that is not before that of the last `settle`, which comes first. */
export interface Account {
  settle(rule: Rule, now: number): void;
  /**
   * Nothing was changed, and what was used is again as before `settle`: how it drains is for the limit to say that changes it.
   * @param onlyLooked else a clock that went back is noted, or who is denied again and again would be for as long as that
   */
  unsettle(now: number, onlyLooked: boolean): void;
  /** Whether there is nothing to keep, as for one that was never used. */
  readonly empty: boolean;
  /** Whether it is remembered who was blocked. */
  readonly guarded: boolean;
  admits(rule: Rule, now: number, charge: Charged): boolean;
  /** The rule was exceeded, not while a block lasted: then what its plan says begins. */
  violate(rule: Rule, now: number): void;
  charge(rule: Rule, now: number, charge: Charged): void;
  /** Settles, decides, charges or violates, and says how it stands. */
  take(rule: Rule, now: number, cost: number): Standing;
  adjust(rule: Rule, now: number, by: number): void;
  block(now: number, forMs: number): void;
  release(now: number, holder: string): boolean;
  renew(rule: Rule, now: number, holder: string): boolean;
  /** @param admitted what the store decided for this charge; what it says of the rest is after the charge then */
  standing(rule: Rule, now: number, charge: Charged, admitted: boolean): Standing;
}

export const openAccount = (kind: RuleKind): Account => opens[kind]();

class AlgorithmAccount<State> implements Account {
  protected state: State | undefined;
  #before: State | undefined;
  /** When it was changed last. */
  protected at = -Infinity;
  readonly #algorithm: Algorithm<State>;
  #guard: Guard | undefined;

  constructor(algorithm: Algorithm<State>) {
    this.#algorithm = algorithm;
  }

  get empty(): boolean {
    return this.state === undefined && this.#guard === undefined;
  }

  get guarded(): boolean {
    return this.#guard !== undefined;
  }

  settle(rule: Rule, now: number): void {
    this.#before = this.state;
    this.state = this.#algorithm.settle(rule, this.state, now);
    if (this.#guard !== undefined) this.#guard = settleGuard(this.#guard, now);
  }

  unsettle(now: number, onlyLooked: boolean): void {
    if (onlyLooked || now >= this.at) this.state = this.#before;
    else this.at = now;
  }

  admits(rule: Rule, now: number, charge: Charged): boolean {
    return this.#blockedMs(now) === 0 && this.#algorithm.wait(rule, this.state, now, charge) === 0;
  }

  violate(rule: Rule, now: number): void {
    if (rule.block !== undefined && this.#blockedMs(now) === 0)
      this.#guard = strike(this.#guard, now, rule.block);
  }

  charge(rule: Rule, now: number, charge: Charged): void {
    this.change(this.#algorithm.charge(rule, this.state, now, charge), now);
  }

  take(rule: Rule, now: number, cost: number): Standing {
    this.settle(rule, now);
    const charge = { cost };
    const admitted = this.admits(rule, now, charge);
    if (admitted) this.charge(rule, now, charge);
    else this.violate(rule, now);
    const standing = this.standing(rule, now, charge, admitted);
    if (!admitted) this.unsettle(now, false);
    return standing;
  }

  adjust(rule: Rule, now: number, by: number): void {
    if (by > 0) this.charge(rule, now, { cost: by });
    else this.change(this.#algorithm.giveBack(rule, this.state, now, -by), now);
  }

  block(now: number, forMs: number): void {
    this.at = now;
    this.#guard = block(this.#guard, now, forMs);
  }

  release(_now: number, _holder: string): boolean {
    return false;
  }

  renew(_rule: Rule, _now: number, _holder: string): boolean {
    return false;
  }

  protected change(state: State | undefined, now: number): void {
    this.state = state;
    this.at = now;
  }

  standing(rule: Rule, now: number, charge: Charged, admitted: boolean): Standing {
    const blockedMs = this.#blockedMs(now);
    const waitMs = admitted ? 0 : this.#algorithm.wait(rule, this.state, now, charge);
    const left = rule.burst - this.#algorithm.used(rule, this.state, now);
    return {
      ok: admitted,
      remaining: left > 0 && blockedMs === 0 ? left : 0,
      retryAfterMs: admitted ? 0 : Math.max(waitMs, blockedMs),
      resetMs: this.#algorithm.reset(rule, this.state, now),
      blockedMs,
    };
  }

  #blockedMs(now: number): number {
    return this.#guard === undefined ? 0 : Math.max(0, this.#guard.until - now);
  }
}

class SlotAccount extends AlgorithmAccount<Slots> {
  override release(now: number, holder: string): boolean {
    const rest = releaseSlots(this.state, holder);
    this.change(rest?.held.length === 0 ? undefined : (rest ?? this.state), now);
    return rest !== undefined;
  }

  override renew(rule: Rule, now: number, holder: string): boolean {
    const renewed = renewSlots(this.state, holder, now + rule.periodMs);
    this.change(renewed ?? this.state, now);
    return renewed !== undefined;
  }
}

/** What was taken, as a state that is written over: nearly every check of a process by itself is one of these. */
class LevelAccount extends AlgorithmAccount<{ -readonly [Field in keyof Level]: Level[Field] }> {
  /** The same as that of all, but that nothing is made on the way to an admission. */
  override take(rule: Rule, now: number, cost: number): Standing {
    const { limit, periodMs, burst } = rule;
    const { state } = this;
    const kept = state === undefined ? 0 : state.debt - Math.max(0, now - state.at) * limit;
    const debt = (kept > 0 ? kept : 0) + cost * periodMs;
    if (debt > burst * periodMs || this.guarded) return super.take(rule, now, cost);
    if (state === undefined) this.state = { debt, at: now };
    else {
      state.debt = debt;
      state.at = now;
    }
    this.at = now;
    return {
      ok: true,
      remaining: burst - Math.ceil(debt / periodMs),
      retryAfterMs: 0,
      resetMs: Math.ceil(debt / limit),
      blockedMs: 0,
    };
  }
}

const leveled = (): Account => new LevelAccount(level);

const opens: Readonly<Record<RuleKind, () => Account>> = {
  gcra: leveled,
  bucket: leveled,
  fixed: () => new AlgorithmAccount(fixed),
  sliding: () => new AlgorithmAccount(sliding),
  log: () => new AlgorithmAccount(log),
  concurrency: () => new SlotAccount(concurrency),
};
