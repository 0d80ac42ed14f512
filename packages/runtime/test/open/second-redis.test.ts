import { defineTopic } from '@parley/bus';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type OpenParleyOptions } from '@parley/runtime';
import { startRedis, until, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { keepingLogger } from '../support/log.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let first: RedisServer;
let second: RedisServer;
beforeAll(async () => {
  [first, second] = await Promise.all([startRedis(), startRedis()]);
});
afterAll(async () => {
  await first[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
});

const talk = defineTopic('talk', { class: 'ephemeral', schema: z.string() });

const open = (options: OpenParleyOptions) =>
  openParley(
    {
      CACHE_ADAPTER: 'redis',
      REDIS_URL: first.url,
      CHAT_REDIS_URL: second.url,
      REDIS_KEY_PREFIX: 'shop:',
    },
    { logger: silentLogger, ...options },
  );

const keysOf = async (redis: RedisServer): Promise<string> => String(await redis.command('KEYS', '*'));

it('a chat hub has its bus and presence on the second Redis, and the rest on the first', async () => {
  const { lines, logger } = keepingLogger();
  await using parley = await open({ chat: true, logger });
  await using other = await open({ chat: true });
  expect(parley.selection.cache).toMatchObject({ adapter: 'redis' });
  expect(parley.selection.presence).toEqual({
    adapter: 'redis',
    because: 'the Redis of CHAT_REDIS_URL or CHAT_REDIS_HOST',
  });
  expect(lines.map(({ message }) => message)).toContain('Presence is kept, and the bus carried, by: redis');

  const heard: string[] = [];
  await using subscription = other.bus.subscribe(talk, ({ data }) => heard.push(data));
  await subscription.ready();
  await parley.cache.set('k', 'v');
  await parley.presence.connect({ user: 'ann' }).join('lab');
  expect((await other.presence.members('lab')).members.map(({ user }) => user)).toEqual(['ann']);
  await parley.bus.publish(talk, 'hello');
  await until(() => heard.length > 0, { what: 'it is heard' });
  expect(await keysOf(first)).toMatch(/^shop:/);
  expect(await keysOf(first)).not.toContain('ann');
  expect(await keysOf(second)).toMatch(/^shop:.*/);
  expect(await second.command('PUBSUB', 'CHANNELS')).not.toEqual([]);
  expect(await first.command('PUBSUB', 'CHANNELS')).toEqual([]);

  await second.pause();
  await until(async () => (await parley.health()).checks?.['presence']?.status === 'down', {
    what: 'it is said that presence is away',
  });
  expect((await parley.health()).checks?.['cache']?.status).toBe('up');
  expect(await parley.cache.get('k')).toBe('v');
  await second.resume();
});

it('nobody else has anything there', async () => {
  await second.command('FLUSHALL');
  await using parley = await open({});
  await parley.presence.connect({ user: 'bob' }).join('lab');
  expect(await second.command('DBSIZE')).toBe(0);
});

it('a second Redis that refuses is told at the start', async () => {
  const env = {
    CACHE_ADAPTER: 'memory',
    CHAT_REDIS_URL: `redis://nobody:wrong@${second.host}:${second.port}`,
  };
  await expect(openParley(env, { chat: true, logger: silentLogger })).rejects.toMatchObject({
    retryable: false,
  });
});
