import { randomUUID } from 'node:crypto';
import { leaseMs } from './open.ts';
import type { OpenLocker } from './open.ts';

const deleteOwn =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/** `SET NX PX`, and the script that everybody has for giving it back, sent by its digest. Nobody waits. */
export const setNx: OpenLocker = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url);
  const script = String(await redis.script('LOAD', deleteOwn));
  return {
    async acquire(key) {
      const [name, token] = [prefix + key, randomUUID()];
      if ((await redis.set(name, token, 'PX', leaseMs, 'NX')) !== 'OK') throw new Error('somebody has it');
      return () => redis.evalsha(script, 1, name, token);
    },
    close: async () => redis.disconnect(),
  };
};

const takeFenced = `
  if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
  local time = redis.call('TIME')
  local fence = time[1] .. string.sub('00000' .. time[2], -6)
  redis.call('SET', KEYS[3], fence, 'GET')
  if redis.call('SET', KEYS[1], fence .. ' ' .. ARGV[1], 'PX', ARGV[2], 'NX') then return tonumber(fence) end
  return 0`;

const giveBackFenced = `
  local value = redis.call('GET', KEYS[1])
  if not value or string.sub(value, 18) ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
  return redis.call('DEL', KEYS[1])`;

/** The same with what a fence and a queue need at the least: the time, the last fence, and a look at whether somebody waits. */
export const fencedScripts: OpenLocker = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url);
  const load = async (lua: string): Promise<string> => String(await redis.script('LOAD', lua));
  const [take, giveBack] = await Promise.all([load(takeFenced), load(giveBackFenced)]);
  return {
    async acquire(key) {
      const [name, queue, token] = [prefix + key, `${prefix}queue:${key}`, randomUUID()];
      if ((await redis.evalsha(take, 3, name, queue, `${prefix}fence`, token, leaseMs)) === 0)
        throw new Error('somebody has it');
      return async () => {
        if ((await redis.evalsha(giveBack, 2, name, queue, token)) !== 1)
          throw new Error('it was not held any more');
      };
    },
    close: async () => redis.disconnect(),
  };
};

/** A list with one element, which whoever takes it puts back: no lease, and who crashes takes it along. */
export const baton: OpenLocker = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url);
  const waiting = new Redis(url);
  const made = new Set<string>();
  return {
    async acquire(key) {
      const name = `${prefix}baton:${key}`;
      if (!made.has(name)) {
        made.add(name);
        if (await redis.setnx(`${name}:made`, '1')) await redis.lpush(name, '1');
      }
      await waiting.blpop(name, 60);
      return () => redis.lpush(name, '1');
    },
    async close() {
      redis.disconnect();
      waiting.disconnect();
    },
  };
};

/** The lock of a session: a connection for everybody who waits, and no lease. */
export const advisory: OpenLocker = async ({ url, prefix }) => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const call = (name: string, key: string) =>
    client.query({
      name,
      text: `SELECT ${name}(hashtextextended($1, 0))`,
      values: [prefix + key],
    });
  return {
    async acquire(key) {
      await call('pg_advisory_lock', key);
      return () => call('pg_advisory_unlock', key);
    },
    close: () => client.end(),
  };
};
