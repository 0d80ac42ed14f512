import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { systemClock } from '@parley/cache-core/kernel';
import { lockStoreLaws } from '@parley/cache-core/lock/conformance';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(kinds))('on %s', (_, configure) => {
  let config: RedisConfig;
  let first: RedisConnection;
  let second: RedisConnection;
  let laws = 0;

  beforeAll(async () => {
    config = await configure();
    first = connectRedis(config);
    second = connectRedis(config);
    await Promise.all([first.ready(), second.ready()]);
  });
  afterAll(() => Promise.all([first.close(), second.close()]));

  it.each(lockStoreLaws.map((law) => [law.name, law] as const))('%s', async (_name, law) => {
    laws += 1;
    const options = { prefix: `${config.prefix}${laws}:`, claimMs: 1_500 };
    await law.verify({
      store: redisLockStore(first, options),
      other: redisLockStore(second, options),
      advance: (ms) => systemClock.sleep(ms),
      toleranceMs: 50,
      claimMs: options.claimMs,
    });
  });
});
