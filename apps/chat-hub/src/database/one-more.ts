import { sql, type RawBuilder } from 'kysely';

/** What counts up by one, in the database: two who do it at once count twice. */
export function oneMore(column: string): RawBuilder<number> {
  return sql<number>`${sql.ref(column)} + 1`;
}
