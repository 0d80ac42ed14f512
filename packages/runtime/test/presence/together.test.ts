import { busFeed } from '@parley/bus';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment, type Parley } from '@parley/runtime';
import { sharedPostgres, startRedis } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { watched } from '../support/watched.ts';

// An embedded database is made anew, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 20_000 };
const isolation = `p${Date.now() % 1e9}`;

/** Nothing is looked up for an hour: what is seen sooner was told. */
const open = (env: Environment): Promise<Parley> =>
  openParley(env, {
    logger: silentLogger,
    isolation,
    presence: { checkEvery: '1h' },
  });

/** 480 bytes, of which the bus makes more. */
const longest = 'ü'.repeat(240);

async function expectToSeeEachOther(one: Parley, two: Parley): Promise<void> {
  for (const channel of ['general', longest]) {
    using here = await watched(one, channel);
    using there = await watched(two, channel);
    const [tab, phone] = ['tab', 'phone'].map((connection) =>
      one.presence.connect({ user: 'ann', connection }),
    );
    const bob = two.presence.connect({ user: 'bob' });
    await tab?.join(channel);
    await phone?.join(channel);
    await expect.poll(() => there.told, patience).toEqual(['ann came']);
    await bob.join(channel);
    await expect.poll(() => here.told, patience).toEqual(['ann came', 'bob came']);
    await tab?.close();
    await bob.close();
    await phone?.close();
    const all = ['ann came', 'bob came', 'bob went', 'ann went'];
    await expect.poll(() => [here.told, there.told], patience).toEqual([all, all]);
  }
}

/** Worst of all for an envelope: every character of it is escaped. */
async function expectToCarryTheLargest(one: Parley, two: Parley): Promise<void> {
  const heard: string[] = [];
  let hears = false;
  const following = busFeed(two.bus).follow('c', {
    notice: (body) => void heard.push(body),
    hearing: (now) => (hears = now),
  });
  await expect.poll(() => hears, patience).toBe(true);
  const body = '"'.repeat(64 * 1024);
  await busFeed(one.bus).send([{ channel: 'c', body }]);
  await expect.poll(() => heard.length, patience).toBe(1);
  expect(heard[0] === body).toBe(true);
  following.close();
}

async function expectPresence(one: Parley, two: Parley): Promise<void> {
  expect(one.selection.presence).toEqual({
    adapter: one.selection.cache.adapter,
    because: one.selection.cache.because,
  });
  await expectToSeeEachOther(one, two);
  await expectToCarryTheLargest(one, two);
  expect((await one.health()).checks?.['presence']).toMatchObject({
    status: 'up',
    checks: { store: { status: 'up' }, views: { status: 'up' } },
  });
}

describe('presence is kept by what keeps the cache:', () => {
  it('the memory of this process', async () => {
    await using parley = await open({ CACHE_ADAPTER: 'memory' });
    expect(parley.selection.presence.adapter).toBe('memory');
    await expectPresence(parley, parley);
  });

  it('an embedded Postgres', async () => {
    await using parley = await open({ NODE_ENV: 'test' });
    expect(parley.selection.presence.adapter).toBe('embedded');
    await expectPresence(parley, parley);
  });

  it('Postgres, between processes, which tell each other over the bus', async () => {
    const { url } = await sharedPostgres();
    const env = { NODE_ENV: 'test', DATABASE_URL: url };
    await using one = await open(env);
    await using two = await open(env);
    await expectPresence(one, two);
    expect(one.presence.stats()).toMatchObject({ noticesFailed: 0 });
    expect(two.presence.stats().noticesHeard).toBeGreaterThan(0);
  });

  it('Redis, between processes, which tell each other over the bus', async () => {
    await using redis = await startRedis();
    const env = { NODE_ENV: 'production', REDIS_URL: redis.url };
    await using one = await open(env);
    await using two = await open(env);
    await expectPresence(one, two);
    expect(one.presence.stats()).toMatchObject({ noticesFailed: 0 });
    expect(two.presence.stats().noticesHeard).toBeGreaterThan(0);
  });
});
