// #region imports
import { jsonArray, openParley, readCount, textArray } from '@parley/runtime';
// #endregion imports
import { expect, it } from 'vitest';

it('an application with tables of its own', { timeout: 60_000 }, async () => {
  const found: string[] = [];
  const show = (line: string): void => void found.push(line);
  // #region tables
  interface Tables {
    lines: { id: string; line: string; tags: string[] };
  }

  const { database, tables, close } = await openParley(process.env, { database: true });
  const notes = tables('notes', new URL('sql/', import.meta.url));
  await notes.migrate(); // sql/migrations/*.sql, each once, however many processes start together

  // sql/add_lines.sql: prepared once for each connection; two parameters carry the whole batch.
  const added = await database.query(notes.statement('add_lines'), [
    textArray(['tea', 'sugar']),
    jsonArray([['hot', 'green'], []]),
  ]);
  const [first] = added.rows.map((row) => readCount(row, 0));

  await database.transaction(async (session) => {
    const within = notes.kysely<Tables>(session);
    await within.deleteFrom('lines').where('line', '=', 'sugar').execute();
  });
  const lines = await notes.kysely<Tables>().selectFrom('lines').selectAll().execute();
  for (const { line, tags } of lines) show(`${line}: ${tags.join(', ')}`);

  await close(); // the database last
  // #endregion tables
  expect(first).toBe(1);
  expect(found).toEqual(['tea: hot, green']);
});
