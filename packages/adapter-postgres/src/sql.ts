import type { Statement } from './database.ts';
import { loadMigrations, loadStatement } from './sql-files.ts';
import type { Migration, StatementOptions } from './sql-files.ts';

const folder = new URL('../sql/', import.meta.url);
const writtenFor = 'parley';

/** A statement of this package, from `sql/<name>.sql`. */
export function ownStatement(name: string, options: Pick<StatementOptions, 'schema' | 'tables'>): Statement {
  return loadStatement(name, { ...options, folder, writtenFor });
}

/** The migrations of this version of the package, in order. */
export function ownMigrations(schema: string): readonly Migration[] {
  return loadMigrations({ folder: new URL('migrations/', folder), schema, writtenFor });
}
