export { redisLimitStore, type RedisLimitStoreOptions } from './ratelimit/store.ts';
