import { connectPostgres, migrate } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresSessionStore } from '@parley/adapter-postgres/session';
import { createSessions, type SessionStore } from '@parley/cache-core/session';
import { seededRandom, startPostgres, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBackend } from '../support/backends.ts';
import { untilRunning } from '../support/running.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let server: PostgresServer;
const open: Database[] = [];
beforeAll(async () => {
  // A deadlock is told after this time, and none is to be found.
  server = await startPostgres({ settings: { deadlock_timeout: '20ms' } });
});
afterEach(() => Promise.all(open.splice(0).map((db) => db.close())));
afterAll(() => server.stop());

function connect(schema: string, maxConnections: number): Database {
  const limits = { queryTimeout: '60s', connectTimeout: '60s' } as const;
  const db = connectPostgres({ url: server.url, schema, maxConnections, ...limits });
  open.push(db);
  return db;
}

const count = async (sql: string): Promise<number> => Number((await server.query<{ n: string }>(sql))[0]?.n);

const life = { version: 'v', data: '{"cart":[1,2,3]}', idleMs: 86_400_000, maxAgeMs: 30 * 86_400_000 };

async function numberOf({ schema, ...db }: Database, sql: string): Promise<number> {
  const { rows } = await db.query({ text: sql.replaceAll('parley.', `${schema}.`) });
  return Number(rows[0]?.[0]);
}

describe('the table', () => {
  test('outlives a crash, has its times with their zone, and stays in its pages while sessions are seen', async () => {
    const db = connect('pages', 2);
    const store = postgresSessionStore(db);
    for (let i = 0; i < 50; i++) await store.create({ ...life, id: `i${i}`, user: `u${i % 5}` });
    for (let round = 0; round < 8; round++)
      for (let i = 0; i < 50; i++) await store.touch(`i${i}`, life.idleMs);
    await db.close();
    const statistics = async (): Promise<number | undefined> => {
      const [row] = await server.query<{ all: string; hot: string }>(
        `select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables
         where schemaname = 'pages' and relname = 'sessions'`,
      );
      return Number(row?.all) >= 400 ? Number(row?.hot) / Number(row?.all) : undefined;
    };
    // One touch of each goes elsewhere where a new hour begins in the middle of this.
    const share = await until(statistics, { what: 'the statistics have arrived', deadline: 60_000 });
    expect(share).toBeGreaterThan(0.8);
    expect(
      await count(
        `select count(*) as n from pg_class where oid = 'pages.sessions'::regclass and relpersistence = 'p'`,
      ),
    ).toBe(1);
    expect(
      await count(`select count(*) as n from information_schema.columns where table_schema = 'pages'
         and table_name = 'sessions' and data_type = 'timestamp without time zone'`),
    ).toBe(0);
  });

  test('is read by an index, for a session as for a user', async () => {
    const db = connect('indexed', 1);
    const store = postgresSessionStore(db);
    for (let i = 0; i < 30; i++) await store.create({ ...life, id: `i${i}`, user: `u${i}` });
    await db.close();
    await server.query(`insert into indexed.sessions (id, version, data, created, seen, until, last, due)
      select 'more' || n, '', '', now(), now(), now() + '1 day', now() + '1 day', now() + '1 day' from generate_series(1, 20000) as n`);
    await server.query('analyze indexed.sessions');
    const again = connect('indexed', 1);
    const other = postgresSessionStore(again);
    await server.query(`select pg_stat_reset_single_table_counters('indexed.sessions'::regclass)`);
    for (let i = 0; i < 30; i++) {
      await other.read(`i${i}`);
      await other.list(`u${i}`, 10);
      await other.sweep(10);
    }
    await again.close();
    await until(
      async () =>
        (await count(
          `select coalesce(sum(idx_scan), 0) as n from pg_stat_user_tables where schemaname = 'indexed' and relname = 'sessions'`,
        )) >= 60,
      { what: 'the statistics have arrived', deadline: 60_000 },
    );
    expect(await scans()).toBe(0);
  });

  const scans = (): Promise<number> =>
    count(
      `select coalesce(sum(seq_tup_read), 0) as n from pg_stat_user_tables where schemaname = 'indexed' and relname = 'sessions'`,
    );
});

describe.each(['a server', 'PGlite in memory'])('on %s', (name) => {
  test('what is over is swept in batches, and stones as well', async () => {
    await using backend = await openBackend(name);
    const store = postgresSessionStore(backend.db);
    for (let i = 0; i < 25; i++) await store.create({ ...life, id: `over${i}`, user: 'ann' });
    await store.destroy(['over0', 'over1', 'never'], { token: 't', stoneMs: 1_000 });
    await store.create({ ...life, id: 'kept', user: 'ann' });
    const rows = (): Promise<number> => numberOf(backend.db, 'select count(*) from parley.sessions');
    expect(await rows()).toBe(27);
    expect(await store.sweep(10)).toEqual({ removed: 0, more: false });
    const { schema } = backend.db;
    await backend.db.query({
      text: `update ${schema}.sessions set until = until - interval '40 days', last = last - interval '40 days', due = due - interval '40 days' where id <> 'kept'`,
    });
    expect(await store.sweep(10)).toEqual({ removed: 10, more: true });
    await using sessions = createSessions({ store, sweepBatch: 10 });
    expect(await sessions.sweep()).toBe(16);
    expect(await rows()).toBe(1);
    expect((await store.list('ann', 10)).map(({ id }) => id)).toEqual(['kept']);
  });

  test('the table does not grow while sessions come and go', async () => {
    await using backend = await openBackend(name);
    await migrate(backend.db);
    const { db } = backend;
    const store = postgresSessionStore(db);
    const size = (): Promise<number> => numberOf(db, `select pg_total_relation_size('parley.sessions')`);
    let ids = 0;
    const round = async (): Promise<void> => {
      const names = Array.from({ length: 200 }, () => `i${(ids += 1)}`);
      await Promise.all(names.map((id, i) => store.create({ ...life, id, user: `u${i % 20}` })));
      await Promise.all(names.map((id) => store.touch(id, life.idleMs)));
      await store.destroy(names, { token: 't', stoneMs: 1 });
      await db.query({ text: `update ${db.schema}.sessions set due = until - interval '1 day'` });
      await until(async () => (await store.sweep(1_000)).removed === 0, { what: 'nothing is left' });
      // A server cleans up by itself, in its own time; an embedded one when so much has changed.
      if (db.kind === 'postgres') await db.query({ text: `vacuum ${db.schema}.sessions` });
    };
    for (let i = 0; i < 10; i++) await round();
    const before = await size();
    for (let i = 0; i < 10; i++) await round();
    expect(await size()).toBeLessThan(before * 1.6);
  });

  test('health tells how much there is', async () => {
    await using backend = await openBackend(name);
    const store = postgresSessionStore(backend.db);
    await store.create({ ...life, id: 'i' });
    const { status, details } = await store.health();
    expect(status).toBe('up');
    expect(Object.keys(details ?? {})).toEqual(expect.arrayContaining(['sessions', 'deadRows']));
  });
});

describe('many at the same time', () => {
  test('a session that gets another id while its user signs out everywhere ends under that one', async () => {
    const db = connect('overtaken', 4);
    const store = postgresSessionStore(db);
    for (const id of ['one', 'two']) await store.create({ ...life, id, user: 'ann' });
    const rotating = await db.acquire();
    try {
      await rotating.query({ text: 'begin' });
      await rotating.query({ text: `update overtaken.sessions set id = 'new' where id = 'one'` });
      const ended = store.destroyOf('ann', { token: 't', stoneMs: 60_000 });
      await untilRunning(server, 'session_destroy_of');
      await rotating.query({ text: 'commit' });
      expect(await ended).toBe(2);
    } finally {
      rotating.release();
    }
    expect([await store.read('new'), await store.list('ann', 10)]).toEqual([undefined, []]);
  });

  test.each<[string, string, (store: SessionStore) => Promise<unknown>, string]>([
    [
      'a write that is repeated while its first copy is under way',
      `update overlap.sessions set version = 'v2' where id = 'one'`,
      (store) => store.write({ id: 'one', version: 'v2', seen: 'v', data: '', idleMs: 60_000 }),
      'done',
    ],
    [
      'a write over whatever there is',
      `update overlap.sessions set version = 'v2' where id = 'one'`,
      (store) => store.write({ id: 'one', version: 'v2', data: '', idleMs: 60_000 }),
      'done',
    ],
    [
      'a rotation that is repeated while its first copy is under way',
      `update overlap.sessions set version = 'v2', id = 'two' where id = 'one'`,
      (store) => store.rotate({ from: 'one', to: 'two', version: 'v2', idleMs: 60_000, stoneMs: 1_000 }),
      'done',
    ],
    [
      'a write of what is being ended',
      `update overlap.sessions set version = '', ended = 't' where id = 'one'`,
      (store) => store.write({ id: 'one', version: 'v2', seen: 'v', data: '', idleMs: 60_000 }),
      'gone',
    ],
    [
      'a write that somebody else comes before',
      `update overlap.sessions set version = 'other' where id = 'one'`,
      (store) => store.write({ id: 'one', version: 'v2', seen: 'v', data: '', idleMs: 60_000 }),
      'conflict',
    ],
  ])('%s is told what became of it', async (_, first, again, verdict) => {
    const db = connect('overlap', 3);
    const store = postgresSessionStore(db);
    await store.sweep(1);
    await db.query({ text: 'truncate overlap.sessions' });
    await store.create({ ...life, id: 'one', user: 'ann' });
    const changing = await db.acquire();
    try {
      await changing.query({ text: 'begin' });
      await changing.query({ text: first });
      const told = again(store);
      const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and strpos(query, 'overlap.sessions') > 0`;
      await until(async () => (await server.query(waiting)).length > 0, { what: 'it waits' });
      await changing.query({ text: 'commit' });
      expect(await told).toBe(verdict);
    } finally {
      changing.release();
    }
  });

  test('wait for each other and never in a circle, and who has logged out stays so', async () => {
    const stores: SessionStore[] = [];
    for (let i = 0; i < 3; i++) stores.push(postgresSessionStore(connect('storm', 6)));
    const random = seededRandom(Date.now() % 2 ** 31);
    const users = ['ann', 'bob', 'cy'];
    const ids = Array.from({ length: 24 }, (_, i) => `i${i}`);
    const one = (list: readonly string[]): string => list[random.between(0, list.length - 1)] ?? '';
    const some = (): string[] => Array.from({ length: 6 }, () => one(ids));
    const before = await count(
      'select deadlocks as n from pg_stat_database where datname = current_database()',
    );
    let tokens = 0;
    const ending = () => ({ token: `t${(tokens += 1)}`, stoneMs: 1 });
    const act = async (store: SessionStore): Promise<unknown> => {
      const [id, user] = [one(ids), one(users)];
      switch (random.between(0, 6)) {
        case 0:
          return store.create({ ...life, id, version: `v${(tokens += 1)}`, user });
        case 1:
          return store.write({ id, version: `v${(tokens += 1)}`, user, data: '', idleMs: 60_000 });
        case 2:
          return store.destroy(some(), ending());
        case 3:
          return store.destroyOf(user, ending());
        case 4: {
          const to = `r${(tokens += 1)}`;
          return store.rotate({ from: id, to, version: to, idleMs: 60_000, stoneMs: 1 });
        }
        case 5:
          return store.sweep(5);
        default:
          return store.touch(id, 60_000);
      }
    };
    const worker = async (n: number): Promise<void> => {
      for (const store of stores.slice(n % stores.length).slice(0, 1))
        for (let i = 0; i < 60; i++) await act(store);
    };
    await Promise.all(Array.from({ length: 12 }, (_, n) => worker(n)));
    const [store] = stores;
    for (const user of users) {
      await store?.destroyOf(user, { token: 'end', stoneMs: 60_000 });
      expect(await store?.list(user, 100)).toEqual([]);
    }
    expect(
      await count(`select count(*) as n from storm.sessions where username is not null and ended is null`),
    ).toBe(0);
    expect(
      await count('select deadlocks as n from pg_stat_database where datname = current_database()'),
    ).toBe(before);
  });
});
