import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Statement } from './database.ts';

const folder = new URL('../sql/', import.meta.url);

/** A checkout on Windows may have other line ends, and is the same SQL. */
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n');

/** The files are written for the schema `parley`, so that they can be read, run and explained as they are; here they move to another. */
function inSchema(sql: string, schema: string): string {
  return sql
    .replaceAll(/\bparley\.(?=[a-z_])/g, `${schema}.`)
    .replaceAll(/\bschema parley\b/g, `schema ${schema}`);
}

export interface StatementOptions {
  readonly schema: string;
  /** Other tables in the place of those that the file names. */
  readonly tables?: Readonly<Record<string, string>>;
}

/** A statement from `sql/<name>.sql`, to be prepared. Its name tells two schemas apart that share connections. */
export function loadStatement(name: string, { schema, tables = {} }: StatementOptions): Statement {
  let sql = read(`${name}.sql`);
  for (const [from, to] of Object.entries(tables)) {
    sql = sql.replaceAll(new RegExp(`\\bparley\\.${from}\\b`, 'g'), `parley.${to}`);
  }
  // Comments are for those who read the file; an operator sees the first kilobyte of a statement, and should see what it does.
  const text = inSchema(sql.replaceAll(/^ *--.*\n/gm, '').trim(), schema);
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { text, name: `parley_${name}_${mark}`, operation: name.replaceAll('_', ' ') };
}

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Of the file as it is, whatever schema it goes to. */
  readonly checksum: string;
  readonly sql: string;
}

/** The migrations of this version of the package, in order. */
export function loadMigrations(schema: string): readonly Migration[] {
  return readdirSync(new URL('migrations/', folder))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = read(`migrations/${file}`);
      const checksum = createHash('sha256').update(sql).digest('hex');
      return {
        number: Number.parseInt(file, 10),
        name: file.slice(0, -4),
        checksum,
        sql: inSchema(sql, schema),
      };
    });
}
