import { systemClock, type Clock } from '@parley/cache-core/kernel';
import { checkConfig } from './config-check.ts';
import type { RedisConfig } from './config.ts';
import { RedisConnection } from './connection.ts';

export interface ConnectRedisOptions {
  /** @default the system's clock */
  readonly clock?: Clock | undefined;
}

/**
 * Opens the connections to Redis at once, in the background: this call throws only for a config that cannot be right. What is asked before
 * the first attempt is over waits for it; `await connection.ready()` tells how it went. Lost connections come back by themselves.
 */
export function connectRedis(config: RedisConfig, options: ConnectRedisOptions = {}): RedisConnection {
  return new RedisConnection(checkConfig(config), options.clock ?? systemClock);
}
