import { connectPostgres } from '@parley/adapter-postgres';
import type { Database, PostgresConfig } from '@parley/adapter-postgres';
import { startPostgres, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilRunning } from './support/running.ts';
import { failure, timed } from './support/failure.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ password: 's3cret' });
});
afterAll(() => server.stop());

const connect = (more: PostgresConfig = {}): Database => connectPostgres({ url: server.url, ...more });

const one = async (
  db: Database,
  sql: string,
  params: readonly string[] = [],
): Promise<string | null | undefined> => (await db.query({ text: sql }, params)).rows[0]?.[0];

/** A statement that runs until it is let go. */
async function held(): Promise<{ readonly sql: string; readonly letGo: () => Promise<void> }> {
  const db = connect();
  const session = await db.acquire();
  await session.query({ text: 'select pg_advisory_lock(7)' });
  return {
    sql: 'select pg_advisory_lock_shared(7), 7',
    async letGo() {
      await session.query({ text: 'select pg_advisory_unlock(7)' });
      session.release();
      await db.close();
    },
  };
}

test('values come as the server writes them, with names and types of the columns', async () => {
  await using db = connect();
  const text = `select $1::text as a, $2::int as b, null as c, $3::bytea as d, $4::bool as e`;
  const result = await db.query({ text }, ['x', 7, Uint8Array.of(0, 255), true]);
  expect(result).toEqual({
    rows: [['x', '7', null, String.raw`\x00ff`, 't']],
    columns: ['a', 'b', 'c', 'd', 'e'].map((name, i) => ({ name, type: [25, 23, 25, 17, 16][i] })),
    command: 'SELECT',
    count: 1,
  });
});

test('a named statement is prepared once for each connection', async () => {
  await using db = connect({ maxConnections: 1 });
  for (let i = 0; i < 3; i++) await db.query({ name: 'mine', text: 'select $1::int' }, [i]);
  expect(await one(db, `select count(*) from pg_prepared_statements where name = 'mine'`)).toBe('1');
  await using without = connect({ maxConnections: 1, prepare: false });
  await without.query({ name: 'mine', text: 'select $1::int' }, [1]);
  expect(await one(without, `select count(*) from pg_prepared_statements where name <> ''`)).toBe('0');
});

test('the server sees the name and the time limit, and a pooler need not see either setting', async () => {
  await using db = connect({ applicationName: 'chat', queryTimeout: '2s' });
  expect(await one(db, `select current_setting('application_name')`)).toBe('chat');
  expect(await one(db, `select current_setting('statement_timeout')`)).toBe('1800ms');
  await using pooled = connect({ statementTimeout: 0, prepare: false });
  expect(await one(pooled, `select current_setting('statement_timeout')`)).toBe('0');
  expect(await one(pooled, `select current_setting('enable_seqscan')`)).toBe('on');
});

test('the password may be asked for when it is needed', async () => {
  const asked: number[] = [];
  await using db = connect({
    password: async () => {
      asked.push(1);
      return 's3cret';
    },
  });
  expect(await one(db, 'select 1')).toBe('1');
  expect(asked).toHaveLength(1);
  await using wrong = connect({ password: () => 'wr0ng' });
  const error = await failure(wrong.query({ text: 'select 1' }));
  expect(error).toMatchObject({ code: 'STORE_FAULT', evidence: { code: '28P01' } });
  expect(JSON.stringify(error)).not.toContain('wr0ng');
});

test('no more connections are opened than were allowed, and who waits too long is told', async () => {
  await using db = connect({ maxConnections: 2, connectTimeout: '2s' });
  const sessions = await Promise.all([db.acquire(), db.acquire()]);
  const { outcome, ms } = await timed(() => failure(db.query({ text: 'select 1' })));
  expect(outcome).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(ms).toBeGreaterThan(1_900);
  for (const session of sessions) session.release();
  expect(await one(db, 'select 1')).toBe('1');
});

test('a statement that takes too long is ended by the server, and its connection stays', async () => {
  await using db = connect({ maxConnections: 1, queryTimeout: '20s', statementTimeout: '1s' });
  const before = await one(db, 'select pg_backend_pid()');
  expect(await failure(db.query({ text: 'select pg_sleep(30)' }))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    evidence: { code: '57014' },
  });
  expect(await one(db, 'select pg_backend_pid()')).toBe(before);
});

test('a single statement may be given another limit', async () => {
  await using db = connect({ maxConnections: 1 });
  const { outcome, ms } = await timed(() =>
    failure(db.query({ text: 'select pg_sleep(30)' }, [], { timeoutMs: 200 })),
  );
  expect(outcome).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(ms).toBeLessThan(10_000);
});

describe('giving up', () => {
  test('who waits for a connection leaves at once, and takes none with him', async () => {
    await using db = connect({ maxConnections: 1 });
    const session = await db.acquire();
    const impatient = new AbortController();
    const waiting = [db.query({ text: 'select 1' }, [], impatient), db.acquire(impatient)];
    impatient.abort();
    for (const one of waiting) expect(await failure(one)).toMatchObject({ code: 'ABORTED' });
    session.release();
    expect(await one(db, 'select 1')).toBe('1');
  });

  test('who waits for an answer leaves at once, and the connection comes back with the answer', async () => {
    await using db = connect({ maxConnections: 1 });
    const before = await one(db, 'select pg_backend_pid()');
    const impatient = new AbortController();
    const { sql, letGo } = await held();
    const waiting = db.query({ text: sql }, [], impatient);
    await untilRunning(server, sql);
    impatient.abort();
    expect(await failure(waiting)).toMatchObject({ code: 'ABORTED' });
    await letGo();
    expect(await one(db, 'select pg_backend_pid()')).toBe(before);
  });
});

describe('transactions', () => {
  test('commit what was done, or nothing of it', async () => {
    await using db = connect();
    await server.query('create table if not exists kept (n int)');
    await db.transaction((session) => session.query({ text: 'insert into kept values (1)' }));
    const reason = new Error('not this one');
    const failed = db.transaction(async (session) => {
      await session.query({ text: 'insert into kept values (2)' });
      throw reason;
    });
    expect(await failure(failed)).toBe(reason);
    expect(await server.query('select n from kept')).toEqual([{ n: 1 }]);
  });

  test('an error that the work ignores is not taken for a success', async () => {
    await using db = connect();
    const work = db.transaction(async (session) => {
      await session.query({ text: 'select 1/0' }).catch(() => {});
    });
    expect(await failure(work)).toMatchObject({ code: 'STORE_FAULT' });
  });

  test('a session that is given back in the middle of one is not lent again', async () => {
    await using db = connect({ maxConnections: 1 });
    const session = await db.acquire();
    const before = (await session.query({ text: 'select pg_backend_pid()' })).rows[0]?.[0];
    await session.query({ text: 'begin' });
    session.release();
    expect(await one(db, 'select pg_backend_pid()')).not.toBe(before);
  });

  test('what is asked of a session at the same time runs one after the other', async () => {
    await using db = connect();
    const session = await db.acquire();
    const slow = session.query({ text: 'select pg_sleep(0.05), clock_timestamp()' });
    const others = Array.from({ length: 5 }, (_, n) => session.query({ text: 'select $1::int' }, [n]));
    const warned: unknown[] = [];
    process.once('warning', (warning) => warned.push(warning));
    expect((await Promise.all(others)).map(({ rows }) => rows[0]?.[0])).toEqual(['0', '1', '2', '3', '4']);
    expect((await slow).rows).toHaveLength(1);
    session.release();
    expect(warned).toEqual([]);
  });

  test('several statements at once run as a script', async () => {
    await using db = connect();
    const session = await db.acquire();
    await session.script('create temporary table t (n int); insert into t values (1), (2)');
    expect((await session.query({ text: 'select sum(n) from t' })).rows).toEqual([['3']]);
    expect(await failure(session.script('select 1; select nothing'))).toMatchObject({ code: 'STORE_FAULT' });
    session.release();
  });
});

describe('closing', () => {
  test('lets what runs come to its end', async () => {
    const db = connect();
    const { sql, letGo } = await held();
    const running = db.query({ text: sql });
    await untilRunning(server, sql);
    const closing = db.close();
    await letGo();
    await closing;
    expect((await running).rows).toEqual([['', '7']]);
  });

  test('does not wait for ever for who does not give a session back', async () => {
    const db = connect();
    const session = await db.acquire();
    await db.close();
    expect(await failure(session.query({ text: 'select 1' }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    session.release();
  });

  test('ends a connection that listens, and says so', async () => {
    const db = connect();
    const gone: unknown[] = [];
    await db.listen('news', { notification() {}, gone: (reason) => gone.push(reason) });
    await db.close();
    expect(gone).toMatchObject([{ code: 'CLOSED' }]);
  });

  test('is final, and can be repeated', async () => {
    const db = connect({ applicationName: 'leaver' });
    await db.query({ text: 'select 1' });
    await Promise.all([db.close(), db.close()]);
    const calls = [
      db.query({ text: 'select 1' }),
      db.acquire(),
      db.listen('x', { notification() {}, gone() {} }),
    ];
    for (const call of calls) expect(await failure(call)).toMatchObject({ code: 'CLOSED' });
    expect(await db.health()).toMatchObject({ status: 'down' });
    await until(
      async () =>
        (await server.query(`select 1 from pg_stat_activity where application_name = 'leaver'`)).length === 0,
      { what: 'its connections are gone' },
    );
  });
});

test('health tells version, role, connections and the oldest transaction', async () => {
  await using db = connect();
  const session = await db.acquire();
  await session.query({ text: 'begin' });
  const health = await db.health();
  expect(health).toMatchObject({
    status: 'up',
    details: { role: 'primary', readOnly: false, maxConnections: 100, poolOpen: 2 },
  });
  expect(health.details?.['version']).toMatch(/^\d+/);
  expect(health.details?.['oldestTransactionSeconds']).toBeGreaterThanOrEqual(0);
  session.release();
  const again = await db.health();
  expect(again.since).toBe(health.since);
});
