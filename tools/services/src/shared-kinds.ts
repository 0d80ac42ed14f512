import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { startRedisSentinel } from './redis-sentinel.ts';

/** Where a server that many test files use at once is reached. Plain data: it travels between processes. */
export interface SharedAddress {
  /** One, except for the nodes of a cluster and for Sentinels. */
  readonly urls: readonly string[];
  /** Of the master, as Sentinels know it. */
  readonly name?: string;
}

export interface SharedKind {
  /** Lists the URLs of one that is given from outside, separated by commas. */
  readonly variable: string;
  /** What is started ends with the keeper of the process that starts it. */
  readonly start: () => Promise<SharedAddress>;
}

/**
 * What all tests share is made to fail by none of them, so that silence only means that the machine is busy: it is no reason to fail over,
 * which would lose writes.
 */
const PATIENCE_MS = 60_000;

export const sharedKinds = {
  redis: {
    variable: 'PARLEY_TEST_REDIS_URL',
    start: async () => ({ urls: [(await startRedis()).url] }),
  },
  cluster: {
    variable: 'PARLEY_TEST_REDIS_CLUSTER_URLS',
    async start() {
      const { nodes, urls } = await startRedisCluster();
      // Afterwards, since nodes with more patience take longer to get to know each other.
      await Promise.all(
        nodes.map(({ server }) => server.command('CONFIG', 'SET', 'cluster-node-timeout', PATIENCE_MS)),
      );
      return { urls };
    },
  },
  sentinel: {
    variable: 'PARLEY_TEST_REDIS_SENTINEL_URLS',
    async start() {
      const { sentinels, name } = await startRedisSentinel({ downAfter: PATIENCE_MS });
      return { urls: sentinels.map(({ url }) => url), name };
    },
  },
  postgres: {
    variable: 'PARLEY_TEST_POSTGRES_URL',
    // Room for the pools of all test files that run at the same time.
    start: async () => ({ urls: [(await startPostgres({ settings: { max_connections: '300' } })).url] }),
  },
} satisfies Record<string, SharedKind>;

export type SharedKindName = keyof typeof sharedKinds;

export function isSharedKind(name: string): name is SharedKindName {
  return Object.hasOwn(sharedKinds, name);
}

export function isSharedAddress(value: unknown): value is SharedAddress {
  return typeof value === 'object' && value !== null && 'urls' in value && Array.isArray(value.urls);
}
