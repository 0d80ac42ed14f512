import { readText, type Queries } from '@parley/runtime';

/** The columns of a table that are written, in their order: generated ones follow by themselves. */
export async function columnsOf(on: Queries, schema: string, table: string): Promise<string[]> {
  const { rows } = await on.query(
    {
      text: `select attname from pg_attribute
        where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
      operation: 'asking for columns',
    },
    [`${schema}.${table}`],
  );
  return rows.map((row) => readText(row, 0));
}

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** What the tables have been through. */
export async function migrationsOf(on: Queries, schema: string): Promise<Migration[]> {
  const { rows } = await on.query({
    text: `select number, name, checksum from ${schema}.migrations order by number`,
    operation: 'asking for migrations',
  });
  return rows.map((row) => ({
    number: Number(readText(row, 0)),
    name: readText(row, 1),
    checksum: readText(row, 2),
  }));
}
