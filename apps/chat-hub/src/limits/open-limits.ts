import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import type { OpenLimiterOptions, ParleyWithDatabase } from '@parley/runtime';
import { HubLimits } from './hub-limits.ts';
import { rulesOf } from './hub-rules.ts';
import type { LimitSettings } from './limit-names.ts';

export interface OpenLimitsOptions {
  readonly parley: Pick<ParleyWithDatabase, 'limiter'>;
  readonly settings: LimitSettings;
  /** How many nodes there are, as far as is known. Undefined: there can be no other, and nobody waits for a store: it counts in its own memory. */
  readonly nodes: (() => number) | undefined;
  /** How long a store is waited for; then the rules say what holds without it. @default 300, less than anybody notices */
  readonly withinMs?: number | undefined;
}

export async function openLimits({
  parley,
  settings,
  nodes,
  withinMs = 300,
}: OpenLimitsOptions): Promise<HubLimits> {
  const rules = rulesOf(settings);
  if (rules.size === 0) return new HubLimits({ limiter: undefined, rules, nodes });
  const options: OpenLimiterOptions<string> = {
    rules: Object.fromEntries(Array.from(rules, ([name, rule]) => [name, rule.options])),
    within: `${withinMs}ms`,
    // What a call costs is hardly more for many: what comes meanwhile goes together.
    maxInFlight: 1,
    processes: nodes,
  };
  const limiter =
    nodes === undefined
      ? createLimiter({ ...options, store: memoryLimitStore() })
      : await parley.limiter(options);
  return new HubLimits({ limiter, rules, nodes });
}
