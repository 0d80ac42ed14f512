import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { brokerLaws, busLaws } from '@parley/bus/conformance';
import { systemClock } from '@parley/cache-core/kernel';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(kinds))('on %s', (_, configure) => {
  let config: RedisConfig;
  let first: RedisConnection;
  let second: RedisConnection;
  let laws = 0;
  const time = { advance: (ms: number) => systemClock.sleep(ms), toleranceMs: 500 };

  const brokers = (): { broker: Broker; other: Broker } => {
    laws += 1;
    const prefix = `${config.prefix}${laws}:`;
    return { broker: redisBroker(first, { prefix }), other: redisBroker(second, { prefix }) };
  };

  beforeAll(async () => {
    config = await configure();
    first = connectRedis(config);
    second = connectRedis(config);
    await Promise.all([first.ready(), second.ready()]);
  });
  afterAll(() => Promise.all([first.close(), second.close()]));

  it.concurrent.each(brokerLaws.map((law) => [law.name, law] as const))('a broker: %s', (_name, law) =>
    law.verify({ ...brokers(), ...time }),
  );

  it.concurrent.each(busLaws.map((law) => [law.name, law] as const))('a bus: %s', (_name, law) =>
    law.verify({ ...brokers(), clock: systemClock, ...time }),
  );
});
