import type { LimiterOptions } from '@parley/ratelimit';

/** What is rushed at: small enough to be exceeded all the time, and with periods that are no whole number of seconds. */
export const rushRules = {
  gcra: { limit: 10, per: 0.5, whenAway: 'closed' },
  bucket: { kind: 'bucket', capacity: 15, refill: 30, per: 1.9, whenAway: 'closed' },
  log: { kind: 'log', limit: 10, per: 0.5, whenAway: 'closed' },
  fixed: { kind: 'fixed', limit: 10, per: 0.5, whenAway: 'closed' },
  sliding: { kind: 'sliding', limit: 20, per: 1.9, whenAway: 'closed' },
  slots: { kind: 'concurrency', limit: 5, lease: '30s', whenAway: 'closed' },
} as const satisfies LimiterOptions<string>['rules'];

export type RushRule = keyof typeof rushRules;

/** What is asked one by one. */
export const calmRules = {
  hourly: { kind: 'log', limit: 5, per: '1h', whenAway: 'closed' },
  brief: { kind: 'concurrency', limit: 2, lease: 1.9, whenAway: 'closed' },
} as const satisfies LimiterOptions<string>['rules'];

/** What the store said of the calls of a process, by its own clock. */
export interface Rush {
  readonly asked: number;
  /** How many the callers were told to be admitted. */
  readonly told: number;
  /** When the store admitted, and of slots also when it had them back. */
  readonly admitted: readonly number[];
  readonly ended: readonly number[];
}
