import type { Rule } from '../rule.ts';

/**
 * One way to limit, as functions of what is kept and of a time in whole ms. They change nothing that they are given, so they are the reference
 * for every store, and the model in tests.
 *
 * A clock may go back, as when another server takes over. No state lies further in the future of the clock than it could by itself, or an
 * identity would be denied for as long as the clock went back.
 */
export interface Algorithm<State> {
  /** The state as it is by now; undefined: as if never used. What it answers is what the other functions take. */
  readonly settle: (rule: Rule, state: State | undefined, now: number) => State | undefined;
  /** In how many ms the charge would be admitted if nothing else happened; 0: now. The cost is from 1 to `burst`. */
  readonly wait: (rule: Rule, state: State | undefined, now: number, charge: Charged) => number;
  /** Charges, also beyond the limit. */
  readonly charge: (rule: Rule, state: State | undefined, now: number, charge: Charged) => State;
  /** Gives back up to `units`, never more than was charged. */
  readonly giveBack: (rule: Rule, state: State | undefined, now: number, units: number) => State | undefined;
  /** How many units were charged and are not back yet, rounded up. */
  readonly used: (rule: Rule, state: State | undefined, now: number) => number;
  /** In how many ms `settle` will answer undefined. */
  readonly reset: (rule: Rule, state: State | undefined, now: number) => number;
}

export interface Charged {
  readonly cost: number;
  /** Who holds the slots; only of `concurrency`. */
  readonly holder?: string | undefined;
}

/** How far penalties go beyond a limit: for more there are blocks. */
export const beyond = 2;
