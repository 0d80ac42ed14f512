import type { Rule, RuleKind, Target } from '@parley/ratelimit';
import { integerArray, textArray } from '../arrays.ts';
import type { Param } from '../database.ts';

/** As the function that counts knows the kinds; the first two are two views of one thing. */
const kinds: Readonly<Record<RuleKind, number>> = {
  gcra: 1,
  bucket: 1,
  fixed: 2,
  sliding: 3,
  log: 4,
  concurrency: 5,
};

/** Callers hand over the same rule again and again; its text is put together once. */
const texts = new WeakMap<Rule, string>();

/** What rules share that share what is kept. */
export function ruleText(rule: Rule): string {
  const known = texts.get(rule);
  if (known !== undefined) return known;
  const text = `${rule.name}:${rule.kind}:${rule.periodMs}`;
  texts.set(rule, text);
  return text;
}

/** The identities and rules that a statement is about, each pair once: a statement cannot lock a row twice. */
export class Accounts {
  readonly #places = new Map<string, number>();
  readonly #targets: Target[] = [];

  /** From 1. */
  placeOf(target: Target): number {
    // Neither contains a line break.
    const name = `${ruleText(target.rule)}\n${target.identity}`;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.#targets.push(target));
    return this.#targets.length;
  }

  get size(): number {
    return this.#targets.length;
  }

  /** Identities and rules. */
  get names(): Param[] {
    return [
      textArray(this.#targets.map(({ identity }) => identity)),
      textArray(this.#targets.map(({ rule }) => ruleText(rule))),
    ];
  }

  get kinds(): Param {
    return integerArray(this.#targets.map(({ rule }) => kinds[rule.kind]));
  }

  get periods(): Param {
    return integerArray(this.#targets.map(({ rule }) => rule.periodMs));
  }
}
