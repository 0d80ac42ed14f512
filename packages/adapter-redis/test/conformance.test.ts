import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { busInvalidation, createBus, type Bus } from '@parley/bus';
import { cacheLaws, cacheStoreLaws } from '@parley/cache-core/conformance';
import { systemClock } from '@parley/cache-core/kernel';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { kinds } from './support/kinds.ts';

describe.each(Object.entries(kinds))('on %s', (_, configure) => {
  let config: RedisConfig;
  let first: RedisConnection;
  let second: RedisConnection;
  let laws = 0;
  const prefix = (): string => `${config.prefix}${(laws += 1)}:`;
  const time = { advance: (ms: number) => systemClock.sleep(ms), toleranceMs: 50 };

  beforeAll(async () => {
    config = await configure();
    first = connectRedis(config);
    second = connectRedis(config);
    await Promise.all([first.ready(), second.ready()]);
  });
  afterAll(() => Promise.all([first.close(), second.close()]));

  it.concurrent.each(cacheStoreLaws.map((law) => [law.name, law] as const))(
    'the store: %s',
    async (_name, law) => {
      const own = prefix();
      await law.verify({
        store: redisCacheStore(first, { prefix: own }),
        other: redisCacheStore(second, { prefix: own }),
        ...time,
      });
    },
  );

  it.each(cacheLaws.map((law) => [law.name, law] as const))('a cache: %s', async (_name, law) => {
    const own = prefix();
    const bus = (connection: RedisConnection): Bus =>
      createBus({ broker: redisBroker(connection, { prefix: own }) });
    await using one = bus(first);
    await using two = bus(second);
    const process = (connection: RedisConnection, heard: Bus) => ({
      store: redisCacheStore(connection, { prefix: own }),
      invalidation: busInvalidation(heard),
    });
    await law.verify({
      first: process(first, one),
      second: process(second, two),
      clock: systemClock,
      ...time,
    });
  });
});
