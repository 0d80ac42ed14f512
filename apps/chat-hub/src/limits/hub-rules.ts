import type { RuleOptions } from '@parley/ratelimit';
import { limitNames, type LimitName, type LimitSettings } from './limit-names.ts';

export interface HubRule {
  readonly limit: number;
  /** 0: so many at once, for however long. */
  readonly seconds: number;
  /** How it is kept. */
  readonly options: RuleOptions;
}

/** How many may come in a row, where that is less than what may come in 15 minutes. */
const bursts: Readonly<Partial<Record<LimitName, number>>> = {
  'sign-in': 10,
  'sign-in.address': 60,
  'sign-in.handle': 100,
};

/** How long what a node had open counts when it dies: what is open is told anew a few times within it. */
export const slotSeconds = 300;

/** As many as may be told apart at once. */
const mostSlots = 10_000;

/**
 * The rules that are wanted. Without the store people go on talking, while doors are watched by each node for itself: who guesses must not be helped
 * by an outage.
 */
export function rulesOf(settings: LimitSettings): ReadonlyMap<string, HubRule> {
  const rules = new Map<string, HubRule>();
  for (const name of limitNames) {
    const limit = settings[name];
    if (limit === 'off') continue;
    rules.set(name, isAtOnce(name) ? slots(name, limit) : rate(name, limit));
  }
  return rules;
}

export const isAtOnce = (name: string): boolean => /(?:^|\.)sockets(?:\.|$)/.test(name);

const isDoor = (name: LimitName): boolean => /^(?:address|sign-in)(?:\.|$)/.test(name);

const whenAway = (name: LimitName): 'share' | 'open' => (isDoor(name) ? 'share' : 'open');

function slots(name: LimitName, given: number): HubRule {
  const limit = Math.min(given, mostSlots);
  const options = { kind: 'concurrency', limit, lease: slotSeconds, whenAway: whenAway(name) } as const;
  return { limit, seconds: 0, options };
}

function rate(name: LimitName, limit: number): HubRule {
  const seconds = isDoor(name) ? 900 : 60;
  const burst = Math.min(limit, bursts[name] ?? limit);
  return { limit, seconds, options: { limit, burst, per: seconds, whenAway: whenAway(name) } };
}
