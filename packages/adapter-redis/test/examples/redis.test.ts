import { readFileSync } from 'node:fs';
import { sharedRedis } from '@parley/services';
import { expect, test } from 'vitest';
// #region use
import { createCache } from '@parley/cache-core';
import { busInvalidation, createBus } from '@parley/bus';
import { connectRedis, redisConfigFromUrl } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { redisCacheStore } from '@parley/adapter-redis/cache';

async function greet(url: string, prefix: string): Promise<string | undefined> {
  const redis = connectRedis({ ...redisConfigFromUrl(url), prefix });
  const bus = createBus({ broker: redisBroker(redis) }); // tells other processes what changed
  const cache = createCache({ store: redisCacheStore(redis), invalidation: busInvalidation(bus) });
  const name = await cache.get('user:7', () => loadUser(7), { ttl: '5m', tags: ['users'] });
  await cache.invalidateByTag('users'); // in every process
  await cache.close();
  await bus.close();
  await redis.close();
  return name;
}
// #endregion use

const loadUser = async (id: number): Promise<string> => `Ann (${id})`;

test('a cached query in ten lines', async () => {
  const { url, prefix } = await sharedRedis();
  expect(await greet(url, prefix)).toBe('Ann (7)');
});

test('the code in the README is this code', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, shown] = /```ts\n([^]*?)```/.exec(read('../../README.md')) ?? [];
  const [, tested] = /\/\/ #region use\n([^]*?)\/\/ #endregion use/.exec(read('redis.test.ts')) ?? [];
  expect(tested).toBeDefined();
  expect(shown).toBe(tested);
});
