import { connectPostgres } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import type { CacheStore } from '@parley/cache-core';
import { startPostgres, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { failure } from '../support/failure.ts';
import { lease, longMs, record, texts } from '../support/records.ts';

let server: PostgresServer;
const open: Database[] = [];
beforeAll(async () => {
  // A deadlock is told after this time, and none is to be found.
  server = await startPostgres({ settings: { deadlock_timeout: '20ms' } });
});
afterEach(() => Promise.all(open.splice(0).map((db) => db.close())));
afterAll(() => server.stop());

function connect(schema: string, maxConnections = 8): Database {
  const db = connectPostgres({
    url: server.url,
    schema,
    maxConnections,
    queryTimeout: '20s',
    connectTimeout: '20s',
  });
  open.push(db);
  return db;
}

const count = async (sql: string): Promise<number> => Number((await server.query<{ n: string }>(sql))[0]?.n);
const deadlocks = (): Promise<number> =>
  count(`select deadlocks as n from pg_stat_database where datname = current_database()`);

/** The same numbers in the same order each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('batches that overlap', () => {
  test('of every kind wait for each other, and never in a circle', async () => {
    await using store = postgresCacheStore(connect('circles'));
    await store.read(['x']);
    const next = random(7);
    const keys = Array.from({ length: 24 }, (_, i) => `k${i}`);
    const some = (): string[] => keys.filter(() => next() < 0.6).sort(() => next() - 0.5);
    const token = (): string => `t${Math.floor(next() * 3)}`;
    const calls: ((store: CacheStore) => Promise<unknown>)[] = [
      (store) => store.write(some().map((key) => record(key))),
      (store) => store.remove(some()),
      (store) => store.touch(some().map((key) => ({ key, freshMs: longMs, keepMs: longMs }))),
      (store) => store.lease(some().map((key) => ({ key, token: token(), ttlMs: longMs }))),
      (store) => store.fill(some().map((key) => ({ ...record(key), token: token() }))),
      (store) => store.release(some().map((key) => ({ key, token: token() }))),
      (store) => store.bump(some(), { keepMs: longMs }),
      (store) => store.epochs(some(), { keepMs: longMs * (1 + next()) }),
    ];
    const before = await deadlocks();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let i = 0; i < 60; i++) await calls[Math.floor(next() * calls.length)]?.(store);
      }),
    );
    expect(await deadlocks()).toBe(before);
  }, 60_000);
});

describe('updates', () => {
  test('stay in their page and touch no index', async () => {
    const db = connect('hot');
    await using store = postgresCacheStore(db);
    const keys = Array.from({ length: 300 }, (_, i) => `k${i}`);
    const next = random(3);
    const value = (): string => 'x'.repeat(Math.floor(200 + next() * 900));
    for (let round = 0; round < 10; round++) {
      for (let at = 0; at < keys.length; at += 50) {
        await store.write(keys.slice(at, at + 50).map((key) => record(key, value())));
      }
    }
    const ratio = async (): Promise<number | undefined> => {
      const { details } = await store.health();
      const [updates, inPlace] = [Number(details?.['updates']), Number(details?.['updatesInPlace'])];
      return updates >= 2_700 ? inPlace / updates : undefined;
    };
    expect(await until(ratio, { what: 'the statistics have arrived' })).toBeGreaterThan(0.9);
  });
});

describe('one lease for many', () => {
  test('whoever asks, one at a time holds it, and each fill is of its holder', async () => {
    const stores = [connect('leases', 4), connect('leases', 4)].map((db) => postgresCacheStore(db));
    let holders = 0;
    let fills = 0;
    const work = async (store: CacheStore, id: string): Promise<void> => {
      for (let i = 0; i < 15; i++) {
        const token = `${id}-${i}`;
        const reply = await lease(store, 'k', token);
        if (reply.state !== 'granted') continue;
        holders += 1;
        expect(holders).toBe(1);
        holders -= 1;
        const [filled] = await store.fill([{ ...record('k', token), token }]);
        expect(filled).toBe(true);
        fills += 1;
        expect(await texts(store, ['k'])).toEqual([token]);
        expect(await store.remove(['k'])).toEqual([true]);
      }
    };
    await Promise.all(stores.flatMap((store, s) => [0, 1, 2, 3].map((id) => work(store, `${s}-${id}`))));
    expect(fills).toBeGreaterThan(1);
    await Promise.all(stores.map((store) => store.close()));
  }, 60_000);

  test('a lease that had to wait for a deletion finds out that its record is gone', async () => {
    const db = connect('vanished');
    await using store = postgresCacheStore(db);
    await store.write([record('k', 'old', { version: 5 })]);
    const session = await db.acquire();
    await session.query({ text: 'begin' });
    await session.query({ text: 'delete from vanished.cache_entries' });
    const asked = lease(store, 'k', 't', { seen: 5 });
    await until(waiting, { what: 'it waits' });
    await session.query({ text: 'commit' });
    session.release();
    expect(await asked).toEqual({ state: 'changed', record: undefined });
    expect(await store.fill([{ ...record('k', 'x'), token: 't' }])).toEqual([false]);
    expect(await lease(store, 'k', 'u')).toMatchObject({ state: 'granted' });
  });

  test('a lease that had to wait for another says how things stand then', async () => {
    const db = connect('waited');
    await using store = postgresCacheStore(db);
    await store.write([record('k', 'old', { version: 5 })]);
    for (const [change, expected] of [
      [`lease_token = 'other', lease_until = now() + interval '1 min'`, { state: 'held' }],
      [`version = 6, lease_token = null`, { state: 'changed', record: { version: 6 } }],
      [`version = 5, lease_token = 't', lease_until = now() + interval '1 min'`, { state: 'granted' }],
    ] as const) {
      const session = await db.acquire();
      await session.query({ text: 'begin' });
      await session.query({ text: `update waited.cache_entries set ${change}` });
      const asked = lease(store, 'k', 't', { seen: 5 });
      await until(waiting, { what: 'it waits' });
      await session.query({ text: 'commit' });
      session.release();
      expect(await asked).toMatchObject(expected);
      await store.write([record('k', 'old', { version: 5 })]);
    }
  });

  test('a fill that had to wait for a newer write is refused', async () => {
    const db = connect('outrun');
    await using store = postgresCacheStore(db);
    await lease(store, 'k', 't');
    const session = await db.acquire();
    await session.query({ text: 'begin' });
    await session.query({
      text: `update outrun.cache_entries set lease_token = null, bytes = 'newer', version = 9, keep_until = now() + interval '1 min', fresh_until = now()`,
    });
    const filling = store.fill([{ ...record('k', 'outdated'), token: 't' }]);
    await until(waiting, { what: 'it waits' });
    await session.query({ text: 'commit' });
    session.release();
    expect(await filling).toEqual([false]);
    expect(await texts(store, ['k'])).toEqual(['newer']);
  });
});

/** Whether anybody waits for a lock; there is nobody but the test. */
const waiting = async (): Promise<boolean> =>
  (await count(`select count(*) as n from pg_stat_activity where wait_event_type = 'Lock'`)) > 0;

describe('a crash of the server', () => {
  test('empties what is not logged, guards with it, so that nothing comes back; what is logged stays', async () => {
    const db = connect('crashed');
    await using store = postgresCacheStore(db);
    await using logged = postgresCacheStore(db, { logged: true });
    const epochs = new Map<CacheStore, number | undefined>();
    for (const one of [store, logged]) {
      await one.write([record('k')]);
      epochs.set(one, (await one.bump(['t:a'], { keepMs: longMs }))[0]);
    }
    // Without a checkpoint nothing of the logged tables need be on disk but their log.
    await server.query('checkpoint');
    await server.stopImmediately();
    expect(await failure(store.read(['k']))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart({ data: 'keep' });
    await until(() => store.read(['k']), { what: 'it answers again' });
    expect(await texts(store, ['k'])).toEqual([undefined]);
    expect(await store.epochs(['t:a'])).toEqual([undefined]);
    expect((await store.epochs(['t:a'], { keepMs: longMs }))[0]).toBeGreaterThan(
      epochs.get(store) ?? Infinity,
    );
    expect(await texts(logged, ['k'])).toEqual(['k']);
    expect(await logged.epochs(['t:a'])).toEqual([epochs.get(logged)]);
  }, 60_000);
});
