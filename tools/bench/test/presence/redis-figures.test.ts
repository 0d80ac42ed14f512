import { startRedis } from '@parley/services';
import { Redis } from 'ioredis-6';
import { expect, onTestFinished, test } from 'vitest';
import { commandsOf, usedMB } from '../../benches/presence/redis-figures.ts';

async function connect(): Promise<Redis> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  return redis;
}

test('a call of a script is one command, what it calls and what is sent without one are others', async () => {
  const redis = await connect();
  const script = "redis.call('TIME') return redis.call('SET', KEYS[1], ARGV[1])";
  const sha = String(await redis.script('LOAD', script));
  const before = await commandsOf(redis);
  await redis.evalsha(sha, 1, 'key', 'value');
  await redis.get('key');
  const after = await commandsOf(redis);
  const others = ['TIME', 'SET', 'GET', 'INFO'];
  expect([after.sent - before.sent, after.others - before.others]).toEqual([1, others.length]);
});

test('what a server holds is told in MB', async () => {
  const redis = await connect();
  const before = await usedMB(redis);
  await redis.set('key', 'x'.repeat(5_000_000));
  const held = (await usedMB(redis)) - before;
  expect(held).toBeGreaterThan(5);
  expect(held).toBeLessThan(20);
});
