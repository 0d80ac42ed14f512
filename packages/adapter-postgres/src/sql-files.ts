import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { InvalidArgument } from '@parley/cache-core/kernel';
import type { Statement } from './database.ts';
import { requireSchema } from './schema-name.ts';

/** The server cuts longer names of prepared statements off, and would then take two of them for one. */
const maxName = 63;

export interface StatementOptions {
  /** The folder of the file: `new URL('../sql/', import.meta.url)`. */
  readonly folder: URL;
  /** The schema that the statement is to work in. */
  readonly schema: string;
  /**
   * The schema that the file names, as `hub.messages`; it is replaced by `schema`.
   *
   * @default the schema
   */
  readonly writtenFor?: string | undefined;
  /** Other tables in the place of those that the file names. */
  readonly tables?: Readonly<Record<string, string>> | undefined;
}

/** The statement of `<name>.sql` in a folder, to be prepared. Its name tells two schemas apart that share connections. */
export function loadStatement(name: string, options: StatementOptions): Statement {
  const { folder, tables = {} } = options;
  const [writtenFor, schema] = schemasOf(options);
  let sql = read(folder, `${name}.sql`);
  for (const [from, to] of Object.entries(tables)) {
    sql = sql.replaceAll(new RegExp(`\\b${writtenFor}\\.${from}\\b`, 'g'), `${writtenFor}.${to}`);
  }
  // Comments are for those who read the file; an operator sees the first kilobyte of a statement, and should see what it does.
  const text = inSchema(sql.replaceAll(/^ *--.*\n/gm, '').trim(), writtenFor, schema);
  const mark = `_${checksumOf(text).slice(0, 8)}`;
  return {
    text,
    name: `${writtenFor}_${name}`.slice(0, maxName - mark.length) + mark,
    operation: name.replaceAll('_', ' '),
  };
}

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Of the file as it is, whatever schema it goes to. */
  readonly checksum: string;
  readonly sql: string;
}

export type MigrationFiles = Pick<StatementOptions, 'folder' | 'schema' | 'writtenFor'>;

/** The migrations of a folder, `<number>_<name>.sql`, in the order of their numbers. */
export function loadMigrations(options: MigrationFiles): readonly Migration[] {
  const { folder } = options;
  const [writtenFor, schema] = schemasOf(options);
  const migrations = list(folder).map((file) => {
    const number = Number(/^(\d{1,9})_[a-z\d_-]+\.sql$/.exec(file)?.[1] ?? 'none');
    if (Number.isNaN(number)) {
      throw new InvalidArgument('folder', 'one whose .sql files are named like 001_first.sql', file);
    }
    const sql = read(folder, file);
    return {
      number,
      name: file.slice(0, -'.sql'.length),
      checksum: checksumOf(sql),
      sql: inSchema(sql, writtenFor, schema),
    };
  });
  if (migrations.length === 0) throw new InvalidArgument('folder', 'one with .sql files', folder.href);
  migrations.sort((a, b) => a.number - b.number);
  for (const [i, { number, name }] of migrations.entries()) {
    if (migrations[i - 1]?.number === number) {
      throw new InvalidArgument('folder', 'one in which each number is used once', name);
    }
  }
  return migrations;
}

/** The schema that the files name, and the one that takes its place. */
function schemasOf({ schema, writtenFor }: MigrationFiles): [string, string] {
  const actual = requireSchema('schema', schema);
  return [writtenFor === undefined ? actual : requireSchema('writtenFor', writtenFor), actual];
}

/** Files name a schema, so that they can be read, run and explained as they are; here they move to another. */
function inSchema(sql: string, from: string, to: string): string {
  if (from === to) return sql;
  return sql
    .replaceAll(new RegExp(`\\b${from}\\.(?=[a-z_])`, 'g'), `${to}.`)
    .replaceAll(new RegExp(`\\bschema ${from}\\b`, 'g'), `schema ${to}`);
}

function list(folder: URL): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.sql'));
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** A checkout on Windows may have other line ends, and is the same SQL. */
function read(folder: URL, file: string): string {
  try {
    return readFileSync(new URL(file, asFolder(folder)), 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** Without the slash at its end a name would be put in the place of the folder's last part. */
export function asFolder(folder: URL): URL {
  return folder.pathname.endsWith('/') ? folder : new URL(`${folder.href}/`);
}

function unreadable(folder: URL, cause: unknown): InvalidArgument {
  const found = cause instanceof Error ? cause.message : folder.href;
  return new InvalidArgument('folder', 'the file URL of a folder that can be read', found);
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
