import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { brokerLaws, busLaws } from '@parley/bus/conformance';
import { systemClock } from '@parley/cache-core/kernel';
import { describe, it, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';
import { twoConnections } from '../support/two-connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(kinds))('on %s', (_, configure) => {
  const two = twoConnections(configure);
  const time = { advance: (ms: number) => systemClock.sleep(ms), toleranceMs: 500 };

  const brokers = (): { broker: Broker; other: Broker } => {
    const prefix = two.nextPrefix();
    return { broker: redisBroker(two.first, { prefix }), other: redisBroker(two.second, { prefix }) };
  };

  it.concurrent.each(brokerLaws.map((law) => [law.name, law] as const))('a broker: %s', (_name, law) =>
    law.verify({ ...brokers(), ...time }),
  );

  it.concurrent.each(busLaws.map((law) => [law.name, law] as const))('a bus: %s', (_name, law) =>
    law.verify({ ...brokers(), clock: systemClock, ...time }),
  );
});
