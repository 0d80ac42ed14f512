export { backgroundFailures } from './background.ts';
export type { BackgroundFailure } from './background.ts';
export { postgresConfigFromUrl } from './config.ts';
export type { PostgresConfig } from './config.ts';
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
export { FolderInUse } from './folder-lock.ts';
export { createKysely } from './kysely.ts';
export type { Sessions } from './kysely.ts';
export { migrate, MigrationRefused } from './migrate.ts';
export type { MigrateOptions } from './migrate.ts';
