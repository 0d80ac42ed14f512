import { redisConnectionChanges, type RedisConnection } from '@parley/adapter-redis';
import type { Health, Logger } from '@parley/cache-core/kernel';
import type { RedisSettings } from './config.ts';

export interface ServerSettings {
  /** How the server differs from what is expected of it, and whether it may lose what is kept there, as far as is known. */
  warnings(): readonly string[];
  close(): Promise<void>;
}

export interface ServerSettingsOptions {
  readonly expected: RedisSettings['expected'];
  /** What is kept there that nobody may lose, for warnings. */
  readonly keeps: string;
}

/**
 * Compares what the server is set to with what the config expects, and with what everything but a cache needs, whenever a connection came up: it may lead to another server than the
 * last one. INFO tells it, which is allowed where CONFIG is not. Nothing is ever changed on the server.
 */
export function watchServerSettings(
  connection: RedisConnection,
  { expected, keeps }: ServerSettingsOptions,
  logger: Logger,
): ServerSettings {
  let known: readonly string[] = [];
  const compare = async (): Promise<void> => {
    const found = differences(await connection.health(), { expected, keeps });
    for (const warning of found)
      if (!known.includes(warning)) logger.warn({ server: connection.server }, warning);
    known = found;
  };
  let comparing = Promise.resolve();
  const unsubscribe = redisConnectionChanges.subscribe(({ server, role, state }) => {
    if (server !== connection.server || role !== 'reads' || state !== 'up') return;
    comparing = comparing.then(compare);
  });
  return {
    warnings: () => known,
    async close() {
      unsubscribe();
      await comparing;
    },
  };
}

/** In a cluster each master is asked. */
function differences(health: Health, options: ServerSettingsOptions): string[] {
  if (health.checks !== undefined)
    return Object.values(health.checks).flatMap((part) => differences(part, options));
  const { server, maxMemoryBytes, maxMemoryPolicy } = health.details ?? {};
  // Nobody answered.
  if (maxMemoryPolicy === undefined) return [];
  const { maxMemoryBytes: bytes, evictionPolicy: policy } = options.expected;
  return [
    ...evictionWarnings(String(server), String(maxMemoryPolicy), options.keeps),
    ...(bytes === undefined || bytes === (maxMemoryBytes ?? 0)
      ? []
      : [
          `maxmemory of ${String(server)} is ${String(maxMemoryBytes ?? 'not limited')}, and REDIS_MAX_MEMORY says ${bytes}`,
        ]),
    ...(policy === undefined || policy === maxMemoryPolicy
      ? []
      : [
          `maxmemory-policy of ${String(server)} is ${String(maxMemoryPolicy)}, and REDIS_EVICTION_POLICY says ${policy}`,
        ]),
  ];
}

/** What they leave behind has an expiry, so that no other policy spares it. */
function evictionWarnings(server: string, policy: string, keeps: string): string[] {
  if (policy === 'noeviction') return [];
  return [
    `Redis at ${server} may lose ${keeps} without a word: its maxmemory-policy is ${policy}; set noeviction`,
  ];
}
