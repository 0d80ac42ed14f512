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
