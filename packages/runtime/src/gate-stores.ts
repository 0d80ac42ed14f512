import type { Database } from '@parley/adapter-postgres';
import { postgresLockStore } from '@parley/adapter-postgres/lock';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { postgresSessionStore } from '@parley/adapter-postgres/session';
import type { RedisConnection } from '@parley/adapter-redis';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { redisSessionStore } from '@parley/adapter-redis/session';
import { silentLogger } from '@parley/cache-core/kernel';
import { memoryLockStore, type LockStore } from '@parley/cache-core/lock';
import { memorySessionStore, type SessionStore } from '@parley/cache-core/session';
import { memoryLimitStore, type LimitStore } from '@parley/ratelimit';

export interface GateStores {
  readonly limits: LimitStore;
  readonly locks: LockStore;
  readonly sessions: SessionStore;
  /** Ends what they do in the background. */
  readonly close: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

export function memoryGateStores(): GateStores {
  return {
    limits: memoryLimitStore(),
    locks: memoryLockStore(),
    sessions: memorySessionStore(),
    close: nothing,
  };
}

export function redisGateStores(connection: RedisConnection): GateStores {
  return {
    // That a server may evict is told at the start, of everything that is kept there.
    limits: redisLimitStore(connection, { logger: silentLogger }),
    locks: redisLockStore(connection, { logger: silentLogger }),
    sessions: redisSessionStore(connection, { logger: silentLogger }),
    close: nothing,
  };
}

export function postgresGateStores(db: Database): GateStores {
  const limits = postgresLimitStore(db);
  return {
    limits,
    locks: postgresLockStore(db),
    sessions: postgresSessionStore(db),
    close: () => limits.close(),
  };
}
