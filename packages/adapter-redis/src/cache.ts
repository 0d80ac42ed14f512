export { redisInvalidation, type RedisInvalidationOptions } from './cache/invalidation.ts';
export { redisCacheStore, type RedisCacheStoreOptions } from './cache/store.ts';
