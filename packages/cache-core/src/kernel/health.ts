import { systemClock } from './clock.ts';
import type { Clocked } from './clock.ts';
import type { Evidence } from './errors.ts';

/** `degraded`: it works, with less than it should have. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** What a part says about itself. */
export interface Health {
  readonly status: HealthStatus;

  /** When it came into this status, in milliseconds since 1970. */
  readonly since: number;

  /** How long the last check took. */
  readonly latencyMs?: number;
  readonly details?: Evidence;

  /** The parts that this answer was combined from, by name. */
  readonly checks?: Readonly<Record<string, Health>>;
}

export interface CombineOptions extends Clocked {
  /**
   * The parts that the whole can do without: while one of them is down the whole is degraded.
   *
   * @default []
   */
  optional?: readonly string[];
}

/**
 * The health of a whole: as bad as its worst part. `since` tells how long it has been that bad without a break, as far as the
 * present answers of the parts can tell.
 */
export function combineHealth(
  checks: Readonly<Record<string, Health>>,
  options: CombineOptions = {},
): Health {
  const { optional = [], clock = systemClock } = options;
  const parts = Object.entries(checks).map(([name, { status, since }]) => ({
    since,
    status: status === 'down' && optional.includes(name) ? 'degraded' : status,
  }));
  const has = (status: HealthStatus): boolean => parts.some((part) => part.status === status);
  const status = has('down') ? 'down' : has('degraded') ? 'degraded' : 'up';
  const moments = parts.filter((part) => part.status === status).map((part) => part.since);
  // Bad since the first part is; well only since the last one is.
  const since = status === 'up' ? Math.max(...moments) : Math.min(...moments);
  return { status, since: parts.length > 0 ? since : clock.now(), checks };
}
