export { postgresInvalidation } from './cache/invalidation.ts';
export type { PostgresInvalidation, PostgresInvalidationOptions } from './cache/invalidation.ts';
export { postgresCacheStore } from './cache/store.ts';
export type { PostgresCacheStore, PostgresCacheStoreOptions } from './cache/store.ts';
