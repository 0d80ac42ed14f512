import type { Redis } from 'ioredis-6';
import type { Subject, Subjects, Work } from '../../src/scenario.ts';
import { hourSeconds, identityAt, mustAdmit, plenty } from './identities.ts';
import { generous, limiting, onRedis } from './ours.ts';

interface Driven {
  /** @default true: what is asked in one turn goes together, as it does in ours */
  readonly together?: boolean;
}

/** What the driver alone is given: with its own pipelining unless it is to be without. */
export function driven(
  use: (redis: Redis, prefix: string) => Promise<Work> | Work,
  { together = true }: Driven = {},
): Subject {
  return async ({ url, prefix }) => {
    const { Redis } = await import('ioredis-6');
    const redis = new Redis(url('redis'), { enableAutoPipelining: together });
    return { ...(await use(redis, prefix)), teardown: () => redis.disconnect() };
  };
}

const ours = limiting(onRedis, { message: generous }, async (limiter) => {
  const first = await limiter.check('message', { identity: identityAt(0) });
  mustAdmit(first.ok && first.decidedBy === 'store');
  let away = 0;
  return {
    async op(i) {
      const verdict = await limiter.check('message', { identity: identityAt(i) });
      if (verdict.decidedBy !== 'store') away++;
      return verdict;
    },
    teardown: () => {
      if (away > 0) throw new Error(`${away} checks were not decided by the store`);
    },
  };
});

const flexible = (together: boolean): Subject =>
  driven(
    async (storeClient, keyPrefix) => {
      const { RateLimiterRedis } = await import('rate-limiter-flexible');
      const limiter = new RateLimiterRedis({
        storeClient,
        keyPrefix,
        points: plenty,
        duration: hourSeconds,
      });
      mustAdmit((await limiter.consume(identityAt(0))).remainingPoints > 0);
      return { op: (i) => limiter.consume(identityAt(i)) };
    },
    { together },
  );

/** The store by itself, without the middleware. */
const expressStore: Subject = driven(async (redis, prefix) => {
  const { RedisStore } = await import('rate-limit-redis');
  const store = new RedisStore({
    prefix,
    sendCommand: async (name: string, ...words: string[]) => {
      const reply = await redis.call(name, ...words);
      if (typeof reply === 'string' || Array.isArray(reply)) return reply;
      throw new TypeError('it answers with neither text nor a list');
    },
  });
  store.windowMs = hourSeconds * 1_000;
  mustAdmit((await store.increment(identityAt(0))).totalHits === 1);
  return { op: (i) => store.increment(identityAt(i)) };
});

const bare = (together: boolean): Subject =>
  driven((redis, prefix) => ({ op: (i) => redis.incr(prefix + identityAt(i)) }), { together });

const readAndWrite =
  "local used = redis.call('GET', KEYS[1]) redis.call('SET', KEYS[1], (used or 0) + 1) return 1";

/** The least that a script for each check can be: it reads and writes one key, and decides nothing. */
const emptyScript: Subject = driven(async (redis, prefix) => {
  const sha = String(await redis.script('LOAD', readAndWrite));
  return { op: (i) => redis.evalsha(sha, 1, prefix + identityAt(i)) };
});

/** INCR alone: no time, no limit, nothing that ends. */
export const redisChecks: Subjects = {
  ours,
  floor: bare(true),
  rivals: {
    'rate-limiter-flexible': flexible(true),
    'rate-limiter-flexible, each command sent by itself': flexible(false),
    'rate-limit-redis': expressStore,
  },
  otherFloors: {
    'INCR, each sent by itself': bare(false),
    'a script that reads and writes': emptyScript,
  },
};
