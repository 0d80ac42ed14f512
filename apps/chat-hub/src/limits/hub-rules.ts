import type { RuleOptions } from '@parley/ratelimit';
import { limitNames, type LimitName, type LimitSettings } from './limit-names.ts';

export interface HubRule {
  readonly limit: number;
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

/**
 * The rules that are wanted. Without the store people go on talking, while doors are watched by each node for itself: who guesses must not be helped
 * by an outage.
 */
export function rulesOf(settings: LimitSettings): ReadonlyMap<string, HubRule> {
  const rules = new Map<string, HubRule>();
  for (const name of limitNames) {
    const limit = settings[name];
    if (limit === 'off') continue;
    const isDoor = name === 'address' || name.startsWith('sign-in');
    const seconds = isDoor ? 900 : 60;
    const burst = Math.min(limit, bursts[name] ?? limit);
    const whenAway = isDoor ? 'share' : 'open';
    rules.set(name, { limit, seconds, options: { limit, burst, per: seconds, whenAway } });
  }
  return rules;
}
