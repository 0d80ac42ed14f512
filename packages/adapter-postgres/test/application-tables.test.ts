import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  applicationTables,
  connectPostgres,
  embedded,
  loadStatement,
  migrate,
  readCount,
  textArray,
} from '@parley/adapter-postgres';
import type { ApplicationTables, Database } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { startPostgres } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChild } from './support/child.ts';
import { failure } from './support/failure.ts';

const folder = new URL('support/notes/', import.meta.url);
const migrations = new URL('migrations/', folder);
const names = ['001_notes', '002_words'];

const scratch = await mkdtemp(join(tmpdir(), 'parley-notes-'));
afterAll(() => rm(scratch, { recursive: true }));

/** The folder of migrations with other content, to be changed. */
async function copied(name: string, change: (path: string) => Promise<void>): Promise<URL> {
  const path = join(scratch, name);
  await cp(migrations, path, { recursive: true });
  await change(path);
  return pathToFileURL(`${path}/`);
}

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describe.each([
  ['a server', async () => connectPostgres({ url: server.url })],
  ['an embedded database', () => embedded({ memory: true })],
])('on %s', (_, connectTo) => {
  let db: Database;
  let schemas = 0;
  beforeAll(async () => {
    db = await connectTo();
  });
  afterAll(() => db.close());

  /** In a schema that nobody has used. */
  const notes = (): ApplicationTables => {
    schemas += 1;
    return applicationTables(db, { folder, schema: `notes_${schemas}`, writtenFor: 'notes' });
  };
  const into = (schema: string, from: URL): Promise<string[]> =>
    migrate(db, { schema, folder: from, writtenFor: 'notes' });

  test('an application has tables, statements and typed queries of its own, beside ours', async () => {
    await using store = postgresCacheStore(db);
    const tables = notes();
    expect(await tables.migrate()).toEqual(names);
    expect(await tables.migrate()).toEqual([]);
    const { rows } = await db.query(tables.statement('add_lines'), [textArray(['one', 'and two'])]);
    expect(rows.map((row) => readCount(row, 1))).toEqual([1, 2]);
    const kysely = tables.kysely<{ lines: { id: string; line: string; words: number } }>();
    expect(await kysely.selectFrom('lines').select(['line', 'words']).orderBy('id').execute()).toEqual([
      { line: 'one', words: 1 },
      { line: 'and two', words: 2 },
    ]);
    expect(await store.read(['k'])).toEqual([undefined]);
    expect((await db.query({ text: `select name from ${db.schema}.migrations` })).rows).toContainEqual([
      '001_cache',
    ]);
  });

  test('typed queries take part in a transaction', async () => {
    const tables = notes();
    await tables.migrate();
    const work = db.transaction(async (session) => {
      await session.query(tables.statement('add_lines'), [textArray(['gone'])]);
      const trx = tables.kysely<{ lines: { line: string } }>(session);
      expect(await trx.selectFrom('lines').select('line').execute()).toEqual([{ line: 'gone' }]);
      throw new Error('undone');
    });
    expect(await failure(work)).toMatchObject({ message: 'undone' });
    const kysely = tables.kysely<{ lines: { line: string } }>();
    expect(await kysely.selectFrom('lines').select('line').execute()).toEqual([]);
  });

  test('two applications that migrate at the same moment do not disturb each other, nor us', async () => {
    const [one, two] = [notes(), notes()];
    const ours = { ...db, schema: `parley_${one.schema}` };
    const [first, again, second, own] = await Promise.all([
      one.migrate(),
      one.migrate(),
      two.migrate(),
      migrate(ours),
    ]);
    expect([...first, ...again]).toEqual(names);
    expect(second).toEqual(names);
    expect(own).toContain('001_cache');
  });

  test('a file that was changed after it was applied is refused, other line ends are not', async () => {
    const tables = notes();
    await tables.migrate();
    const rewrite = (name: string, change: (sql: string) => string): Promise<URL> =>
      copied(`${tables.schema}_${name}`, async (path) => {
        const file = join(path, '001_notes.sql');
        await writeFile(file, change(await readFile(file, 'utf8')));
      });
    const changed = await rewrite('changed', (sql) => sql.replace('line text not null', 'line text'));
    expect(await failure(into(tables.schema, changed))).toMatchObject({
      code: 'MIGRATION_REFUSED',
      message: expect.stringContaining('not the one that this application contains'),
      evidence: { schema: tables.schema, migration: '001_notes' },
    });
    const windows = await rewrite('windows', (sql) => sql.replaceAll('\n', '\r\n'));
    expect(await into(tables.schema, windows)).toEqual([]);
  });

  test('a database that a newer version of the application has migrated is refused', async () => {
    const tables = notes();
    await tables.migrate();
    const older = await copied(`${tables.schema}_older`, (path) => rm(join(path, '002_words.sql')));
    expect(await failure(into(tables.schema, older))).toMatchObject({
      code: 'MIGRATION_REFUSED',
      message: expect.stringContaining('newer version of this application (002_words)'),
    });
  });

  test('a file that comes later is applied to what is there, and one that fails leaves nothing', async () => {
    const tables = notes();
    await tables.migrate();
    const broken = await copied(`${tables.schema}_broken`, async (path) => {
      await writeFile(join(path, '003_more.sql'), 'create table notes.more (n int);');
      await writeFile(join(path, '010_broken.sql'), 'create table notes.lines (n int);');
    });
    expect(await failure(into(tables.schema, broken))).toMatchObject({ evidence: { code: '42P07' } });
    expect(await tables.migrate()).toEqual([]);
    const mended = await copied(`${tables.schema}_mended`, (path) =>
      writeFile(join(path, '003_more.sql'), 'create table notes.more (n int);'),
    );
    expect(await into(tables.schema, mended)).toEqual(['003_more']);
  });

  test('the schema of our tables is not for others', async () => {
    const refused = { code: 'INVALID_ARGUMENT', field: 'schema' };
    expect(await failure(migrate(db, { folder: migrations }))).toMatchObject(refused);
    expect(await failure(into(db.schema, migrations))).toMatchObject(refused);
    expect(() => applicationTables(db, { folder, schema: db.schema })).toThrow(/another one/);
    expect(await failure(into('Notes', migrations))).toMatchObject(refused);
    expect(await failure(into('notes; drop', migrations))).toMatchObject(refused);
    const written = migrate(db, { folder: migrations, schema: 'notes', writtenFor: 'a-b' });
    expect(await failure(written)).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'writtenFor' });
  });
});

describe('a folder', () => {
  const into = (from: URL): Promise<unknown> =>
    failure(migrate(connectPostgres({ url: server.url }), { schema: 'notes', folder: from }));

  test.each<[string, (path: string) => Promise<void>, RegExp]>([
    ['that is not there', (path) => rm(path, { recursive: true }), /ENOENT/],
    [
      'without migrations',
      async (path) => {
        await rm(join(path, '001_notes.sql'));
        await rm(join(path, '002_words.sql'));
      },
      /with \.sql files/,
    ],
    [
      'in which a file has no number',
      (path) => writeFile(join(path, 'notes.sql'), ''),
      /001_first\.sql, not "notes\.sql"/,
    ],
    [
      'in which two files have one number',
      (path) => writeFile(join(path, '02_again.sql'), ''),
      /each number is used once/,
    ],
  ])('%s is refused', async (name, change, message) => {
    const refused = await into(await copied(name.replaceAll(' ', '_'), change));
    expect(refused).toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'folder',
      message: expect.stringMatching(message),
    });
  });

  test('that is no file is refused', async () => {
    expect(await into(new URL('https://example.org/sql/'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'folder',
    });
  });

  test('may be named without the slash at its end', () => {
    const bare = new URL(folder.href.slice(0, -1));
    const options = { schema: 'other', writtenFor: 'notes' };
    const statement = loadStatement('add_lines', { ...options, folder: bare });
    expect(statement).toEqual(loadStatement('add_lines', { ...options, folder }));
    expect(statement.text).toContain('insert into other.lines');
    expect(statement.operation).toBe('add lines');
  });

  test('with a long name of a statement still has statements that are told apart', async () => {
    const file = `${'long_'.repeat(14)}name`;
    const path = await mkdtemp(join(scratch, 'long-'));
    await writeFile(join(path, `${file}.sql`), 'select 1 from notes.lines');
    const nameOf = (schema: string): string | undefined =>
      loadStatement(file, { folder: pathToFileURL(path), schema, writtenFor: 'notes' }).name;
    expect(nameOf('one')).toHaveLength(63);
    expect(nameOf('one')).not.toBe(nameOf('two'));
  });
});

test('of five processes that begin at the same moment one applies the migrations of the application', async () => {
  const children = Array.from({ length: 5 }, () =>
    startChild('migrating.ts', [server.url, 'notes_crowded', migrations.href]),
  );
  try {
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.say('go');
    const applied = await Promise.all(children.map((child) => child.line()));
    expect(applied.toSorted()).toEqual([JSON.stringify(names), '[]', '[]', '[]', '[]']);
  } finally {
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
  }
}, 60_000);

test('what the user may not do is told in the words of the server', async () => {
  await server.query(`create role writer login password 'x'`);
  await server.query('create schema given authorization writer');
  await using db = connectPostgres({ url: server.url.replace('postgres@', 'writer:x@') });
  const wish = await copied('wish', (path) =>
    writeFile(join(path, '003_role.sql'), 'create role notes_reader;'),
  );
  const refused = await failure(migrate(db, { schema: 'given', writtenFor: 'notes', folder: wish }));
  expect(refused).toMatchObject({
    code: 'MIGRATION_REFUSED',
    message: expect.stringMatching(/migration 003_role failed: permission denied to create role/),
  });
});

test('connections compile nothing: a statement that reads a whole table must not wait for that', async () => {
  await using db = connectPostgres({ url: server.url });
  expect((await db.query({ text: 'show jit' })).rows).toEqual([['off']]);
});
