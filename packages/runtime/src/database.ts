import {
  applicationTables,
  connectPostgres,
  embedded,
  type ApplicationTables,
  type Database,
} from '@parley/adapter-postgres';
import { InvalidArgument } from '@parley/cache-core/kernel';
import type { Closers } from './closers.ts';
import type { ParleyConfig } from './config.ts';
import type { Isolation } from './isolation.ts';
import { embeddedFolder } from './select.ts';

/** What an application may say of the database that it asks for. */
export interface DatabaseOptions {
  /**
   * How many connections may be open, of the application and of what is ours together; one more listens for the bus. The embedded one has
   * one, which all share in turns.
   *
   * @default 4
   */
  readonly maxConnections?: number | undefined;
}

/** A database, and what tells the tables of applications in it apart. */
export interface OpenDatabase {
  readonly db: Database;
  readonly tables: (name: string, folder: URL) => ApplicationTables;
}

export interface OpenDatabaseOptions {
  readonly closers: Closers;
  readonly isolation: Isolation;
  readonly database?: DatabaseOptions | undefined;
}

/** The Postgres of DATABASE_URL, or else the embedded one. A server is not waited for. */
export async function openDatabase(
  config: ParleyConfig,
  options: OpenDatabaseOptions,
): Promise<OpenDatabase> {
  const { closers, isolation } = options;
  const db = await connect(config, options);
  closers.add('the database', () => db.close());
  const schemas = new Set([db.schema]);
  if (isolation.temporary && db.kind === 'postgres') {
    closers.add('the schemas of this test', () =>
      db.query({ text: `drop schema if exists ${[...schemas].join(', ')} cascade` }),
    );
  }
  return {
    db,
    tables(name, folder) {
      if (name === 'parley') throw new InvalidArgument('name', 'another one than that of our tables', name);
      const tables = applicationTables(db, {
        folder,
        schema: `${name}${isolation.suffix}`,
        writtenFor: name,
      });
      schemas.add(tables.schema);
      return tables;
    },
  };
}

async function connect(config: ParleyConfig, options: OpenDatabaseOptions): Promise<Database> {
  const { schema } = options.isolation;
  const { maxConnections } = options.database ?? {};
  if (config.databaseUrl !== undefined) {
    return connectPostgres({ url: config.databaseUrl.reveal(), schema, maxConnections });
  }
  const folder = embeddedFolder(config);
  return embedded(folder === undefined ? { memory: true, schema } : { folder, schema });
}
