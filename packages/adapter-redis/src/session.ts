export { redisSessionStore, type RedisSessionStoreOptions } from './session/store.ts';
