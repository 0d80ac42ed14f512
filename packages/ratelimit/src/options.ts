import {
  InvalidArgument,
  parseDuration,
  requireInteger,
  safeCall,
  systemClock,
} from '@parley/cache-core/kernel';
import type { Clock, Clocked, Duration, Random } from '@parley/cache-core/kernel';
import { Denials } from './denials.ts';
import { exactMs } from './exact-ms.ts';
import { listed } from './identity-list.ts';
import type { Rule } from './rule.ts';
import { ruleOf, type RuleOptions, type WhenAway } from './rule-options.ts';
import type { LimitStore } from './store.ts';

export interface LimiterOptions<Name extends string> extends Clocked {
  /** Where is counted: the same for all processes. */
  readonly store: LimitStore;
  /** The rules by their names. */
  readonly rules: Readonly<Record<Name, RuleOptions>>;
  /** How long a check waits for the store; then `whenAway` of its rules decides. @default '0.5s' */
  readonly within?: Duration | undefined;
  /** How many processes share the store, for `whenAway: 'share'`; a function is asked when it is needed. @default 1 */
  readonly processes?: number | (() => number) | undefined;
  /** For how long tokens are remembered. @default '1m' */
  readonly tokens?: Duration | undefined;
  /**
   * For how long at the most this process denies by itself what the store denied and would deny again. So long others may lift a block before
   * it is noticed here; 0: never. @default '5s'
   */
  readonly remember?: Duration | undefined;
  /** How many denials are remembered for each rule. @default 10,000 */
  readonly rememberEntries?: number | undefined;
  /** How many calls to the store are under way at once. @default 4 */
  readonly maxInFlight?: number | undefined;
  /** How many checks wait for the store; of more `whenAway` decides at once. @default 10,000 */
  readonly maxWaiting?: number | undefined;
  /** How long a store that did not answer is left alone. @default '1s' */
  readonly coolDown?: Duration | undefined;
  /** How many identities `topDenied` tells apart. @default 1,000 */
  readonly topEntries?: number | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

/** A rule with everything about it that is not the store's business. */
export interface KnownRule<Name extends string> {
  readonly name: Name;
  readonly rule: Rule;
  readonly shadow: boolean;
  readonly whenAway: WhenAway;
  readonly limitFor: RuleOptions['limitFor'];
  readonly allow: ((identity: string) => boolean) | undefined;
  readonly deny: ((identity: string) => boolean) | undefined;
  readonly denials: Denials | undefined;
  /** Nothing but its limit decides: neither lists nor limits of others, no shadow, no slots. */
  readonly plain: boolean;
}

export interface LimiterSettings<Name extends string> {
  readonly store: LimitStore;
  readonly rules: ReadonlyMap<string, KnownRule<Name>>;
  readonly clock: Clock;
  readonly random: Random;
  readonly withinMs: number;
  readonly tokenMs: number;
  readonly coolDownMs: number;
  readonly maxInFlight: number;
  readonly maxWaiting: number;
  readonly topEntries: number;
  readonly processes: () => number;
}

export function settingsOf<Name extends string>(options: LimiterOptions<Name>): LimiterSettings<Name> {
  if (typeof options !== 'object' || options === null)
    throw new InvalidArgument('options', 'an object with a store and rules', options);
  const { store, clock = systemClock, processes = 1 } = options;
  if (typeof store?.take !== 'function')
    throw new InvalidArgument('store', 'a store, such as memoryLimitStore()', store);
  if (typeof options.rules !== 'object' || options.rules === null)
    throw new InvalidArgument('rules', 'an object with a rule for each name', options.rules);
  const maxMs = parseDuration(options.remember ?? '5s', { field: 'remember' });
  const maxEntries = requireInteger('rememberEntries', options.rememberEntries ?? 10_000, 1, 16_000_000);
  // One that is in this process is asked as quickly.
  const remembers = maxMs > 0 && store.takeNow === undefined;
  const names = Object.keys(options.rules).filter((name): name is Name & string =>
    Object.hasOwn(options.rules, name),
  );
  const rules = new Map(
    names.map((name) => {
      const given: RuleOptions = options.rules[name];
      const rule = ruleOf(name, given);
      // Slots come back before their time, whenever somebody is done.
      const denials =
        remembers && rule.kind !== 'concurrency' ? new Denials({ clock, maxEntries, maxMs }) : undefined;
      return [name, knownRule(name, given, rule, denials)] as const;
    }),
  );
  return {
    store,
    rules,
    clock,
    random: options.random ?? Math.random,
    withinMs: parseDuration(options.within ?? '0.5s', { field: 'within', min: 1 }),
    tokenMs: exactMs('tokens', options.tokens ?? '1m'),
    coolDownMs: parseDuration(options.coolDown ?? '1s', { field: 'coolDown', min: 1 }),
    maxInFlight: requireInteger('maxInFlight', options.maxInFlight ?? 4, 1, 1_000),
    maxWaiting: requireInteger('maxWaiting', options.maxWaiting ?? 10_000, 1, 10_000_000),
    topEntries: requireInteger('topEntries', options.topEntries ?? 1_000, 1, 1_000_000),
    processes: processesOf(processes),
  };
}

function knownRule<Name extends string>(
  name: Name,
  given: RuleOptions,
  rule: Rule,
  denials: Denials | undefined,
): KnownRule<Name> {
  const { limitFor, shadow = false, whenAway = 'share', allow, deny } = given;
  if (limitFor !== undefined && typeof limitFor !== 'function')
    throw new InvalidArgument(`rules.${name}.limitFor`, 'a function', limitFor);
  const plain = limitFor === undefined && allow === undefined && deny === undefined && !shadow;
  return {
    name,
    rule,
    plain: plain && rule.kind !== 'concurrency',
    shadow,
    whenAway,
    limitFor,
    allow: listed(`rules.${name}.allow`, allow),
    deny: listed(`rules.${name}.deny`, deny),
    denials,
  };
}

function processesOf(processes: number | (() => number)): () => number {
  if (typeof processes === 'number') {
    const count = requireInteger('processes', processes, 1);
    return () => count;
  }
  if (typeof processes !== 'function')
    throw new InvalidArgument('processes', 'a number or a function', processes);
  // It may ask what is away as well: no check fails with it, and the last number is the best that is known.
  let known = 1;
  return () => {
    const count = safeCall('processes', processes);
    if (count !== undefined && Number.isFinite(count) && count >= 1) known = count;
    return known;
  };
}
