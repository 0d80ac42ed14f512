import { InvalidArgument } from '@parley/cache-core/kernel';
import type { Kysely } from 'kysely';
import type { CallOptions, Database, Session, Statement } from './database.ts';
import { createKysely, kyselyOn } from './kysely.ts';
import { migrate } from './migrate.ts';
import type { MigrateOptions } from './migrate.ts';
import { requireSchema } from './schema-name.ts';
import { asFolder, loadStatement } from './sql-files.ts';

export interface ApplicationTablesOptions {
  /** The folder of the statements; the migrations are in `migrations/` within it. `new URL('../sql/', import.meta.url)` */
  readonly folder: URL;
  /** The schema of the tables: any but that of the database, which is ours. */
  readonly schema: string;
  /**
   * The schema that the files name, as `hub.messages`; it is replaced by `schema`.
   *
   * @default the schema
   */
  readonly writtenFor?: string | undefined;
}

/** The tables of an application, beside ours in the same database. */
export interface ApplicationTables {
  readonly db: Database;
  readonly schema: string;
  /** Brings the tables to what the folder says; see `migrate`. */
  readonly migrate: (
    options?: CallOptions & Pick<MigrateOptions, 'waitMs' | 'statementMs'>,
  ) => Promise<string[]>;
  /** The statement of `<name>.sql`, read once. */
  readonly statement: (name: string) => Statement;
  /** Typed queries, within the transaction of a session where one is given. */
  readonly kysely: <Tables>(session?: Session) => Kysely<Tables>;
}

/** An application's own tables: a folder of SQL that is written for one schema, and lives in that or in another. Opens nothing. */
export function applicationTables(db: Database, options: ApplicationTablesOptions): ApplicationTables {
  const schema = requireSchema('schema', options.schema);
  const writtenFor = requireSchema('writtenFor', options.writtenFor ?? schema);
  if (schema === db.schema) {
    throw new InvalidArgument('schema', 'another one than that of the database', schema);
  }
  const files = { folder: asFolder(options.folder), schema, writtenFor };
  const statements = new Map<string, Statement>();
  return {
    db,
    schema,
    migrate: (more) => migrate(db, { ...more, ...files, folder: new URL('migrations/', files.folder) }),
    statement(name) {
      const statement = statements.get(name) ?? loadStatement(name, files);
      statements.set(name, statement);
      return statement;
    },
    kysely: <Tables>(session?: Session) =>
      session === undefined ? createKysely<Tables>(db, schema) : kyselyOn<Tables>(session, schema),
  };
}
