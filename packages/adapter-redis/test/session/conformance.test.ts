import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { redisSessionStore } from '@parley/adapter-redis/session';
import { systemClock } from '@parley/cache-core/kernel';
import { sessionStoreLaws } from '@parley/cache-core/session/conformance';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.each(Object.entries(kinds))('sessions on %s keep the law:', (_, configure) => {
  let config: RedisConfig;
  let first: RedisConnection;
  let second: RedisConnection;

  beforeAll(async () => {
    config = await configure();
    first = connectRedis({ ...config, responseTimeout: '20s' });
    second = connectRedis({ ...config, responseTimeout: '20s' });
    await Promise.all([first.ready(), second.ready()]);
  });
  afterAll(() => Promise.all([first.close(), second.close()]));

  test.each(
    sessionStoreLaws.filter(({ needs }) => needs === undefined).map((law) => [law.name, law] as const),
  )('%s', (_name, law) =>
    law.verify({
      store: redisSessionStore(first),
      other: redisSessionStore(second),
      advance: (ms) => systemClock.sleep(ms),
      toleranceMs: 50,
    }),
  );
});
