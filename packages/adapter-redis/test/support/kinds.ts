import { redisConfigFromUrl, type RedisConfig } from '@parley/adapter-redis';
import { sharedRedis, sharedRedisCluster, sharedRedisSentinel } from '@parley/services';

const address = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });

/** Each way in which Redis is run, with a prefix of the caller's own. */
export const kinds: Readonly<Record<string, () => Promise<RedisConfig>>> = {
  'one Redis': async () => {
    const { url, prefix } = await sharedRedis();
    return { ...redisConfigFromUrl(url), prefix };
  },
  'a Redis Cluster': async () => {
    const { urls, prefix } = await sharedRedisCluster();
    return { mode: 'cluster', nodes: urls.map(address), prefix };
  },
  'a Redis behind Sentinels': async () => {
    const { urls, name, prefix } = await sharedRedisSentinel();
    return { mode: 'sentinel', sentinels: urls.map(address), name, prefix };
  },
};
