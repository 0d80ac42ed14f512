import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectPostgres, embedded, migrate } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { startPostgres, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownMigrations } from '../src/sql.ts';
import { startChild } from './support/child.ts';
import { failure } from './support/failure.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const names = ownMigrations('parley').map(({ name }) => name);
const connect = (schema: string, more: object = {}): Database =>
  connectPostgres({ url: server.url, schema, ...more });

const tablesOf = async (db: Database): Promise<unknown[]> => {
  const text = `select c.relname, c.relpersistence from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = $1 and c.relkind = 'r' order by 1`;
  return (await db.query({ text }, [db.schema])).rows.map((row) => row.join(' '));
};
const tables = [
  'bus_channels p',
  'bus_dead_jobs p',
  'bus_fences u',
  'bus_histories p',
  'bus_jobs p',
  'bus_once p',
  'bus_parcels u',
  'bus_sweeps u',
  'bus_takes p',
  'cache_entries u',
  'cache_entries_logged p',
  'cache_guards u',
  'cache_guards_logged p',
  'limit_counts u',
  'limit_entries u',
  'limit_guards p',
  'limit_slots p',
  'limit_tokens u',
  'lock_waiters p',
  'locks p',
  'migrations p',
  'presence_channels u',
  'presence_diffs u',
  'presence_entries u',
  'presence_epochs u',
  'presence_leases u',
  'sessions p',
];

describe.each([
  ['a server', async () => connect('whole')],
  ['an embedded database', () => embedded({ memory: true })],
])('on %s', (_, connectTo) => {
  let whole: Database;
  let schemas = 0;
  beforeAll(async () => {
    whole = await connectTo();
  });
  afterAll(() => whole.close());

  /** The database with a schema that nobody has used, which whoever opened it closes. */
  const open = (): Database => {
    schemas += 1;
    return { ...whole, schema: `part_${schemas}`, [Symbol.asyncDispose]: async () => {} };
  };

  test('a new database gets all migrations, and a current one none', async () => {
    await using db = open();
    expect(await migrate(db)).toEqual(names);
    expect(await tablesOf(db)).toEqual(tables);
    expect(await migrate(db)).toEqual([]);
  });

  test('a database that a newer version has migrated is refused', async () => {
    await using db = open();
    await migrate(db);
    await db.query({ text: `insert into ${db.schema}.migrations values (999, '999_future', 'x')` });
    expect(await failure(migrate(db))).toMatchObject({
      code: 'MIGRATION_REFUSED',
      message: expect.stringContaining('999_future'),
    });
    await using store = postgresCacheStore(db);
    expect(await failure(store.read(['a']))).toMatchObject({ code: 'MIGRATION_REFUSED' });
    await db.query({ text: `delete from ${db.schema}.migrations where number = 999` });
    expect(await store.read(['a'])).toEqual([undefined]);
  });

  test('a migration that is not ours is refused', async () => {
    await using db = open();
    await migrate(db);
    await db.query({ text: `update ${db.schema}.migrations set checksum = 'other' where number = 1` });
    expect(await failure(migrate(db))).toMatchObject({
      code: 'MIGRATION_REFUSED',
      evidence: { schema: db.schema, migration: names[0] },
    });
    await db.query({ text: `drop schema ${db.schema} cascade` });
  });

  test('tables that were dropped are made again', async () => {
    await using db = open();
    await using store = postgresCacheStore(db);
    await store.read(['a']);
    await db.query({ text: `drop schema ${db.schema} cascade` });
    expect(await failure(store.read(['a']))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await store.read(['a'])).toEqual([undefined]);
  });

  test('where nobody migrates, missing tables are a fault', async () => {
    await using db = open();
    await using store = postgresCacheStore(db, { schema: 'nowhere', migrate: false });
    expect(await failure(store.read(['a']))).toMatchObject({
      code: 'STORE_FAULT',
      evidence: { code: '42P01' },
    });
  });
});

test('of ten processes that begin at the same moment one applies each migration, and all succeed', async () => {
  const children = Array.from({ length: 10 }, () => startChild('migrating.ts', [server.url, 'crowded']));
  try {
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.say('go');
    const applied = await Promise.all(children.map((child) => child.line()));
    expect(applied.toSorted()).toEqual(
      [...Array.from({ length: 9 }, () => '[]'), JSON.stringify(names)].toSorted(),
    );
  } finally {
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
  }
  await using db = connect('crowded');
  expect(await tablesOf(db)).toEqual(tables);
}, 60_000);

test('a schema that somebody else makes at the same moment is no failure', async () => {
  await using db = connect('overtaken');
  const other = await db.acquire();
  await other.script('begin; create schema overtaken');
  const migrating = migrate(db);
  const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query = 'create schema overtaken'`;
  await until(async () => (await server.query(waits)).length === 1, { what: 'both are at it' });
  await other.script('commit');
  other.release();
  expect(await migrating).toEqual(names);
});

test('many callers of one process as well', async () => {
  await using db = connect('busy');
  const applied = await Promise.all(Array.from({ length: 8 }, () => migrate(db)));
  expect(applied.flat()).toEqual(names);
});

test('who waits for another process does not wait for ever', async () => {
  await using db = connect('locked');
  const session = await db.acquire();
  await session.query({ text: 'begin' });
  await session.query({ text: `select pg_advisory_xact_lock(hashtextextended('parley migrate locked', 0))` });
  expect(await failure(migrate(db, { waitMs: 200 }))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringContaining('another process'),
  });
  const waiting = migrate(db);
  await session.query({ text: 'rollback' });
  session.release();
  expect(await waiting).toEqual(names);
});

test('each statement of a migration may take a minute, or as long as is said', async () => {
  const path = await mkdtemp(join(tmpdir(), 'parley-migrate-'));
  await using folder = {
    url: pathToFileURL(`${path}/`),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
  const text = `create table own.allowed as select current_setting('statement_timeout') as ms`;
  await writeFile(new URL('001_first.sql', folder.url), text);
  await using db = connect('unhurried');
  for (const [schema, expected, options] of [
    ['unhurried_usual', '1min', {}],
    ['unhurried_long', '1h', { statementMs: 3_600_000 }],
  ] as const) {
    await migrate(db, { schema, folder: folder.url, writtenFor: 'own', ...options });
    expect((await db.query({ text: `select ms from ${schema}.allowed` })).rows).toEqual([[expected]]);
  }
});

test('a migration that fails leaves nothing behind', async () => {
  await using db = connect('halfway');
  await db.query({ text: 'create schema halfway' });
  // What the migration would create is there already.
  await db.query({ text: 'create table halfway.cache_guards (n int)' });
  expect(await failure(migrate(db))).toMatchObject({ code: 'STORE_FAULT', evidence: { code: '42P07' } });
  expect(await tablesOf(db)).toEqual(['cache_guards p']);
});

describe('a user with few rights', () => {
  const url = (): string => server.url.replace('postgres@', 'app:x@');

  beforeAll(async () => {
    await server.query(`create role app login password 'x'`);
  });

  test('needs a schema of its own and nothing else', async () => {
    await server.query('create schema given authorization app');
    await using db = connectPostgres({ url: url(), schema: 'given' });
    expect(await migrate(db)).toEqual(names);
    await using store = postgresCacheStore(db);
    await store.write([{ key: 'k', bytes: Buffer.from('v'), version: 1, freshMs: 60_000, keepMs: 60_000 }]);
    expect(await store.read(['k'])).toMatchObject([{ version: 1 }]);
    expect(await store.health()).toMatchObject({ status: 'up' });
  });

  test.each([
    ['may not create it', 'denied', []],
    [
      'may not create tables in it',
      'foreign_usable',
      ['create schema foreign_usable', 'grant usage on schema foreign_usable to app'],
    ],
    ['may not look into it', 'foreign_closed', ['create schema foreign_closed']],
  ])('is told what an administrator has to do when it %s', async (_, schema, setup) => {
    for (const sql of setup) await server.query(sql);
    await using db = connectPostgres({ url: url(), schema });
    const refused = await failure(migrate(db));
    expect(refused).toMatchObject({ code: 'MIGRATION_REFUSED', evidence: { schema, user: 'app' } });
    expect(String(refused)).toContain('Let an administrator');
  });
});

test('statements of two schemas live side by side on one connection', async () => {
  await using db = connect('one', { maxConnections: 1 });
  await using a = postgresCacheStore(db);
  await using b = postgresCacheStore(db, { schema: 'two' });
  const record = { key: 'k', version: 1, freshMs: 60_000, keepMs: 60_000 };
  await a.write([{ ...record, bytes: Buffer.from('a') }]);
  await b.write([{ ...record, bytes: Buffer.from('b') }]);
  await until(async () => (await a.read(['k']))[0]?.bytes.toString() === 'a', { what: 'a' });
  expect((await b.read(['k']))[0]?.bytes.toString()).toBe('b');
});
