import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { systemClock } from '@parley/cache-core/kernel';
import { presenceStoreLaws } from '@parley/presence/conformance';
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

  // What needs a server of its own is in `losing.test.ts` and `away.test.ts`.
  const shared = presenceStoreLaws.filter(({ needs }) => needs === undefined);
  it.each(shared.map((law) => [law.name, law] as const))('%s', async (_name, law) => {
    laws += 1;
    const prefix = `${config.prefix}${laws}:`;
    await law.verify({
      store: redisPresenceStore(first, { prefix }),
      other: redisPresenceStore(second, { prefix }),
      advance: (ms) => systemClock.sleep(ms),
      toleranceMs: 50,
    });
  });
});
