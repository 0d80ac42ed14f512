export { ConfigError, type ConfigProblem } from './config-error.ts';
export type {
  CacheSettings,
  ConfigNote,
  ParleyConfig,
  RedisSettings,
  RedisTarget,
  StorageSettings,
} from './config.ts';
export type { Address } from './fields.ts';
export { lineLogger, type LineLoggerOptions } from './line-logger.ts';
export { openParley, type OpenParleyOptions, type Parley } from './open.ts';
export { readConfig, type Environment, type ReadConfigOptions } from './read-config.ts';
export { Secret } from './secret.ts';
export { selectAdapters, type Selections } from './select.ts';
