export { postgresLockStore } from './lock/store.ts';
export type { LockInTransactionOptions, PostgresLockStore, PostgresLockStoreOptions } from './lock/store.ts';
