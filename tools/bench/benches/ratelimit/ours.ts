import type { Limiter, LimitStore, RuleOptions } from '@parley/ratelimit';
import type { Subject, SubjectEnvironment, Work } from '../../src/scenario.ts';
import { schemaName } from '../bus/schema-name.ts';
import { hourSeconds, plenty } from './identities.ts';

interface OpenStore {
  readonly store: LimitStore;
  readonly close: () => Promise<void>;
}

export type OpenLimitStore = (environment: SubjectEnvironment) => Promise<OpenStore>;

export const inMemory: OpenLimitStore = async () => {
  const { memoryLimitStore } = await import('@parley/ratelimit');
  return { store: memoryLimitStore(), close: async () => {} };
};

export const onRedis: OpenLimitStore = async ({ url, prefix }) => {
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisLimitStore } = await import('@parley/adapter-redis/ratelimit');
  const connection = connectRedis({ ...redisConfigFromUrl(url('redis')), prefix });
  return { store: redisLimitStore(connection), close: () => connection.close() };
};

export const onPostgres: OpenLimitStore = async ({ url, prefix }) => {
  const { connectPostgres } = await import('@parley/adapter-postgres');
  const { postgresLimitStore } = await import('@parley/adapter-postgres/ratelimit');
  const db = connectPostgres({ url: url('postgres'), schema: schemaName(prefix) });
  const store = postgresLimitStore(db);
  return {
    store,
    async close() {
      await store.close();
      await db.close();
    },
  };
};

export const generous: RuleOptions = { limit: plenty, per: hourSeconds };

/** A limiter with the defaults of everything but its rules. */
export function limiting<Name extends string>(
  open: OpenLimitStore,
  rules: Readonly<Record<Name, RuleOptions>>,
  use: (limiter: Limiter<Name>) => Promise<Work> | Work,
): Subject {
  return async (environment) => {
    const { createLimiter } = await import('@parley/ratelimit');
    const { store, close } = await open(environment);
    const limiter = createLimiter({ store, rules });
    const work = await use(limiter);
    return {
      ...work,
      async teardown() {
        await work.teardown?.();
        await limiter.close();
        await close();
      },
    };
  };
}
