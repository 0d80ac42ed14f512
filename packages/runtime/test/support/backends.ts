import { sharedPostgres, sharedRedis, sharedRedisCluster, sharedRedisSentinel } from '@parley/services';

const hostsOf = (urls: readonly string[]): string => urls.map((url) => new URL(url).host).join(',');

/** Where everything can be, each by the environment that asks for it. The servers are shared with other tests. */
export const backends: Record<string, () => Promise<Record<string, string>>> = {
  memory: async () => ({ CACHE_ADAPTER: 'memory' }),
  redis: async () => {
    const { url, prefix } = await sharedRedis();
    return { NODE_ENV: 'production', REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
  },
  'redis cluster': async () => {
    const { urls, prefix } = await sharedRedisCluster();
    return { CACHE_ADAPTER: 'redis', REDIS_CLUSTER_NODES: hostsOf(urls), REDIS_KEY_PREFIX: prefix };
  },
  'redis sentinel': async () => {
    const { urls, name, prefix } = await sharedRedisSentinel();
    return {
      CACHE_ADAPTER: 'redis',
      REDIS_SENTINELS: hostsOf(urls),
      REDIS_SENTINEL_NAME: name,
      REDIS_KEY_PREFIX: prefix,
    };
  },
  postgres: async () => ({ DATABASE_URL: (await sharedPostgres()).url }),
  'embedded, in memory': async () => ({}),
};
