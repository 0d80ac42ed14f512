import { combineHealth, withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Health } from '@parley/cache-core/kernel';
import type { Line } from './line.ts';
import type { PresenceFigures } from './stats.ts';

export interface HealthParts {
  readonly clock: Clock;
  readonly line: Line;
  readonly storeMs: number;
  readonly figures: PresenceFigures;
  readonly closed: boolean;
  /** There are more chosen statuses than a process can know. */
  readonly tooManyStatuses: boolean;
}

export async function presenceHealth({
  clock,
  line,
  storeMs,
  figures,
  closed,
  tooManyStatuses,
}: HealthParts): Promise<Health> {
  if (closed) return { status: 'down', since: clock.now(), details: { error: 'it is closed' } };
  const { followed, stale, waiting } = figures;
  const right = line.up && stale === 0 && !tooManyStatuses;
  const checks = {
    store: await storeHealth(clock, line, storeMs),
    views: {
      status: right ? ('up' as const) : ('degraded' as const),
      since: line.since,
      details: {
        followed,
        stale,
        waiting,
        ...(tooManyStatuses && { statuses: 'there are more than one view of the store holds' }),
        ...(line.reason !== undefined && { error: line.reason }),
      },
    },
  };
  return combineHealth(checks, { clock });
}

async function storeHealth(clock: Clock, line: Line, storeMs: number): Promise<Health> {
  try {
    return await withDeadline(storeMs, () => line.store.health(), { clock, what: 'asking the store' });
  } catch (error) {
    return { status: 'down', since: clock.now(), details: { error: String(error) } };
  }
}
