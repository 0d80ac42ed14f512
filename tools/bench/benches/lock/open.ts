import type { Locks, LockStore } from '@parley/cache-core/lock';
import type { Subject } from '../../src/scenario.ts';
import type { ServerName } from '../../src/servers.ts';
import { schemaName } from '../bus/schema-name.ts';

/** Where those meet who exclude each other. */
interface Place {
  readonly server: ServerName;
  readonly url: string;
  readonly prefix: string;
}

/** What one process of an application has of a lock. */
export interface Locker {
  /** Resolves when the lock is held, with what gives it back. */
  acquire(key: string): Promise<() => Promise<unknown>>;
  close(): Promise<void>;
}

export type OpenLocker = (place: Place) => Promise<Locker>;

export const leaseMs = 30_000;
const waitSeconds = 60;

interface Parts {
  readonly store: LockStore;
  readonly close: () => Promise<void>;
}

/** As an application has it: with the defaults, on a connection of its own. */
export const ours: OpenLocker = async (place) => {
  const { createLocks } = await import('@parley/cache-core/lock');
  const { store, close } = await (place.server === 'redis' ? onRedis(place) : onPostgres(place));
  const locks: Locks = createLocks({ store, wait: waitSeconds });
  return {
    async acquire(key) {
      const lock = await locks.acquire(key);
      return async () => {
        if (!(await lock.release())) throw new Error('it was not held any more');
      };
    },
    async close() {
      await locks.close();
      await close();
    },
  };
};

async function onRedis({ url, prefix }: Place): Promise<Parts> {
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisLockStore } = await import('@parley/adapter-redis/lock');
  const connection = connectRedis({ ...redisConfigFromUrl(url), prefix });
  return { store: redisLockStore(connection), close: () => connection.close() };
}

async function onPostgres({ url, prefix }: Place): Promise<Parts> {
  const { connectPostgres } = await import('@parley/adapter-postgres');
  const { postgresLockStore } = await import('@parley/adapter-postgres/lock');
  const db = connectPostgres({ url, schema: schemaName(prefix) });
  const store = postgresLockStore(db);
  await store.prepare();
  return { store, close: () => db.close() };
}

/** One who takes a free lock and gives it back, over and over. */
export function alone(server: ServerName, open: OpenLocker): Subject {
  return async ({ url, prefix }) => {
    const locker = await open({ server, url: url(server), prefix });
    const cycle = async (key: string): Promise<void> => (await locker.acquire(key))().then(() => {});
    await cycle('first');
    return { op: (i) => cycle(`job-${i & 63}`), teardown: () => locker.close() };
  };
}
