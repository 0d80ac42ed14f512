import { setTimeout as sleep } from 'node:timers/promises';
import type { Locks } from '@parley/cache-core/lock';
import { judged, notOffered } from '../scenario.ts';
import type { Outcome } from '../scenario.ts';
import type { Contest, Ground } from './contest.ts';
import { loseReply, mustBeLost, through } from './lost-replies.ts';

const key = 'job';

async function openOurs({ redis, prefix }: Ground, lease: number): Promise<Locks> {
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisLockStore } = await import('@parley/adapter-redis/lock');
  const { createLocks } = await import('@parley/cache-core/lock');
  const store = redisLockStore(connectRedis({ ...redisConfigFromUrl(redis), prefix }));
  return createLocks({ store, lease, wait: '3s', storeDeadline: '1s' });
}

/** With the limit for each command that the driver has, unless it is to be without: then whoever asks a server that is away waits for ever. */
async function openDriver(url: string, { limited = true } = {}) {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url, limited ? { commandTimeout: 500 } : {});
  redis.on('error', () => {});
  return redis;
}

/** Resolves when the lock is held, with what gives it back. */
type Take = (key: string) => Promise<() => Promise<unknown>>;

/** What becomes of a free lock when the reply to the first question is lost. */
async function afterLostReply(
  { redis, prefix }: Ground,
  open: (url: string) => Promise<Take>,
): Promise<Outcome> {
  const proxy = await through(redis);
  const wrong: string[] = [];
  const take = await open(proxy.url);
  await (
    await take('warm')
  )();
  const loss = loseReply(proxy);
  await take(key).then(
    (release) => release(),
    () => wrong.push('it does not get the free lock within 3 s'),
  );
  await mustBeLost(loss);
  const operator = await openDriver(redis);
  // One stores its keys under a prefix of its own besides.
  const left = (await operator.keys(`*${prefix}*`)).filter((name) => name.endsWith(key));
  const ms = Math.max(0, ...(await Promise.all(left.map((name) => operator.pttl(name)))));
  if (ms > 0) wrong.push(`nobody gets it for another ${Math.round(ms / 1_000)} s`);
  return judged(wrong, 'It gets the lock, and nothing stays behind.');
}

export const lostReply: Contest = {
  id: 'L5',
  promise: 'After one lost reply a free lock is had, and free again when it was let go',
  contestants: {
    parley: (ground) =>
      afterLostReply(ground, async (redis) => {
        const locks = await openOurs({ ...ground, redis }, 20);
        return async (name) => {
          const lock = await locks.acquire(name);
          return () => lock.release();
        };
      }),
    redlock: (ground) =>
      afterLostReply(ground, async (url) => {
        const { default: Redlock } = await import('redlock');
        const locks = new Redlock([await openDriver(url)], { retryCount: 15, retryDelay: 200 });
        locks.on('error', () => {});
        return async (name) => {
          const lock = await locks.acquire([ground.prefix + name], 20_000);
          return () => lock.release();
        };
      }),
    'redis-semaphore': (ground) =>
      afterLostReply(ground, async (url) => {
        const { Mutex } = await import('redis-semaphore');
        const driver = await openDriver(url);
        return async (name) => {
          const options = { lockTimeout: 20_000, acquireTimeout: 3_000 };
          const mutex = new Mutex(driver, ground.prefix + name, options);
          await mutex.acquire();
          return () => mutex.release();
        };
      }),
  },
};

const told = (isHeld: boolean): Outcome =>
  judged(
    isHeld ? ['2 s after the end of its lease the holder is told that it has the lock'] : [],
    'The holder is told that it has lost it.',
  );

export const heldBeyondLease: Contest = {
  id: 'L6',
  promise: 'A holder that cannot reach the server knows when its lease of 1 s is over',
  contestants: {
    async parley(ground) {
      const proxy = await through(ground.redis);
      const lock = await (await openOurs({ ...ground, redis: proxy.url }, 1)).acquire(key);
      const { signal } = lock;
      proxy.blackHole();
      await sleep(3_000);
      return told(lock.held || !signal.aborted);
    },
    async redlock(ground) {
      const proxy = await through(ground.redis);
      const { default: Redlock } = await import('redlock');
      const locks = new Redlock([await openDriver(proxy.url)], { automaticExtensionThreshold: 500 });
      locks.on('error', () => {});
      return new Promise<Outcome>((resolve, reject) => {
        const work = async (signal: AbortSignal): Promise<void> => {
          proxy.blackHole();
          await sleep(3_000);
          resolve(told(!signal.aborted));
        };
        locks.using([ground.prefix + key], 1_000, work).catch(reject);
      });
    },
    async 'redis-semaphore'(ground) {
      const proxy = await through(ground.redis);
      const { Mutex } = await import('redis-semaphore');
      let lost = false;
      // What the limit rejects nobody hears, and the process ends.
      const mutex = new Mutex(await openDriver(proxy.url, { limited: false }), ground.prefix + key, {
        lockTimeout: 1_000,
        refreshInterval: 300,
        onLockLost: () => (lost = true),
      });
      await mutex.acquire();
      proxy.blackHole();
      await sleep(3_000);
      return told(mutex.isAcquired && !lost);
    },
  },
};

const noFence = async (): Promise<Outcome> => notOffered('There is no number to compare.');

export const fencing: Contest = {
  id: 'L7',
  promise: 'Each holder has a higher fence than the one before, also when the lock had run out',
  contestants: {
    async parley(ground) {
      const [first, second] = [await openOurs(ground, 0.2), await openOurs(ground, 0.2)];
      const paused = await first.acquire(key, { autoExtend: false });
      const next = await second.acquire(key);
      return judged(next.fence > paused.fence ? [] : ['it does not'], 'It has.');
    },
    redlock: noFence,
    'redis-semaphore': noFence,
  },
};
