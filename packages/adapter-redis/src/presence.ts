export { redisPresenceStore, type RedisPresenceStoreOptions } from './presence/store.ts';
