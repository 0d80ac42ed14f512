export { applicationTables } from './application-tables.ts';
export type { ApplicationTables, ApplicationTablesOptions } from './application-tables.ts';
export {
  booleanArray,
  bytesArray,
  integerArray,
  jsonArray,
  realArray,
  textArray,
  uuidArray,
} from './arrays.ts';
export { backgroundFailures } from './background.ts';
export type { BackgroundFailure } from './background.ts';
export { postgresConfigFromUrl } from './config.ts';
export type { PostgresAddress, PostgresConfig } from './config.ts';
export type { PostgresTls } from './config-tls.ts';
export { connectPostgres } from './connect.ts';
export type {
  CallOptions,
  Column,
  Database,
  Listening,
  ListenHandlers,
  Param,
  Queries,
  Result,
  Session,
  Statement,
  TextRow,
} from './database.ts';
export { embedded } from './embedded.ts';
export type { EmbeddedConfig } from './embedded.ts';
export { databaseEpoch } from './epoch.ts';
export type { EpochOptions } from './epoch.ts';
export { FolderInUse } from './folder-lock.ts';
export { createKysely, kyselyOn } from './kysely.ts';
export type { Sessions } from './kysely.ts';
export { migrate, MigrationRefused } from './migrate.ts';
export type { MigrateOptions } from './migrate.ts';
export { count as readCount, flag as readFlag, real as readReal, text as readText } from './rows.ts';
export { loadStatement } from './sql-files.ts';
export type { StatementOptions } from './sql-files.ts';
