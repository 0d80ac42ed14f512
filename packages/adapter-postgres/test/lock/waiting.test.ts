import { connectPostgres, type Database } from '@parley/adapter-postgres';
import { postgresLockStore, type PostgresLockStore } from '@parley/adapter-postgres/lock';
import { systemClock, withDeadline } from '@parley/cache-core/kernel';
import { createLocks, type LockEar, type LockReply } from '@parley/cache-core/lock';
import { sharedPostgres, until, type SharedPostgres } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { failure } from '../support/failure.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const claimMs = 500;
const leaseMs = 60_000;

let shared: SharedPostgres;
let db: Database;
let store: PostgresLockStore;
let ear: LockEar;
let turns: string[] = [];

beforeAll(async () => {
  shared = await sharedPostgres();
  db = connectPostgres({ url: shared.url, schema: shared.schema });
  store = postgresLockStore(db, { claimMs });
  await store.prepare();
  ear = store.listen({ turn: (_key, token) => turns.push(token), lost: () => undefined });
  await ear.join('');
});
afterAll(async () => {
  await ear.close();
  await db.close();
  await shared.drop();
});

const queue = (key: string, token: string): Promise<LockReply> =>
  store.acquire({ key, token, leaseMs, queue: { ear: ear.id, keepMs: 60_000 } });

const waiters = async (key: string): Promise<unknown> =>
  (
    await db.query(
      { text: `select token, xmin::text from ${shared.schema}.lock_waiters where key = $1 order by place` },
      [key],
    )
  ).rows;

describe('who waits behind a transaction that has the lock', () => {
  test('writes nothing each time that it asks', async () => {
    await db.transaction(async (session) => {
      await store.lockInTransaction(session, 'long');
      expect(await queue('long', 'b')).toMatchObject({ state: 'held' });
      const before = await waiters('long');
      for (let i = 0; i < 10; i++) expect(await queue('long', 'b')).toMatchObject({ state: 'held' });
      expect(await waiters('long')).toEqual(before);
    });
    expect(await queue('long', 'b')).toMatchObject({ state: 'granted' });
  });

  test('keeps its turn, if it comes meanwhile', async () => {
    turns = [];
    const taken = await store.acquire({ key: 'checked', token: 'a', leaseMs });
    await db.transaction(async (session) => {
      const fence = taken.state === 'granted' ? taken.fence : 0;
      expect(await store.checkFence(session, 'checked', fence)).toBe(true);
      await queue('checked', 'b');
      await queue('checked', 'c');
      await store.release({ key: 'checked', token: 'a' });
      await until(() => turns.includes('b'), { what: 'b is told' });
      const claimed = systemClock.monotonic();
      while (systemClock.monotonic() < claimed + 2 * claimMs)
        expect(await queue('checked', 'b')).toMatchObject({ state: 'held' });
    });
    expect(await queue('checked', 'c')).toMatchObject({ state: 'held' });
    expect(await queue('checked', 'b')).toMatchObject({ state: 'granted' });
  });
});

test('a key that hangs does not keep a connection when nobody waits for it any more', async () => {
  await using own = connectPostgres({
    url: shared.url,
    schema: shared.schema,
    maxConnections: 1,
    queryTimeout: '1m',
    statementTimeout: '1m',
  });
  const locks = createLocks({ store: postgresLockStore(own), storeDeadline: '500ms' });
  await (await locks.acquire('warm')).release();
  const turn = `select pg_advisory_xact_lock(${shared.schema}.lock_turn('hung'))`;
  await db.transaction(async (session) => {
    await session.query({ text: turn });
    expect(await failure(locks.tryAcquire('hung'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    // What it may hold is not to be given back over and over on the only connection.
    await locks.close({ within: '1ms' });
    await withDeadline(20_000, () => own.query({ text: 'select 1' }), { what: 'another statement' });
  });
});
