import { setTimeout as sleep } from 'node:timers/promises';
import type { Limiter, RuleOptions } from '@parley/ratelimit';
import { judged } from '../scenario.ts';
import type { Contest, Ground } from './contest.ts';
import { loseReply, mustBeLost, through } from './lost-replies.ts';
import { serveRest } from './rest-server.ts';

async function openOurs<Name extends string>(
  { redis, prefix }: Ground,
  rules: Readonly<Record<Name, RuleOptions>>,
): Promise<Limiter<Name>> {
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisLimitStore } = await import('@parley/adapter-redis/ratelimit');
  const { createLimiter } = await import('@parley/ratelimit');
  const store = redisLimitStore(connectRedis({ ...redisConfigFromUrl(redis), prefix }));
  return createLimiter({ store, rules, within: '2s' });
}

const isAdmitted = (consumed: Promise<unknown>): Promise<boolean> =>
  consumed.then(
    () => true,
    () => false,
  );

type Ask = (seconds: number) => Promise<boolean>;

/** One call each half second and each 1.9 s: whether the next one is admitted when the window is over, and not before. */
async function windowsOf(ask: Ask): Promise<string[]> {
  const wrong: string[] = [];
  if (!(await ask(0.5))) wrong.push('the first call is denied');
  await ask(0.5);
  await sleep(1_500);
  if (!(await ask(0.5))) wrong.push('a window of 0.5 s is not over after 1.5 s');
  await ask(1.9);
  await sleep(1_300);
  if (await ask(1.9)) wrong.push('a window of 1.9 s is over after 1.3 s');
  return wrong;
}

export const shortWindows: Contest = {
  id: 'L1',
  promise: 'Windows of 0.5 s and of 1.9 s last as long as they say',
  contestants: {
    async parley(ground) {
      const rule = (per: number): RuleOptions => ({ kind: 'fixed', limit: 1, per });
      const limiter = await openOurs(ground, { half: rule(0.5), nearlyTwo: rule(1.9) });
      const ask: Ask = async (seconds) =>
        (await limiter.check(seconds === 0.5 ? 'half' : 'nearlyTwo', { identity: 'ann' })).ok;
      return judged(await windowsOf(ask), 'They do.');
    },
    async 'rate-limiter-flexible'({ redis, prefix }) {
      const { Redis } = await import('ioredis-6');
      const { RateLimiterRedis } = await import('rate-limiter-flexible');
      const storeClient = new Redis(redis);
      const ask: Ask = (duration) => {
        const keyPrefix = `${prefix}${duration}`;
        return isAdmitted(
          new RateLimiterRedis({ storeClient, keyPrefix, points: 1, duration }).consume('ann'),
        );
      };
      const wrong = await windowsOf(ask);
      if ((await storeClient.ttl(`${prefix}0.5:ann`)) === -1)
        wrong.push('the key of the window of 0.5 s never ends');
      return judged(wrong, 'They do.');
    },
  },
};

export const severalRules: Contest = {
  id: 'L2',
  promise: 'A call that one of several rules denies costs nothing by the others',
  contestants: {
    async parley(ground) {
      const hour = 3_600;
      const limiter = await openOurs(ground, {
        narrow: { limit: 1, per: hour },
        wide: { limit: 100, per: hour },
      });
      for (let i = 0; i < 6; i++) await limiter.check(['narrow', 'wide'], { identity: 'ann' });
      const { remaining } = await limiter.peek('wide', { identity: 'ann' });
      return chargesOf(100 - remaining);
    },
    async 'rate-limiter-flexible'({ redis, prefix }) {
      const { Redis } = await import('ioredis-6');
      const { RateLimiterRedis, RateLimiterUnion } = await import('rate-limiter-flexible');
      const storeClient = new Redis(redis);
      const [narrow, wide] = [1, 100].map(
        (points) =>
          new RateLimiterRedis({ storeClient, keyPrefix: `${prefix}${points}`, points, duration: 3_600 }),
      );
      if (narrow === undefined || wide === undefined) throw new Error('no limiters');
      const both = new RateLimiterUnion(narrow, wide);
      for (let i = 0; i < 6; i++) await isAdmitted(both.consume('ann'));
      return chargesOf((await wide.get('ann'))?.consumedPoints ?? 0);
    },
  },
};

const chargesOf = (charged: number) =>
  judged(
    charged === 1 ? [] : [`of six calls one is admitted, and the wider rule is charged ${charged} times`],
    'Of six calls one is admitted, and charged once.',
  );

const countsOf = (counted: number) =>
  judged(counted === 1 ? [] : [`one call was counted ${counted} times`], 'It was counted once.');

export const repeatedCheck: Contest = {
  id: 'L3',
  promise: 'A check whose reply was lost, and that is asked again, counts once',
  contestants: {
    async parley(ground) {
      const proxy = await through(ground.redis);
      const limiter = await openOurs(
        { ...ground, redis: proxy.url },
        { message: { limit: 100, per: 3_600 } },
      );
      await limiter.check('message', { identity: 'warm' });
      const loss = loseReply(proxy);
      const ask = () => limiter.check('message', { identity: 'ann', token: 'one' });
      let verdict = await ask();
      for (let i = 0; verdict.decidedBy !== 'store' && i < 20; i++) {
        await sleep(250);
        verdict = await ask();
      }
      await mustBeLost(loss);
      return countsOf(100 - verdict.remaining);
    },
    async 'rate-limit-redis'({ redis: url, prefix }) {
      const proxy = await through(url);
      const { Redis } = await import('ioredis-6');
      const { RedisStore } = await import('rate-limit-redis');
      const redis = new Redis(proxy.url, { commandTimeout: 1_000 });
      redis.on('error', () => {});
      const store = new RedisStore({
        prefix,
        sendCommand: async (name: string, ...words: string[]) => {
          const reply = await redis.call(name, ...words);
          if (typeof reply === 'string' || Array.isArray(reply)) return reply;
          throw new TypeError('it answers with neither text nor a list');
        },
      });
      store.windowMs = 3_600_000;
      await store.increment('warm');
      const loss = loseReply(proxy);
      let hits: number | undefined;
      for (let i = 0; hits === undefined && i < 20; i++) {
        hits = await store.increment('ann').then(
          ({ totalHits }) => totalHits,
          () => sleep(250, undefined),
        );
      }
      await mustBeLost(loss);
      return countsOf(hits ?? 0);
    },
  },
};

export const plainServer: Contest = {
  id: 'L4',
  promise: 'It counts on a Redis server as everybody has it',
  contestants: {
    async parley(ground) {
      const limiter = await openOurs(ground, { message: { limit: 100, per: 3_600 } });
      const { decidedBy, remaining } = await limiter.check('message', { identity: 'ann' });
      return judged(decidedBy === 'store' && remaining === 99 ? [] : ['it does not count'], 'It does.');
    },
    async '@upstash/ratelimit'({ redis: url, prefix }) {
      const { Redis: Driver } = await import('ioredis-6');
      const { Redis } = await import('@upstash/redis');
      const { Ratelimit } = await import('@upstash/ratelimit');
      const options = {
        token: 'none',
        enableTelemetry: false,
        enableAutoPipelining: false,
        responseEncoding: false,
      } as const;
      const redis = new Redis({ url: await serveRest(new Driver(url)), ...options });
      const limiter = new Ratelimit({ redis, prefix, limiter: Ratelimit.fixedWindow(100, '1 h') });
      const { remaining } = await limiter.limit('ann');
      return judged(remaining === 99 ? [] : ['it does not count'], 'It does.');
    },
  },
};
