import { hash } from 'node:crypto';
import type { Charge, Rule, TakeRequest, Target } from '@parley/ratelimit';
import { booleanArray, bytesArray, integerArray, textArray } from '../arrays.ts';
import type { Param } from '../database.ts';
import { Accounts, ruleText } from './accounts.ts';

/** What is done with the charges of a request. */
const acts = { look: 0, take: 1, force: 2, block: 3 } as const;

interface Asked {
  readonly act: number;
  readonly size: number;
  readonly holder: string | undefined;
  /** From 1; 0: there is none. */
  readonly token: number;
  readonly keepMs: number;
}

interface Charged {
  readonly account: number;
  /** From 1. */
  readonly variant: number;
  readonly cost: number;
  readonly shadow: boolean;
}

/** Requests as the statement that carries them out takes them. */
export class Run {
  readonly #accounts = new Accounts();
  readonly #variants = new Map<Rule, number>();
  readonly #tokens = new Map<string, number>();
  readonly #charges: Charged[] = [];
  readonly #requests: Asked[] = [];

  take(request: TakeRequest): void {
    const { charges, token, holder = '' } = request;
    for (const charge of charges) this.#charge(charge, charge.cost, charge.shadow);
    this.#requests.push({
      act: acts.take,
      size: charges.length,
      holder,
      token: token === undefined ? 0 : placeIn(this.#tokens, nameOf(request, token.id)),
      keepMs: token?.keepMs ?? 0,
    });
  }

  look(charge: Charge): void {
    this.#charge(charge, charge.cost);
    this.#requests.push(single(acts.look));
  }

  /** Charges without asking; below 0 gives back. How a charge of 1 stands then comes in the request behind it, here and below. */
  force(target: Target, cost: number): void {
    this.#change(acts.force, target, cost);
  }

  /** 0: forgives. */
  block(target: Target, forMs: number): void {
    this.#change(acts.block, target, forMs);
  }

  /** How many charges there are. */
  get size(): number {
    return this.#charges.length;
  }

  /** Whether `levelParams` say all of it: takes of gcra and bucket without tokens and plans, of each account once. */
  get isOfLevels(): boolean {
    return (
      this.#accounts.size === this.#charges.length &&
      this.#requests.every(({ act, token }) => act === acts.take && token === 0) &&
      [...this.#variants.keys()].every(
        ({ kind, block }) => (kind === 'gcra' || kind === 'bucket') && block === undefined,
      )
    );
  }

  get levelParams(): Param[] {
    const charges = this.#charges;
    const rules = [...this.#variants.keys()];
    const each = (of: (rule: Rule) => number): Param => {
      const numbers = rules.map(of);
      return integerArray(charges.map(({ variant }) => numbers[variant - 1]));
    };
    return [
      ...this.#accounts.names,
      each(({ periodMs }) => periodMs),
      each(({ limit }) => limit),
      each(({ burst }) => burst),
      integerArray(charges.map(({ cost }) => cost)),
      booleanArray(charges.map(({ shadow }) => shadow)),
      integerArray(this.#requests.flatMap(({ size }, i) => Array.from({ length: size }, () => i))),
    ];
  }

  get params(): Param[] {
    const [rules, charges, requests] = [[...this.#variants.keys()], this.#charges, this.#requests];
    return [
      ...this.#accounts.names,
      this.#accounts.kinds,
      this.#accounts.periods,
      integerArray(rules.map(({ limit }) => limit)),
      integerArray(rules.map(({ burst }) => burst)),
      integerArray(rules.map(({ block }) => block?.forMs ?? 0)),
      integerArray(rules.map(({ block }) => block?.factor ?? 1)),
      integerArray(rules.map(({ block }) => block?.maxMs ?? 0)),
      integerArray(rules.map(({ block }) => block?.forgetMs ?? 0)),
      integerArray(charges.map(({ account }) => account)),
      integerArray(charges.map(({ variant }) => variant)),
      integerArray(charges.map(({ cost }) => cost)),
      booleanArray(charges.map(({ shadow }) => shadow)),
      integerArray(requests.map(({ act }) => act)),
      integerArray(requests.map(({ size }) => size)),
      textArray(requests.map(({ holder }) => holder)),
      integerArray(requests.map(({ token }) => token)),
      integerArray(requests.map(({ keepMs }) => keepMs)),
      bytesArray(Array.from(this.#tokens.keys(), digest)),
    ];
  }

  #change(act: number, { rule, identity }: Target, amount: number): void {
    this.#charge({ rule, identity }, amount);
    this.#requests.push(single(act));
    this.look({ rule, identity, cost: 1 });
  }

  #charge(target: Target, cost: number, shadow = false): void {
    this.#charges.push({
      account: this.#accounts.placeOf(target),
      variant: placeIn(this.#variants, target.rule),
      cost,
      shadow,
    });
  }
}

const single = (act: number): Asked => ({ act, size: 1, holder: undefined, token: 0, keepMs: 0 });

function placeIn<Key>(places: Map<Key, number>, key: Key): number {
  const place = places.get(key) ?? places.size + 1;
  places.set(key, place);
  return place;
}

/** A token means the same only together with what it was used for. */
const nameOf = ({ charges }: TakeRequest, token: string): string =>
  JSON.stringify([token, ...charges.flatMap(({ rule, identity }) => [ruleText(rule), identity])]);

/** However many charges there are, it fits into an index. */
const digest = (name: string): Uint8Array => hash('sha256', name, 'buffer');
