import { connectPostgres } from '@parley/adapter-postgres';
import type { Database, PostgresConfig } from '@parley/adapter-postgres';
import { startPostgres, startPostgresPair, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { untilRunning } from './support/running.ts';
import { failure, timed } from './support/failure.ts';

let server: PostgresServer;
let proxy: FaultProxy;
const open: Database[] = [];

beforeAll(async () => {
  server = await startPostgres();
  await server.query('create table log (entry text)');
});
beforeEach(async () => {
  proxy = await startProxy({ target: server });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((db) => db.close()));
  await proxy.close();
});
afterAll(() => server.stop());

function connect(more: PostgresConfig = {}): Database {
  const db = connectPostgres({ url: proxy.url, connectTimeout: '10s', queryTimeout: '10s', ...more });
  open.push(db);
  return db;
}

const pid = async (db: Database): Promise<unknown> =>
  (await db.query({ text: 'select pg_backend_pid()' })).rows[0]?.[0];

/** For what gets no answer. */
const impatience = { connectTimeout: '1s', queryTimeout: '1s' } as const;

const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };
/** Time limits are kept to within this, on a machine that does other things as well. */
const slackMs = 5_000;

const heals = (db: Database): Promise<unknown> =>
  until(() => pid(db), { what: 'the database answers again' });

test('refused: each call fails at once, and the next one after it came back succeeds', async () => {
  const db = connect();
  proxy.refuse();
  for (let i = 0; i < 3; i++) {
    const { outcome, ms } = await timed(() => failure(pid(db)));
    expect(outcome).toMatchObject({ ...unavailable, evidence: { code: 'ECONNREFUSED' } });
    expect(ms).toBeLessThan(slackMs);
  }
  expect(await db.health()).toMatchObject({ status: 'down', details: { code: 'ECONNREFUSED' } });
  await proxy.heal();
  await pid(db);
});

test('a name that nobody knows is a failure that may heal', async () => {
  const db = connect({ host: 'nowhere.invalid' });
  expect(await failure(pid(db))).toMatchObject(unavailable);
});

test('black hole: connections that swallow a statement are given up at its limit, and replaced', async () => {
  const db = connect({ maxConnections: 2, ...impatience });
  const before = await heals(db);
  proxy.blackHole();
  const { outcome, ms } = await timed(() => Promise.all([1, 2].map(() => failure(pid(db)))));
  for (const error of outcome) expect(error).toMatchObject(unavailable);
  expect(ms).toBeLessThan(1_000 + 1_000 + slackMs);
  // All connections are given up by now, so this one is about a new one.
  const connecting = await timed(() => failure(pid(db)));
  expect(connecting.outcome).toMatchObject(unavailable);
  expect(connecting.ms).toBeLessThan(1_000 + slackMs);
  await proxy.heal();
  expect(await heals(db)).not.toBe(before);
});

test('cut: the statement on its way fails, the next one succeeds', async () => {
  const db = connect({ queryTimeout: '60s' });
  const running = failure(db.query({ text: 'select pg_sleep(30)' }));
  await untilRunning(server, 'pg_sleep(30)');
  proxy.cut();
  expect(await running).toMatchObject(unavailable);
  await pid(db);
});

test('idle connections that are cut end neither the process nor the next call', async () => {
  const db = connect({ maxConnections: 3 });
  await Promise.all([1, 2, 3].map(() => pid(db)));
  proxy.cut();
  expect(await heals(db)).toBeDefined();
});

test('hung: statements fail at their limit, closing ends in bounded time', async () => {
  const db = connect(impatience);
  const closing = connect(impatience);
  await Promise.all([heals(db), heals(closing)]);
  await closing.listen('news', { notification() {}, gone() {} });
  await server.pause();
  try {
    const { outcome, ms } = await timed(() => failure(pid(db)));
    expect(outcome).toMatchObject(unavailable);
    expect(ms).toBeLessThan(1_000 + slackMs);
    const health = await timed(() => db.health());
    expect(health.outcome).toMatchObject({ status: 'down' });
    expect(health.ms).toBeLessThan(1_000 + slackMs);
    const closed = await timed(() => closing.close());
    expect(closed.ms).toBeLessThan(2_000 + slackMs);
  } finally {
    await server.resume();
  }
  await heals(db);
});

test('terminated by an operator: the statement fails as one that may be repeated, and the connection is gone', async () => {
  const db = connect({ queryTimeout: '60s', applicationName: 'victim', maxConnections: 2 });
  const idle = await pid(db);
  const session = await db.acquire();
  const running = failure(session.query({ text: 'select pg_sleep(30)' }));
  await untilRunning(server, 'pg_sleep(30)');
  await server.terminateBackends({ applicationName: 'victim' });
  expect(await running).toMatchObject({ ...unavailable, evidence: { code: '57P01' } });
  session.release();
  expect(await heals(db)).not.toBe(idle);
});

test('read-only: writing fails as something that heals, the connection is replaced, and it does heal', async () => {
  const db = connect({ maxConnections: 1 });
  const before = await pid(db);
  const write = (): Promise<unknown> => db.query({ text: `insert into log values ('read-only')` });
  await server.setReadOnly(true);
  try {
    await until(async () => Reflect.get(Object(await failure(write())), 'code') === 'STORE_UNAVAILABLE', {
      what: 'the server is read-only for everybody',
    });
    expect(await pid(db)).not.toBe(before);
    expect(await db.health()).toMatchObject({ status: 'degraded', details: { readOnly: true } });
  } finally {
    await server.setReadOnly(false);
  }
  await until(() => write().then(() => true), { what: 'it writes again' });
});

test('a lost reply: the statement took effect once, and is not sent again', async () => {
  const db = connect();
  await pid(db);
  const loss = proxy.dropNextReply();
  const write = db.query({ text: 'insert into log values ($1)' }, ['only once']);
  expect(await failure(write)).toMatchObject(unavailable);
  await loss.lost;
  await pid(db);
  expect(await server.query(`select 1 from log where entry = 'only once'`)).toHaveLength(1);
});

test('a reply that never comes: the statement took effect once', async () => {
  const db = connect(impatience);
  await heals(db);
  proxy.dropNextReply(undefined, 'silence');
  expect(await failure(db.query({ text: 'insert into log values ($1)' }, ['silence']))).toMatchObject(
    unavailable,
  );
  await proxy.heal();
  await heals(db);
  expect(await server.query(`select 1 from log where entry = 'silence'`)).toHaveLength(1);
});

test('replies in pieces are put together', async () => {
  const db = connect();
  proxy.slice(3);
  const { rows } = await db.query({ text: 'select $1::text, n from generate_series(1, 20) n' }, [
    'ü'.repeat(50),
  ]);
  expect(rows).toHaveLength(20);
  expect(rows[19]).toEqual(['ü'.repeat(50), '20']);
});

test('the server dies and comes back', async () => {
  const own = await startPostgres();
  try {
    const db = connect({ url: own.url });
    await pid(db);
    await own.kill();
    expect(await failure(pid(db))).toMatchObject(unavailable);
    await own.restart({ data: 'keep' });
    await heals(db);
  } finally {
    await own.stop();
  }
});

describe('a standby', () => {
  test('is refused, because it answers from the past, until it is promoted', async () => {
    const pair = await startPostgresPair({ synchronous: false });
    try {
      const db = connect({ url: pair.standby.url });
      expect(await failure(pid(db))).toMatchObject({
        ...unavailable,
        message: expect.stringContaining('standby'),
      });
      await pair.primary.kill();
      await pair.promote();
      await pid(db);
    } finally {
      await pair.stop();
    }
  });
});
