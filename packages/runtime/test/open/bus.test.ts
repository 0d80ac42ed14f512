import { defineTopic } from '@parley/bus';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment, type Parley } from '@parley/runtime';
import { sharedPostgres, startRedis } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

// An embedded database is made anew, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const messages = defineTopic('chat', { class: 'stream', schema: z.object({ text: z.string() }) });
const mails = defineTopic('mail', { class: 'queue', schema: z.string() });

const open = (env: Environment): Promise<Parley> =>
  openParley(env, { logger: silentLogger, isolation: 'bus' });

/** A message and a job go from one to the other. */
async function expectToTalk(one: Parley, two: Parley): Promise<void> {
  const got: string[] = [];
  await using subscription = two.bus.subscribe(messages, ({ data }) => void got.push(data.text));
  await using worker = two.bus.work(mails, ({ data }) => void got.push(data));
  await subscription.ready({ within: '20s' });
  expect(worker.running).toBe(0);
  await one.bus.publish(messages, { text: 'hello' });
  await expect.poll(() => got, { timeout: 20_000 }).toContain('hello');
  await one.bus.publish(mails, 'letter');
  await expect.poll(() => got, { timeout: 20_000 }).toContain('letter');
  const { checks } = await one.health();
  expect(Object.keys(checks ?? {})).toEqual(['cache', 'bus', 'presence']);
}

describe('the bus is carried by what keeps the cache:', () => {
  it('the memory of this process', async () => {
    await using parley = await open({ CACHE_ADAPTER: 'memory' });
    expect(parley.selection.cache.adapter).toBe('memory');
    await expectToTalk(parley, parley);
  });

  it('an embedded Postgres', async () => {
    await using parley = await open({ NODE_ENV: 'test' });
    expect(parley.selection.cache.adapter).toBe('embedded');
    await expectToTalk(parley, parley);
  });

  it('Postgres, between processes', async () => {
    const { url } = await sharedPostgres();
    const env = { NODE_ENV: 'test', DATABASE_URL: url };
    await using one = await open(env);
    await using two = await open(env);
    expect(one.bus.source).not.toBe(two.bus.source);
    await expectToTalk(one, two);
  });

  it('Redis, between processes', async () => {
    await using redis = await startRedis();
    const env = { NODE_ENV: 'production', REDIS_URL: redis.url };
    await using one = await open(env);
    await using two = await open(env);
    expect(one.bus.source).not.toBe(two.bus.source);
    await expectToTalk(one, two);
  });
});
