export {
  booleanArray,
  bytesArray,
  createKysely,
  databaseEpoch,
  integerArray,
  jsonArray,
  kyselyOn,
  loadStatement,
  migrate,
  MigrationRefused,
  readCount,
  readFlag,
  readReal,
  readText,
  realArray,
  textArray,
  uuidArray,
} from '@parley/adapter-postgres';
export type {
  ApplicationTables,
  CallOptions,
  Column,
  Database,
  EpochOptions,
  Listening,
  ListenHandlers,
  MigrateOptions,
  Param,
  Queries,
  Result,
  Session,
  Sessions,
  Statement,
  StatementOptions,
  TextRow,
} from '@parley/adapter-postgres';
export { ConfigError, type ConfigProblem } from './config-error.ts';
export type {
  CacheSettings,
  ConfigNote,
  ParleyConfig,
  RedisSettings,
  RedisTarget,
  StorageSettings,
} from './config.ts';
export type { DatabaseOptions } from './database.ts';
export type { Address } from './fields.ts';
export type { Gates, OpenLimiterOptions, OpenLocksOptions, OpenSessionsOptions } from './gates.ts';
export { lineLogger, type LineLoggerOptions } from './line-logger.ts';
export { openParley, type OpenParleyOptions, type Parley, type ParleyWithDatabase } from './open.ts';
export { readConfig, type Environment, type ReadConfigOptions } from './read-config.ts';
export { Secret } from './secret.ts';
export { selectAdapters, selectDatabase, type Selections } from './select.ts';
