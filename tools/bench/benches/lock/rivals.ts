import { leaseMs } from './open.ts';
import type { OpenLocker } from './open.ts';

/** It asks again after a pause. At what its documentation has, and without the part of it that is random. */
export const redlock: OpenLocker = async ({ url, prefix }) => {
  const { default: Redlock } = await import('redlock');
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url);
  const locks = new Redlock([redis], { retryCount: -1, retryDelay: 200, retryJitter: 0 });
  return {
    async acquire(key) {
      const lock = await locks.acquire([prefix + key], leaseMs);
      return () => lock.release();
    },
    close: async () => redis.disconnect(),
  };
};

/** It asks again every 10 ms, by default. */
export const semaphore: OpenLocker = async ({ url, prefix }) => {
  const { Mutex } = await import('redis-semaphore');
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url);
  return {
    async acquire(key) {
      const mutex = new Mutex(redis, prefix + key, { lockTimeout: leaseMs, acquireTimeout: 60_000 });
      await mutex.acquire();
      return () => mutex.release();
    },
    close: async () => redis.disconnect(),
  };
};
