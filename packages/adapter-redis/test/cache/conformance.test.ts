import { setTimeout as sleep } from 'node:timers/promises';
import { redisCacheStore, redisInvalidation } from '@parley/adapter-redis/cache';
import type { RedisConfig } from '@parley/adapter-redis';
import { cacheLaws, cacheStoreLaws } from '@parley/cache-core/conformance';
import { systemClock } from '@parley/cache-core/kernel';
import { sharedRedis, sharedRedisCluster, sharedRedisSentinel } from '@parley/services';
import { describe, it } from 'vitest';
import { addresses, connect } from '../support/connections.ts';

const servers: Record<string, () => Promise<RedisConfig>> = {
  async standalone() {
    const { url, prefix } = await sharedRedis();
    const [address = { host: '' }] = addresses([url]);
    return { mode: 'standalone', ...address, prefix };
  },
  async cluster() {
    const { urls, prefix } = await sharedRedisCluster();
    return { mode: 'cluster', nodes: addresses(urls), prefix };
  },
  async sentinel() {
    const { urls, name, prefix } = await sharedRedisSentinel();
    return { mode: 'sentinel', sentinels: addresses(urls), name, prefix };
  },
};

describe.each(Object.keys(servers))('on %s', (kind) => {
  const configOf = servers[kind];
  // The clocks of a cluster's masters are known to within the time of a question.
  const toleranceMs = 150;
  const advance = async (ms: number): Promise<void> => {
    await sleep(kind === 'cluster' ? Math.max(ms, 20) : ms);
  };

  it.each(cacheStoreLaws.map((law) => [law.name, law] as const))('the store: %s', async (_, law) => {
    const config = await configOf?.();
    if (config === undefined) throw new Error(`no server of the kind ${kind}`);
    const [store, other] = [redisCacheStore(connect(config)), redisCacheStore(connect(config))];
    await law.verify({ store, other, advance, toleranceMs });
  });

  it.each(cacheLaws.map((law) => [law.name, law] as const))('the cache: %s', async (_, law) => {
    const config = await configOf?.();
    if (config === undefined) throw new Error(`no server of the kind ${kind}`);
    const [first, second] = [connect(config), connect(config)].map((connection) => ({
      store: redisCacheStore(connection),
      invalidation: redisInvalidation(connection),
    }));
    if (first === undefined || second === undefined) throw new Error('two processes are needed');
    await law.verify({ first, second, clock: systemClock, advance, toleranceMs });
  });
});
