import { combineHealth, withDeadline } from '@parley/cache-core/kernel';
import type { Health } from '@parley/cache-core/kernel';
import type { BusCore } from './core.ts';

export async function busHealth(core: BusCore, closed: boolean): Promise<Health> {
  const { clock, hearing } = core;
  if (closed) return { status: 'down', since: clock.now(), details: { error: 'it is closed' } };
  const { missing, channels, detectionMs } = hearing;
  const checks = {
    broker: await brokerHealth(core),
    subscriptions: {
      status: missing === 0 ? ('up' as const) : ('degraded' as const),
      since: clock.now(),
      details: { channels, missing, detectionMs },
    },
  };
  return combineHealth(checks, { clock });
}

async function brokerHealth({ broker, clock, callMs }: BusCore): Promise<Health> {
  try {
    return await withDeadline(callMs, () => broker.health(), { clock, what: 'asking the broker' });
  } catch (error) {
    return { status: 'down', since: clock.now(), details: { error: String(error) } };
  }
}
