import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import type { OpenLimiterOptions, ParleyWithDatabase } from '@parley/runtime';
import { HubLimits } from './hub-limits.ts';
import { rulesOf } from './hub-rules.ts';
import type { LimitSettings } from './limit-names.ts';

/** Less than anybody notices; then the rules say what holds without the store. */
const within = '0.3s';

/** @param alone whether there can be no other node: then it counts in its own memory, and nobody waits for a store */
export async function openLimits(
  parley: Pick<ParleyWithDatabase, 'limiter'>,
  settings: LimitSettings,
  alone: boolean,
): Promise<HubLimits> {
  const rules = rulesOf(settings);
  if (rules.size === 0) return new HubLimits({ limiter: undefined, rules });
  const options: OpenLimiterOptions<string> = {
    rules: Object.fromEntries(Array.from(rules, ([name, rule]) => [name, rule.options])),
    within,
  };
  const limiter = alone
    ? createLimiter({ ...options, store: memoryLimitStore() })
    : await parley.limiter(options);
  return new HubLimits({ limiter, rules });
}
