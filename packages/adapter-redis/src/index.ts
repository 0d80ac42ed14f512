export { connectRedis, type ConnectRedisOptions } from './connect.ts';
export type {
  RedisAddress,
  RedisClusterConfig,
  RedisCommonConfig,
  RedisConfig,
  RedisSentinelConfig,
  RedisStandaloneConfig,
  RedisTls,
} from './config.ts';
export { redisConfigFromUrl } from './config-url.ts';
export type { HealthQuestion } from './health.ts';
export { redisConnectionChanges, type RedisConnection, type RedisConnectionChange } from './connection.ts';
