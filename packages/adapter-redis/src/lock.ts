export { redisLockStore, type RedisLockStoreOptions } from './lock/store.ts';
