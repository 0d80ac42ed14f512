export { postgresCacheStore } from './cache/store.ts';
export type { PostgresCacheStore, PostgresCacheStoreOptions } from './cache/store.ts';
