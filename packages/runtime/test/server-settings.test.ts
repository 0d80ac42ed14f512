import { openParley } from '@parley/runtime';
import { startRedis, startRedisCluster, until } from '@parley/services';
import { expect, it, vi } from 'vitest';
import { keepingLogger } from './support/log.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const config = { maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' };

const losing = (at: string, policy = 'allkeys-lru'): string =>
  `Redis at ${at} may lose limits, locks, sessions and jobs without a word: its maxmemory-policy is ${policy}; set noeviction`;

it('a server that is set otherwise is told of, left as it is, and looked at again when the connection is new', async () => {
  await using redis = await startRedis({ config });
  const { lines, logger } = keepingLogger();
  const expected = { REDIS_MAX_MEMORY: '256mb', REDIS_EVICTION_POLICY: 'allkeys-lfu' };
  const env = { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url, ...expected };
  await using parley = await openParley(env, { logger });
  const warnings = async (): Promise<unknown> => (await parley.health()).details?.['warnings'];
  const warned = (): string[] => lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  const at = `${redis.host}:${redis.port}`;
  const [memory, policy] = [
    `maxmemory of ${at} is 104857600, and REDIS_MAX_MEMORY says 268435456`,
    `maxmemory-policy of ${at} is allkeys-lru, and REDIS_EVICTION_POLICY says allkeys-lfu`,
  ];
  await until(() => warned().length > 0, { what: 'the settings are compared' });
  const all = [losing(at), memory, policy];
  expect(warned()).toEqual(all);
  expect(await warnings()).toBe(all.join('; '));
  expect(await redis.command('CONFIG', 'GET', 'maxmemory*')).toEqual(
    expect.arrayContaining(['104857600', 'allkeys-lru']),
  );

  await redis.command('CONFIG', 'SET', 'maxmemory', '256mb');
  await redis.killClients('normal');
  const left = `${losing(at)}; ${policy}`;
  await until(async () => (await warnings()) === left, { what: 'the settings are compared again' });
  expect(warned()).toEqual(all);
});

it('a server without a limit is not one with the limit that was asked for', async () => {
  await using redis = await startRedis();
  const { lines, logger } = keepingLogger();
  await using _ = await openParley(
    { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url, REDIS_MAX_MEMORY: '1gb' },
    { logger },
  );
  const warned = (): string | undefined => lines.find(({ level }) => level === 'warn')?.message;
  await until(() => warned() !== undefined, { what: 'the settings are compared' });
  expect(warned()).toMatch(/ is not limited, and REDIS_MAX_MEMORY says 1073741824$/);
});

it('nothing is told of a server that is as it should be, nor of one of which nothing is said', async () => {
  await using redis = await startRedis({ config: { ...config, 'maxmemory-policy': 'noeviction' } });
  for (const expected of [{}, { REDIS_MAX_MEMORY: '100mb', REDIS_EVICTION_POLICY: 'noeviction' }]) {
    const { lines, logger } = keepingLogger();
    const parley = await openParley(
      { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url, ...expected },
      { logger },
    );
    // Closing waits for a comparison that is under way.
    await parley.close();
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([]);
  }
});

it.each(['allkeys-lru', 'volatile-ttl'])(
  'a server that may evict (%s) is told of at the start, by where it is and what to set, also where that was asked for',
  async (policy) => {
    await using redis = await startRedis({ config: { ...config, 'maxmemory-policy': policy } });
    for (const expected of [{}, { REDIS_EVICTION_POLICY: policy }]) {
      const { lines, logger } = keepingLogger();
      const env = { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url, ...expected };
      await using parley = await openParley(env, { logger });
      const warned = (): string[] =>
        lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
      await until(() => warned().length > 0, { what: 'it is told' });
      // Locks would tell of themselves: once is enough.
      await (await parley.locks()).tryAcquire('k');
      await parley.close();
      expect(warned()).toEqual([losing(`${redis.host}:${redis.port}`, policy)]);
    }
  },
);

it('in a cluster every master is compared', async () => {
  await using cluster = await startRedisCluster({ masters: 3, replicasPerMaster: 0 });
  const { lines, logger } = keepingLogger();
  const nodes = cluster.urls.map((url) => new URL(url).host);
  const env = {
    CACHE_ADAPTER: 'redis',
    REDIS_CLUSTER_NODES: nodes.join(','),
    REDIS_EVICTION_POLICY: 'allkeys-lru',
  };
  await using parley = await openParley(env, { logger });
  const warned = (): number => lines.filter(({ level }) => level === 'warn').length;
  await until(() => warned() >= 3, { what: 'all masters are compared' });
  const { details } = await parley.health();
  for (const node of nodes)
    expect(details?.['warnings']).toContain(`maxmemory-policy of ${node} is noeviction`);
});
