import { InvalidArgument, parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import { checkRule } from './check-rule.ts';
import { exactMs } from './exact-ms.ts';
import type { BlockPlan, Rule, RuleKind } from './rule.ts';

/** What a rule says while the store does not answer: all are admitted, none is, or this process counts by itself against its share. */
export type WhenAway = 'open' | 'closed' | 'share';

/** Identities, or a function that knows them. It must be quick; one that throws says no. */
export type IdentityList = Iterable<string> | ((identity: string) => boolean);

/** Another limit for an identity. What is left out is as the rule says; with 0 nothing is admitted. */
export interface OwnLimit {
  readonly limit?: number | undefined;
  /** Of `gcra` and `bucket`. @default `limit` for `gcra`, the capacity of the rule for `bucket` */
  readonly burst?: number | undefined;
}

export interface BlockOptions {
  /** How long the first block lasts. */
  readonly for: Duration;
  /** How many times as long as the one before each further block lasts. @default 1 */
  readonly factor?: number | undefined;
  /** How long a block lasts at the most. @default '1d', or `for` if that is longer */
  readonly max?: Duration | undefined;
  /** How long after its end a block counts for the length of the next one. @default '1h' */
  readonly forget?: Duration | undefined;
}

interface CommonOptions {
  /**
   * Other limits for some identities, asked with every call. When it answers nothing, throws, or is not done in time, the rule is as it
   * stands here. What costs more than such a rule admits at once is denied.
   */
  readonly limitFor?:
    | ((identity: string) => OwnLimit | undefined | PromiseLike<OwnLimit | undefined>)
    | undefined;
  /** Whoever exceeds the rule is denied everything by it for some time. @default denied as long as it is exceeded */
  readonly block?: BlockOptions | undefined;
  /** Tells what the rule would say and decides nothing. @default false */
  readonly shadow?: boolean | undefined;
  /** @default 'share' */
  readonly whenAway?: WhenAway | undefined;
  /** Who is always admitted, uncounted. It goes before `deny`. @default nobody */
  readonly allow?: IdentityList | undefined;
  /** Who is never admitted. @default nobody */
  readonly deny?: IdentityList | undefined;
}

/** Spreads calls evenly and lets bursts pass. The default, and the cheapest. */
export interface GcraOptions extends CommonOptions {
  readonly kind?: 'gcra' | undefined;
  /** How many units come back within `per`, continuously. */
  readonly limit: number;
  readonly per: Duration;
  /** How many units at once. @default `limit` */
  readonly burst?: number | undefined;
}

export interface WindowOptions extends CommonOptions {
  /**
   * `fixed` counts from a first call on, and around the end of its window up to twice the limit may pass; `sliding` weighs two windows, nearly
   * exact for little; `log` keeps every call and is exact.
   */
  readonly kind: 'fixed' | 'sliding' | 'log';
  readonly limit: number;
  readonly per: Duration;
}

export interface BucketOptions extends CommonOptions {
  readonly kind: 'bucket';
  /** How many units at once. */
  readonly capacity: number;
  /** How many units come back within `per`, continuously. */
  readonly refill: number;
  readonly per: Duration;
}

export interface ConcurrencyOptions extends CommonOptions {
  readonly kind: 'concurrency';
  /** How many slots are out at once. */
  readonly limit: number;
  /** How long a slot is held that nobody renews, as by a process that crashed. */
  readonly lease: Duration;
}

export type RuleOptions = GcraOptions | WindowOptions | BucketOptions | ConcurrencyOptions;

const common = ['kind', 'limitFor', 'block', 'shadow', 'whenAway', 'allow', 'deny'];
const windowed = [...common, 'limit', 'per'];
const fieldsOf: Readonly<Record<RuleKind, readonly string[]>> = {
  gcra: [...windowed, 'burst'],
  bucket: [...common, 'capacity', 'refill', 'per'],
  fixed: windowed,
  sliding: windowed,
  log: windowed,
  concurrency: [...common, 'limit', 'lease'],
};

/** The rule as stores know it; throws `InvalidArgument` that names the field. */
export function ruleOf(name: string, options: RuleOptions): Rule {
  const path = `rules.${name}`;
  if (typeof options !== 'object' || options === null)
    throw new InvalidArgument(path, 'an object with a limit', options);
  const kind: RuleKind = options.kind ?? 'gcra';
  if (!Object.hasOwn(fieldsOf, kind))
    throw new InvalidArgument(`${path}.kind`, `one of ${Object.keys(fieldsOf).join(', ')}`, kind);
  const names = fieldsOf[kind];
  // What is misspelt would be a limit that does not hold.
  for (const field of Object.keys(options)) {
    if (!names.includes(field))
      throw new InvalidArgument(`${path}.${field}`, `left out; known are ${names.join(', ')}`, field);
  }
  const { whenAway = 'share' } = options;
  if (!['open', 'closed', 'share'].includes(whenAway))
    throw new InvalidArgument(`${path}.whenAway`, "'open', 'closed' or 'share'", whenAway);
  const block = options.block === undefined ? undefined : planOf(options.block, `${path}.block`);
  const rule: Rule = { name, kind, ...numbersOf(options, path), ...(block !== undefined && { block }) };
  return checkRule(rule, `${path}.`);
}

function numbersOf(options: RuleOptions, path: string): Pick<Rule, 'limit' | 'periodMs' | 'burst'> {
  if (options.kind === 'bucket') {
    const { capacity, refill, per } = options;
    requireCount(`${path}.refill`, refill);
    requireCount(`${path}.capacity`, capacity);
    return { limit: refill, burst: capacity, periodMs: exactMs(`${path}.per`, per) };
  }
  const { limit } = options;
  requireCount(`${path}.limit`, limit);
  if (options.kind === 'concurrency')
    return { limit, burst: limit, periodMs: exactMs(`${path}.lease`, options.lease) };
  const periodMs = exactMs(`${path}.per`, options.per);
  const burst = 'burst' in options ? (options.burst ?? limit) : limit;
  return { limit, burst, periodMs };
}

function requireCount(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgument(field, 'a whole number from 1 on', value);
}

function planOf({ for: first, factor = 1, max, forget = '1h' }: BlockOptions, path: string): BlockPlan {
  const forMs = exactMs(`${path}.for`, first);
  const maxMs = max === undefined ? Math.max(forMs, 86_400_000) : exactMs(`${path}.max`, max);
  return { forMs, factor, maxMs, forgetMs: parseDuration(forget, { field: `${path}.forget` }) };
}
