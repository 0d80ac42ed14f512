import type { Charge, Held, Peeked, Rule, Standing, Taken, TakeRequest, Target } from '@parley/ratelimit';
import { letterOf, type LimitKeys } from './keys.ts';
import type { ScriptCall, Word } from '../lane.ts';

/** The rules that a call is about, each once, and where each of them is. */
class RuleTable {
  readonly #rules = new Map<Rule, number>();

  indexOf(rule: Rule): number {
    const known = this.#rules.get(rule);
    if (known !== undefined) return known;
    const index = this.#rules.size + 1;
    this.#rules.set(rule, index);
    return index;
  }

  /** Before all other words. */
  words(): Word[] {
    const words: Word[] = [this.#rules.size];
    for (const rule of this.#rules.keys()) {
      const { limit, periodMs, burst, block } = rule;
      const { forMs = 0, factor = 1, maxMs = 0, forgetMs = 0 } = block ?? {};
      words.push(letterOf(rule), limit, periodMs, burst, forMs, factor, maxMs, forgetMs);
    }
    return words;
  }
}

/** The call of `lua/ratelimit/take.lua` for requests whose keys are in one slot. */
export function takeCall(keys: LimitKeys, requests: readonly KeyedRequest[]): ScriptCall {
  const rules = new RuleTable();
  const names: string[] = [];
  const words: Word[] = [];
  let run: KeyedRequest | undefined;
  let [begin, length] = [0, 0];
  for (const keyed of requests) {
    const { request, charges, identity } = keyed;
    const { token, holder } = request;
    if (token !== undefined) names.push(keys.tokenOf(request, identity, token.id));
    for (const { rule, identity: whose } of charges) names.push(keys.countOf(rule, whose));
    if (run !== undefined && isAlike(run, keyed)) words[begin] = ++length;
    else {
      [run, begin, length] = [keyed, words.length, 1];
      words.push(1, charges.length, token?.keepMs ?? 0, holder ?? '');
      for (const { rule, cost, shadow } of charges)
        words.push(rules.indexOf(rule), shadow === true ? -cost : cost);
    }
  }
  return { keys: names, words: [...rules.words(), ...words] };
}

/** Whether two requests differ in nothing but their keys. */
function isAlike(one: KeyedRequest, other: KeyedRequest): boolean {
  const { charges } = one;
  if (charges.length !== other.charges.length) return false;
  if (one.request.token?.keepMs !== other.request.token?.keepMs) return false;
  if (one.request.holder !== other.request.holder) return false;
  return charges.every(({ rule, cost, shadow }, i) => {
    const twin = other.charges[i];
    return twin !== undefined && twin.rule === rule && twin.cost === cost && twin.shadow === shadow;
  });
}

/** A request, or the part of one that is about one identity. */
export interface KeyedRequest {
  readonly request: TakeRequest;
  readonly charges: readonly Charge[];
  /** Beside whose counts the token is remembered. */
  readonly identity: string;
}

/** The call of a script that takes some words for each rule and identity. */
export function targetCall<Item extends Target>(
  keys: LimitKeys,
  targets: readonly Item[],
  wordsOf: (target: Item) => readonly Word[],
): ScriptCall {
  const rules = new RuleTable();
  const words = targets.flatMap((target) => [rules.indexOf(target.rule), ...wordsOf(target)]);
  return {
    keys: targets.map(({ rule, identity }) => keys.countOf(rule, identity)),
    words: [...rules.words(), ...words],
  };
}

/** Reads the doubles of a reply, one after another. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(reply: unknown) {
    if (!Buffer.isBuffer(reply)) throw new TypeError('the server must answer with a string');
    this.#bytes = reply;
  }

  next(): number {
    const number = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return number;
  }

  standing(): KeyedStanding {
    const code = this.next();
    return {
      ok: code !== 0,
      charged: code === 1,
      remaining: this.next(),
      retryAfterMs: this.next(),
      resetMs: this.next(),
      blockedMs: this.next(),
    };
  }
}

interface KeyedStanding extends Standing {
  /** If the request was admitted: whether something was charged, rather than held already. */
  readonly charged: boolean;
}

export interface KeyedTaken extends Taken {
  readonly standings: readonly KeyedStanding[];
}

export function takenOf(reply: unknown, requests: readonly KeyedRequest[]): KeyedTaken[] {
  const reader = new Reader(reply);
  const at = reader.next();
  return requests.map(({ charges }) => {
    const code = reader.next();
    if (code > 0) {
      const standings = charges.map(({ rule }, i) => charged(rule, i === 0 ? code : reader.next()));
      return { ok: true, replayed: false, at, standings };
    }
    const standings = charges.map(() => reader.standing());
    return { ok: code !== 0, replayed: code === -2, at, standings };
  });
}

/** How a level stands that has just been charged. */
const charged = ({ limit, periodMs, burst }: Rule, debt: number): KeyedStanding => ({
  ok: true,
  charged: true,
  remaining: burst - Math.ceil(debt / periodMs),
  retryAfterMs: 0,
  resetMs: Math.ceil(debt / limit),
  blockedMs: 0,
});

export function peekedOf(reply: unknown, count: number): Peeked[] {
  const reader = new Reader(reply);
  const at = reader.next();
  return Array.from({ length: count }, () => ({ ...reader.standing(), at }));
}

export function heldOf(reply: unknown, count: number): Held[] {
  const reader = new Reader(reply);
  const at = reader.next();
  return Array.from({ length: count }, () => ({ held: reader.next() === 1, at }));
}
