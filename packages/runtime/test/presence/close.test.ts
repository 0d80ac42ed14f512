import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type OpenParleyOptions } from '@parley/runtime';
import { sharedPostgres, startProxy, startRedis, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { watched } from '../support/watched.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 20_000 };

/** Without a look for an hour, and a lease that ends later: what is seen was left, and told over the bus. */
const patient: OpenParleyOptions = {
  logger: silentLogger,
  isolation: `c${Date.now() % 1e9}`,
  presence: { checkEvery: '1h', lease: '1h' },
};

const backends: Record<string, () => Promise<Record<string, string> & AsyncDisposable>> = {
  Redis: async () => {
    const redis = await startRedis();
    return {
      CACHE_ADAPTER: 'redis',
      REDIS_URL: redis.url,
      [Symbol.asyncDispose]: () => redis.stop(),
    };
  },
  Postgres: async () => {
    const { url } = await sharedPostgres();
    return { DATABASE_URL: url, [Symbol.asyncDispose]: async () => {} };
  },
};

describe.each(Object.entries(backends))('on %s', (_, start) => {
  it('who closes leaves everything before the bus and the connections are closed', async () => {
    await using env = await start();
    await using two = await openParley(env, patient);
    using there = await watched(two, 'general');
    const one = await openParley(env, patient);
    for (const user of ['ann', 'bob']) await one.presence.connect({ user }).join('general');
    await expect.poll(() => there.told, patience).toEqual(['ann came', 'bob came']);
    await one.close();
    expect(() => one.presence.connect({ user: 'ann' })).toThrow('closed');
    await expect.poll(() => there.told.slice(2).toSorted(), patience).toEqual(['ann went', 'bob went']);
  });
});

it('closing keeps its limit while Redis hangs and somebody is there', async () => {
  await using redis = await startRedis();
  await using proxy = await startProxy({ target: redis });
  const env = { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url, REDIS_DESTROY_TIMEOUT: '200' };
  const parley = await openParley(env, { logger: silentLogger, closeLimit: '8s' });
  await parley.presence.connect({ user: 'ann' }).join('general');
  await redis.pause();
  await parley.close();
  await redis.resume();
  await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
});

it('presence that nobody uses asks nothing of Redis but how it is, and leaves nothing there', async () => {
  await using redis = await startRedis();
  const env = { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url };
  const keys = async (): Promise<unknown> => redis.command('KEYS', 'parley:presence:*');
  await using parley = await openParley(env, { logger: silentLogger });
  await until(async () => (await parley.health()).status === 'up', { what: 'everything is up' });
  expect(parley.presence.stats()).toMatchObject({ batches: 0, followed: 0, snapshots: 0, noticesSent: 0 });
  expect(await keys()).toEqual([]);
  await parley.presence.connect({ user: 'ann' }).join('general');
  expect(await keys()).toContain('parley:presence:{presence}:leases');
});

it('an option of presence that cannot be used is refused, and nothing stays open', async () => {
  await using redis = await startRedis();
  await using proxy = await startProxy({ target: redis });
  const opening = openParley(
    { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url },
    { logger: silentLogger, presence: { lease: '1s' } },
  );
  await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'lease' });
  await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
});
