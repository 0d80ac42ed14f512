import { migrate } from '@parley/adapter-postgres';
import type { Database, Session } from '@parley/adapter-postgres';
import { postgresLockStore, type PostgresLockStore } from '@parley/adapter-postgres/lock';
import { systemClock, type Clock } from '@parley/cache-core/kernel';
import { createLocks, type Locks } from '@parley/cache-core/lock';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBackend, type Backend } from '../support/backends.ts';
import { failure } from '../support/failure.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

let backend: Backend;
let db: Database;
let store: PostgresLockStore;
let locks: Locks;
let keys = 0;

beforeAll(async () => {
  backend = await openBackend('a server');
  db = backend.db;
  await migrate(db);
  store = postgresLockStore(db);
  locks = createLocks({ store: postgresLockStore(backend.other), poll: '100ms' });
});
afterAll(async () => {
  await locks.close();
  await backend[Symbol.asyncDispose]();
});

const newKey = (): string => `transaction ${(keys += 1)}`;
const rolledBack = new Error('rolled back');

/** A transaction that goes on until it is told to end. */
async function opened(work: (session: Session) => Promise<unknown>) {
  const ending = Promise.withResolvers<'commit' | 'rollback'>();
  const begun = Promise.withResolvers<unknown>();
  const over = db
    .transaction(async (session) => {
      begun.resolve(await work(session));
      if ((await ending.promise) === 'rollback') throw rolledBack;
    })
    .catch((error: unknown) => {
      begun.reject(error);
      if (error !== rolledBack) throw error;
    });
  const end = (how: 'commit' | 'rollback') => {
    ending.resolve(how);
    return over;
  };
  return { answer: await begun.promise, end };
}

describe('a lock for the length of a transaction', () => {
  test.each(['commit', 'rollback'] as const)(
    'excludes leases and other transactions until its %s',
    async (how) => {
      const key = newKey();
      const transaction = await opened((session) => store.lockInTransaction(session, key));
      expect(transaction.answer).toBeTypeOf('number');
      expect(await locks.tryAcquire(key)).toBeUndefined();
      const other = await db.transaction((session) => store.lockInTransaction(session, key));
      expect(other).toBeUndefined();
      const waiting = locks.acquire(key, { wait: '30s' });
      await until(() => locks.stats().waiting === 1, { what: 'it waits' });
      await transaction.end(how);
      const lock = await waiting;
      expect(lock.fence).toBeGreaterThan(Number(transaction.answer));
      await lock.release();
    },
  );

  test('is not had while somebody has a lease, and nothing is left of the attempt', async () => {
    const key = newKey();
    const lock = await locks.acquire(key, { lease: '20s' });
    const transaction = await opened((session) => store.lockInTransaction(session, key));
    expect(transaction.answer).toBeUndefined();
    // The transaction goes on, and is in nobody's way.
    await lock.extend();
    expect(await lock.release()).toBe(true);
    const next = await locks.acquire(key);
    expect(next.fence).toBeGreaterThan(lock.fence);
    await next.release();
    await transaction.end('commit');
  });

  test('does not swallow the release of a lease by looking for it over and over', async () => {
    const key = newKey();
    const token = 'leaving';
    const reply = await store.acquire({ key, token, leaseMs: 60_000 });
    expect(reply.state).toBe('granted');
    // An attempt in vain, in its middle.
    const number = { text: `select pg_advisory_xact_lock(${db.schema}.lock_number($1))` };
    const attempt = await opened((session) => session.query(number, [key]));
    const released = store.release({ key, token });
    const waiting = {
      text: `select from pg_locks where locktype = 'advisory' and not granted and mode = 'ShareLock'`,
    };
    const settled = { is: false };
    void released.finally(() => (settled.is = true));
    await until(async () => settled.is || (await backend.other.query(waiting)).rows.length > 0, {
      what: 'it waits, or has been answered',
    });
    await attempt.end('rollback');
    expect(await released).toBe(true);
    const next = await locks.tryAcquire(key);
    expect(next).toBeDefined();
    await next?.release();
  });

  test('waits for as long as it is told', async () => {
    const key = newKey();
    const lock = await locks.acquire(key);
    const transaction = opened((session) => store.lockInTransaction(session, key, { waitMs: 30_000 }));
    expect(await lock.release()).toBe(true);
    const { answer, end } = await transaction;
    expect(Number(answer)).toBeGreaterThan(lock.fence);
    await end('commit');
  });

  test('has fences that rise with those of leases, though it is rolled back', async () => {
    const key = newKey();
    const fences: number[] = [];
    for (const how of ['commit', 'rollback', 'commit'] as const) {
      const transaction = await opened((session) => store.lockInTransaction(session, key));
      fences.push(Number(transaction.answer));
      await transaction.end(how);
      await locks.using(key, (_signal, fence) => void fences.push(fence));
    }
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(fences.length);
  });

  test('of many transactions at once one has it', async () => {
    const key = newKey();
    let inside = 0;
    let had = 0;
    const work = async (session: Session): Promise<void> => {
      if ((await store.lockInTransaction(session, key, { waitMs: 30_000 })) === undefined) return;
      had += 1;
      inside += 1;
      expect(inside).toBe(1);
      await session.query({ text: 'select pg_sleep(0.01)' });
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => db.transaction(work)));
    expect(had).toBe(12);
  });

  test('is refused where the transaction would not see who holds it', async () => {
    const key = newKey();
    const call = db.transaction(async (session) => {
      await session.query({ text: 'set transaction isolation level repeatable read' });
      return store.lockInTransaction(session, key);
    });
    expect(await failure(call)).toMatchObject({ code: 'STORE_FAULT' });
    expect((await locks.tryAcquire(key))?.held).toBe(true);
  });

  test('is free when its connection is lost', async () => {
    const key = newKey();
    const transaction = opened(async (session) => {
      const fence = await store.lockInTransaction(session, key);
      const { rows } = await session.query({ text: 'select pg_backend_pid()' });
      await backend.other.query({ text: 'select pg_terminate_backend($1::int)' }, [rows[0]?.[0] ?? null]);
      return fence;
    });
    const { end } = await transaction;
    await failure(end('commit'));
    expect((await locks.acquire(key, { wait: '30s' })).held).toBe(true);
  });
});

describe('a fence that is checked in a transaction', () => {
  test('holds while nobody else has taken the lock, and the lease is extended meanwhile', async () => {
    const key = newKey();
    const lock = await locks.acquire(key);
    const transaction = await opened((session) => store.checkFence(session, key, lock.fence));
    expect(transaction.answer).toBe(true);
    await lock.extend();
    await transaction.end('commit');
    expect(await lock.release()).toBe(true);
    expect(await db.transaction((session) => store.checkFence(session, key, lock.fence))).toBe(false);
  });

  test('is refused when somebody else has taken it', async () => {
    const key = newKey();
    const late = await store.acquire({ key, token: 'late', leaseMs: 1 });
    const fence = late.state === 'granted' ? late.fence : 0;
    const lock = await locks.acquire(key, { wait: '30s' });
    expect(await db.transaction((session) => store.checkFence(session, key, fence))).toBe(false);
    expect(await db.transaction((session) => store.checkFence(session, key, lock.fence))).toBe(true);
    await lock.release();
  });

  test('keeps the lock until the transaction ends, though the lease is over', async () => {
    const key = newKey();
    const late = await store.acquire({ key, token: 'late', leaseMs: 1_000 });
    const fence = late.state === 'granted' ? late.fence : 0;
    const transaction = await opened((session) => store.checkFence(session, key, fence));
    expect(transaction.answer).toBe(true);
    await until(async () => !(await store.extend({ key, token: 'late', leaseMs: 1 })), {
      what: 'the lease is over',
    });
    expect(await locks.tryAcquire(key)).toBeUndefined();
    const inTransaction = db.transaction((session) => store.lockInTransaction(session, key));
    expect(await inTransaction).toBeUndefined();
    await transaction.end('commit');
    expect((await locks.acquire(key, { wait: '30s' })).fence).toBeGreaterThan(fence);
  });

  test('is refused behind a transaction that had the lock', async () => {
    const key = newKey();
    const late = await store.acquire({ key, token: 'late', leaseMs: 1 });
    const fence = late.state === 'granted' ? late.fence : 0;
    const taking = db.transaction((session) => store.lockInTransaction(session, key, { waitMs: 30_000 }));
    expect(Number(await taking)).toBeGreaterThan(fence);
    expect(await db.transaction((session) => store.checkFence(session, key, fence))).toBe(false);
  });
});

describe('embedded', () => {
  test('both work, once the tables are there', async () => {
    await using embedded = await openBackend('PGlite in memory');
    const { db } = embedded;
    const store = postgresLockStore(db);
    const early = db.transaction((session) => store.lockInTransaction(session, 'job'));
    expect(await failure(early)).toMatchObject({ code: 'STORE_FAULT', message: /prepare\(\)/ });
    await store.prepare();
    const first = await db.transaction((session) => store.lockInTransaction(session, 'job'));
    const taken = await store.acquire({ key: 'job', token: 'a', leaseMs: 60_000 });
    expect(taken).toMatchObject({ state: 'granted' });
    const fence = taken.state === 'granted' ? taken.fence : 0;
    expect(fence).toBeGreaterThan(first ?? Infinity);
    expect(await db.transaction((session) => store.lockInTransaction(session, 'job'))).toBeUndefined();
    expect(await db.transaction((session) => store.checkFence(session, 'job', fence))).toBe(true);
  });
});

test('what nobody has used for a day is forgotten, and nothing else', async () => {
  const [idle, held] = [newKey(), newKey()];
  await (await locks.acquire(idle)).release();
  const lock = await locks.acquire(held);
  const table = `${db.schema}.locks`;
  await db.query({ text: `update ${table} set until = until - interval '25 hours' where key = $1` }, [idle]);
  expect(await store.sweep()).toBe(1);
  await lock.extend();
  const { rows } = await db.query({ text: `select key from ${table} where key = any ($1)` }, [
    `{"${idle}","${held}"}`,
  ]);
  expect(rows).toEqual([[held]]);
  const again = await locks.acquire(idle);
  expect(again.held).toBe(true);
  await Promise.all([again.release(), lock.release()]);
});

test('what nobody has used for a day is forgotten by those who use locks, however much it is', async () => {
  await using own = await openBackend('a server');
  let hurriedBy = 0;
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + hurriedBy };
  const other = postgresLockStore({ ...own.db, clock });
  await other.prepare();
  const table = `${own.db.schema}.locks`;
  await own.db.query({
    text: `insert into ${table} (key, held, fence, until)
           select 'old ' || n, false, n, now() - interval '25 hours' from generate_series(1, 25000) as n`,
  });
  hurriedBy = 3_600_000;
  await other.acquire({ key: 'used', token: 'a', leaseMs: 60_000 });
  await until(
    async () => (await own.db.query({ text: `select count(*) from ${table}` })).rows[0]?.[0] === '1',
    { what: 'all is forgotten', deadline: 50_000 },
  );
});
