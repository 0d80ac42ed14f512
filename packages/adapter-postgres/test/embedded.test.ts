import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseEpoch, embedded } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { sharedPostgres, until } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startChild } from './support/child.ts';
import { failure } from './support/failure.ts';

// A new database takes a second of a whole processor, which a crowded machine does not have.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-pglite-'));
});
afterAll(() => rm(folder, { recursive: true }));

const hour = 3_600_000;
const record = { key: 'k', bytes: Buffer.from('kept'), version: 1, freshMs: hour, keepMs: hour };

test.each([
  [{}],
  [{ memory: false }],
  [{ folder: '' }],
  [{ folder: 'x', memory: true }],
  [{ memory: true, schema: 'A' }],
])('%j is no place for a database', async (config) => {
  expect(await failure(embedded(config))).toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('a folder that cannot be made is a fault', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  expect(await failure(embedded({ folder: join(file, 'below') }))).toMatchObject({
    code: 'STORE_FAULT',
    message: expect.stringContaining(file),
  });
});

test('what was written is there after closing and opening, entries of the cache too', async () => {
  const place = join(folder, 'reopened');
  // What a process leaves that died while it made a database.
  await mkdir(join(place, 'unfinished-123', 'base'), { recursive: true });
  for (const expected of [undefined, 'kept']) {
    await using db = await embedded({ folder: place });
    await using store = postgresCacheStore(db);
    const [found] = await store.read(['k']);
    expect(found && Buffer.from(found.bytes).toString()).toBe(expected);
    await store.write([record]);
  }
  expect(await readdir(place)).toEqual(['data']);
});

test('a second process, and a second time in this one, are refused until it is closed', async () => {
  const place = join(folder, 'exclusive');
  const db = await embedded({ folder: place });
  expect(await failure(embedded({ folder: place }))).toMatchObject({ code: 'FOLDER_IN_USE' });
  await using child = startChild('writing.ts', [place]);
  expect(await child.ended).not.toBe(0);
  expect(child.errors()).toContain(`in use by process ${process.pid}`);
  await db.close();
  await (await embedded({ folder: place })).close();
});

test('killed while it writes: whatever was acknowledged is there, and nothing half', async () => {
  const place = join(folder, 'killed');
  let acknowledged = 0;
  for (const rows of [40, 90, 25]) {
    await using child = startChild('writing.ts', [place, String(acknowledged)]);
    await until(() => child.lines.length >= rows, { what: 'it writes', deadline: 60_000 });
    child.kill();
    await child.ended;
    acknowledged += child.lines.length;
  }
  await using db = await embedded({ folder: place });
  await using store = postgresCacheStore(db, { logged: true });
  const keys = Array.from({ length: acknowledged + 1 }, (_, n) => `k${n}`);
  const found = (await store.read(keys)).map((one) => one && Buffer.from(one.bytes).toString());
  expect(found.slice(0, acknowledged)).toEqual(
    keys.slice(0, acknowledged).map((key) => key.replace('k', 'v')),
  );
  expect([undefined, `v${acknowledged}`]).toContain(found[acknowledged]);
});

describe('in memory', () => {
  let db: Database;
  beforeAll(async () => {
    db = await embedded({ memory: true });
  });
  beforeEach(() => db.query({ text: 'drop table if exists t' }));
  afterAll(() => db.close());

  test('statements take turns, transactions keep theirs', async () => {
    await db.query({ text: 'create table t (n int)' });
    const order: string[] = [];
    await Promise.all([
      db.transaction(async (session) => {
        await session.query({ text: 'insert into t values (1)' });
        order.push('in transaction');
        await session.query({ text: 'insert into t values (2)' });
      }),
      db.query({ text: 'select count(*) from t' }).then(({ rows }) => order.push(`then ${rows[0]?.[0]}`)),
    ]);
    expect(order).toEqual(['in transaction', 'then 2']);
  });

  test('a transaction that was left open is undone before the next one has a turn', async () => {
    const session = await db.acquire();
    await session.script('create table t (n int)');
    await session.script('begin; insert into t values (1)');
    session.release();
    expect((await db.query({ text: 'select count(*) from t' })).rows).toEqual([['0']]);
  });

  test('errors come as from a server, and the next statement is served', async () => {
    const statement = { name: 'divide', text: 'select 6 / $1::int' };
    expect(await failure(db.query(statement, [0]))).toMatchObject({
      code: 'STORE_FAULT',
      evidence: { code: '22012' },
    });
    expect((await db.query(statement, [2])).rows).toEqual([['3']]);
    expect(await failure(db.query({ text: 'select $1::no_type' }, [1]))).toMatchObject({
      code: 'STORE_FAULT',
    });
    expect(await failure(db.query({ name: 'no', text: 'select no' }))).toMatchObject({
      evidence: { code: '42703' },
    });
    await db.query({ text: 'create table t (a int); ' });
    const all = { name: 'all', text: 'select * from t' };
    expect((await db.query(all)).columns).toHaveLength(1);
    await db.query({ text: 'alter table t add b int' });
    expect(await failure(db.query(all))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await db.query(all)).columns).toHaveLength(2);
  });

  test('who gives up leaves at once', async () => {
    const session = await db.acquire();
    const impatient = new AbortController();
    const waiting = failure(db.query({ text: 'select 1' }, [], impatient));
    impatient.abort();
    expect(await waiting).toMatchObject({ code: 'ABORTED' });
    session.release();
    await db.query({ text: 'select 1' });
  });

  test('notifications arrive, until they are not wanted any more', async () => {
    const heard: string[] = [];
    const listening = await db.listen('a "channel"', { notification: (text) => heard.push(text), gone() {} });
    await db.query({ text: `select pg_notify('a "channel"', 'one'), pg_notify('other', 'none')` });
    await until(() => heard.length > 0, { what: 'it is heard' });
    await listening.close();
    await db.query({ text: `select pg_notify('a "channel"', 'two')` });
    await db.query({ text: 'select 1' });
    expect(heard).toEqual(['one']);
  });

  test('closing is final, waits for what runs, and tells who listens', async () => {
    const db = await embedded({ memory: true });
    const gone: unknown[] = [];
    await db.listen('news', { notification() {}, gone: (reason) => gone.push(reason) });
    const running = db.query({ text: 'select 7' });
    await db.close();
    await db.close();
    expect((await running).rows).toEqual([['7']]);
    expect(gone).toMatchObject([{ code: 'CLOSED' }]);
    expect(await failure(db.query({ text: 'select 1' }))).toMatchObject({ code: 'CLOSED' });
    expect(await db.health()).toMatchObject({ status: 'down' });
  });
});

test('databases in memory have nothing in common, however many are opened', async () => {
  const found: unknown[] = [];
  for (let i = 0; i < 3; i += 1) {
    const db = await embedded({ memory: true });
    try {
      await db.query({ text: 'create table mine (n int)' });
      await db.query({ text: `insert into mine values (${i})` });
      found.push((await db.query({ text: 'select n from mine' })).rows, await databaseEpoch(db));
    } finally {
      await db.close();
    }
  }
  expect(found.filter((_, i) => i % 2 === 0)).toEqual([[['0']], [['1']], [['2']]]);
  expect(new Set(found.filter((_, i) => i % 2 === 1)).size).toBe(3);
});

test('a program that uses a server loads nothing of the embedded one, and ends by itself', async () => {
  await using shared = await sharedPostgres();
  await using child = startChild('loading.ts', [shared.url]);
  expect(await child.line()).toBe('[]');
  expect(await child.ended).toBe(0);
});

test('a process whose folder was taken from it stops writing', async () => {
  const place = join(folder, 'taken');
  const db = await embedded({ folder: place });
  await db.query({ text: 'create table t (n int)' });
  for (const file of await readdir(place)) if (file.endsWith('.lock')) await rm(join(place, file));
  const refused = await until(
    () =>
      db.query({ text: 'insert into t values (1)' }).then(
        () => false as const,
        (error: unknown) => error,
      ),
    { what: 'the loss is noticed' },
  );
  expect(refused).toMatchObject({ code: 'STORE_FAULT', message: expect.stringContaining('abandoned') });
  await db.close();
});
