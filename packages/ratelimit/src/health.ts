import { combineHealth, withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Health } from '@parley/cache-core/kernel';
import type { LimitStore } from './store.ts';

export interface HealthParts {
  readonly store: LimitStore;
  /** How many parts of the store are left alone. */
  readonly away: number;
  readonly clock: Clock;
  readonly withinMs: number;
  readonly closed: boolean;
}

/** A limiter whose store is away decides by the policies of its rules: degraded, not down. */
export async function limiterHealth({ store, away, clock, withinMs, closed }: HealthParts): Promise<Health> {
  if (closed) return { status: 'down', since: clock.now(), details: { error: 'it is closed' } };
  const whole = combineHealth(
    { store: await storeHealth(store, clock, withinMs) },
    { clock, optional: ['store'] },
  );
  return away === 0 ? whole : { ...whole, status: 'degraded', details: { leftAlone: away } };
}

async function storeHealth(store: LimitStore, clock: Clock, withinMs: number): Promise<Health> {
  try {
    return await withDeadline(Math.max(withinMs, 1_000), () => store.health(), {
      clock,
      what: 'asking the store',
    });
  } catch (error) {
    return { status: 'down', since: clock.now(), details: { error: String(error) } };
  }
}
