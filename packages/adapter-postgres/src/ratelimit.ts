export { postgresLimitStore } from './ratelimit/store.ts';
export type { PostgresLimitStore, PostgresLimitStoreOptions } from './ratelimit/store.ts';
