import type { Rule, RuleKind } from '../rule.ts';
import { kinds } from './harness.ts';

/** One thing that somebody does, made of numbers so that any generator can draw and shrink it. */
export type ModelStep =
  | {
      readonly do: 'take';
      readonly charges: readonly ModelCharge[];
      readonly token: number | undefined;
      readonly holder: number;
    }
  | { readonly do: 'peek'; readonly charge: ModelCharge }
  | { readonly do: 'adjust'; readonly charge: ModelCharge; readonly by: number }
  | { readonly do: 'block'; readonly charge: ModelCharge; readonly forMs: number }
  | { readonly do: 'reset'; readonly charge: ModelCharge }
  | { readonly do: 'release' | 'renew'; readonly charge: ModelCharge; readonly holder: number }
  | { readonly do: 'wait'; readonly ms: number };

export interface ModelCharge {
  readonly rule: number;
  readonly identity: number;
  readonly cost: number;
  readonly shadow: boolean;
}

export const identities = 3;

const block = { forMs: 30, factor: 2, maxMs: 100, forgetMs: 80 };

/** Two of each kind: with and without a plan, and of periods that nothing divides. */
export const modelRules = (prefix: string): Rule[] =>
  kinds.flatMap((kind: RuleKind, i): Rule[] => {
    const burst = kind === 'gcra' || kind === 'bucket' ? 7 : 4;
    const one: Rule = { name: `${prefix}-${kind}`, kind, limit: 4, burst, periodMs: 97 + 10 * i };
    return [one, { ...one, name: `${one.name}-2`, limit: 3, burst: 3, periodMs: 41 + 7 * i, block }];
  });

/** How many numbers make a step; each is a whole number from 0 on. */
export const modelNumbers = 8;

/** A step out of numbers. */
export function modelStep(numbers: readonly number[]): ModelStep {
  const [what = 0, more = 0, ...rest] = numbers;
  const chargeOf = (from: number): ModelCharge => {
    const at = (i: number): number => rest[(from + i) % rest.length] ?? 0;
    const [rule, cost] = [at(0) % (2 * kinds.length), 1 + (at(2) % 5)];
    return { rule, identity: at(1) % identities, cost, shadow: at(3) % 5 === 0 };
  };
  const charge = chargeOf(0);
  const holder = more % 4;
  const choice = what % 20;
  if (choice < 10) {
    const charges = Array.from({ length: 1 + (more % 3) }, (_, i) => chargeOf(i));
    return { do: 'take', charges, token: more % 2 === 0 ? undefined : more % 5, holder };
  }
  if (choice < 12) return { do: 'peek', charge };
  if (choice === 12) return { do: 'adjust', charge, by: more % 2 === 0 ? 1 + (more % 7) : -1 - (more % 7) };
  if (choice === 13) return { do: 'block', charge, forMs: more % 3 === 0 ? 0 : more % 60 };
  if (choice === 14) return { do: 'reset', charge };
  if (choice < 17) {
    // The last two are the ones that have slots.
    const slots = { ...charge, rule: 2 * kinds.length - 1 - (charge.rule % 2) };
    return { do: choice === 15 ? 'release' : 'renew', charge: slots, holder };
  }
  return { do: 'wait', ms: more % 70 };
}
