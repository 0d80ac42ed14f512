import { connectPostgres } from '@parley/adapter-postgres';
import type { Database, PostgresConfig } from '@parley/adapter-postgres';
import { startPostgres, startPostgresPair, startProxy, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { failure } from './support/failure.ts';
import { longMs, rule, takeOne } from './support/ratelimit.ts';

vi.setConfig({ testTimeout: 120_000 });

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

function opened<T extends AsyncDisposable>(one: T): T {
  open.push(one);
  return one;
}

function urlOf(...servers: readonly PostgresServer[]): string {
  const hosts = servers.map(({ host, port }) => `${host}:${port}`);
  return `postgres://postgres@${hosts.join(',')}/postgres?target_session_attrs=read-write`;
}

const connect = (config: PostgresConfig): Database => opened(connectPostgres(config));

const portOf = async (db: Database): Promise<unknown> =>
  (await db.query({ text: `select current_setting('port')` })).rows[0]?.[0];

const unavailable = { code: 'STORE_UNAVAILABLE' };

describe('of several servers', () => {
  test('the primary is found wherever it stands, and again when it is another one, which knows who is blocked and what is out', async () => {
    const pair = opened(await startPostgresPair({ synchronous: true }));
    const { primary, standby } = pair;
    const dbs = [connect({ url: urlOf(primary, standby) }), connect({ url: urlOf(standby, primary) })];
    for (const db of dbs) expect(await portOf(db)).toBe(`${primary.port}`);
    const before = dbs.map(({ server }) => server);
    const limits = dbs.map((db) => opened(postgresLimitStore(db)));
    const [count, slots, blocked] = [
      rule('log', 3, longMs, { name: 'count' }),
      rule('concurrency', 1, longMs),
      rule('gcra', 3, longMs, { name: 'blocked' }),
    ];
    for (const store of limits.slice(0, 1)) {
      await takeOne(store, count, 'ann', { cost: 3 });
      await takeOne(store, slots, 'ann');
      await store.block([{ rule: blocked, identity: 'ann', forMs: longMs }]);
    }

    await primary.kill();
    for (const db of dbs) expect(await failure(portOf(db))).toMatchObject(unavailable);
    await pair.promote();
    for (const [i, db] of dbs.entries()) {
      await until(async () => (await portOf(db)) === `${standby.port}`, { what: 'the new primary is found' });
      expect(db.server).not.toBe(before[i]);
    }
    for (const store of limits.slice(1)) {
      // The whole of a limit once more, and no more than that.
      expect(await takeOne(store, count, 'ann', { cost: 3 })).toMatchObject({ ok: true });
      expect(await takeOne(store, count, 'ann')).toMatchObject({ ok: false });
      expect(await takeOne(store, slots, 'ann', { holder: 'other' })).toMatchObject({ ok: false });
      expect(await takeOne(store, blocked, 'ann')).toMatchObject({ ok: false });
    }
  });

  test('a call goes on to the next one itself, by all of the same deadline', async () => {
    const server = opened(await startPostgres());
    const hung = opened(await startPostgres());
    await hung.pause();
    const db = connect({ url: urlOf(hung, server), connectTimeout: '4s' });
    expect(await portOf(db)).toBe(`${server.port}`);
    await hung.resume();
  });

  test('one that takes no writes is passed over; where there is no other, it is read', async () => {
    const [first, second] = [opened(await startPostgres()), opened(await startPostgres())];
    await first.setReadOnly(true);
    expect(await portOf(connect({ url: urlOf(first, second) }))).toBe(`${second.port}`);
    expect(await portOf(connect({ url: urlOf(first) }))).toBe(`${first.port}`);
  });

  test('who listens finds it too', async () => {
    const pair = opened(await startPostgresPair({ synchronous: false }));
    const db = connect({ url: urlOf(pair.standby, pair.primary) });
    const heard: string[] = [];
    const handlers = { notification: (payload: string) => void heard.push(payload), gone: () => undefined };
    const listening = await until(() => db.listen('news', handlers).catch(() => undefined), {
      what: 'it listens',
    });
    await db.query({ text: `select pg_notify('news', 'x')` });
    await until(() => heard.length === 1, { what: 'it is heard' });
    await listening.close();
  });
});

test('what a server answers after another one took over is handed out to nobody', async () => {
  const [first, second] = [opened(await startPostgres()), opened(await startPostgres())];
  const proxy = opened(await startProxy({ target: first }));
  const db = connect({ url: proxy.url, maxConnections: 3 });
  const session = await db.acquire();
  const idle = await db.acquire();
  idle.release();
  const server = db.server;
  await session.query({ text: 'begin' });

  // As when an address moves: who is connected stays with the server that was left.
  proxy.retarget(second);
  const [left, fresh] = [await db.acquire(), await db.acquire()];
  expect(db.server).not.toBe(server);
  const { rows } = await fresh.query({ text: `select current_setting('port')` });
  expect(rows[0]?.[0]).toBe(`${second.port}`);
  expect(await failure(left.query({ text: 'select 1' }))).toMatchObject(unavailable);
  expect(await failure(session.query({ text: 'commit' }))).toMatchObject(unavailable);
  for (const each of [session, left, fresh]) each.release();
  for (let i = 0; i < 4; i++) expect(await portOf(db)).toBe(`${second.port}`);
});
