export { redisCacheStore, type RedisCacheStoreOptions } from './cache/store.ts';
