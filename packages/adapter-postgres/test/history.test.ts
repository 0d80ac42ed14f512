import { connectPostgres, type Database } from '@parley/adapter-postgres';
import { postgresLockStore, type PostgresLockStore } from '@parley/adapter-postgres/lock';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { isRetryable } from '@parley/cache-core/kernel';
import { createLocks } from '@parley/cache-core/lock';
import {
  misbehave,
  newSeed,
  proofMs,
  runLimitHistory,
  runLockHistory,
  runLockHolders,
  seededRandom,
  startPostgres,
  startProxy,
  type FaultProxy,
  type PostgresServer,
  type Random,
  type TrafficLockStore,
} from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { rule, takeOne } from './support/ratelimit.ts';

const runMs = proofMs(5_000);

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: runMs + 120_000, hookTimeout: 120_000 });

let server: PostgresServer;
let proxies: FaultProxy[];
const connect = (url: string) =>
  connectPostgres({ url, maxConnections: 4, connectTimeout: '500ms', queryTimeout: '500ms' });

const inTransactions = (db: Database, store: PostgresLockStore): TrafficLockStore => ({
  ...store,
  transact: (work) =>
    db.transaction((session) =>
      work({
        lock: (key) => store.lockInTransaction(session, key),
        check: (key, fence) => store.checkFence(session, key, fence),
      }),
    ),
});

beforeAll(async () => {
  server = await startPostgres();
  proxies = await Promise.all(Array.from({ length: 4 }, () => startProxy({ target: server })));
  // The tables are there before anything breaks.
  await using db = connectPostgres({ url: server.url });
  await using limits = postgresLimitStore(db);
  await takeOne(limits, rule('log', 1, 1), 'first');
});
afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await server.stop();
});

describe('through random faults', () => {
  /** Whatever `work` rejects with is told with the seed that brings it about. What was committed stays. */
  async function misbehaving<T>(
    what: string,
    work: (random: Random, until: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const seed = newSeed();
    const random = seededRandom(seed);
    const until = AbortSignal.timeout(runMs);
    const faults = misbehave({ proxies, server, random: random.fork(), until });
    try {
      const [outcome] = await Promise.all([work(random.fork(), until), faults]);
      process.stdout.write(`${what} on Postgres, seed ${seed}: ${JSON.stringify(outcome)}\n`);
      return outcome;
    } catch (error) {
      throw new Error(`${what} on Postgres, seed ${seed}`, { cause: error });
    }
  }

  test('every history is that of a lock with rising fences, and no two are sure of one at once', async () => {
    const clients = proxies.map(({ url }) => connect(url));
    // What is held for nobody by a long lease is seen at the end; a short one is lost now and then.
    const facades = clients.map((db, i) =>
      createLocks({
        store: postgresLockStore(db),
        lease: i % 2 === 0 ? '500ms' : '2m',
        storeDeadline: '500ms',
        poll: '200ms',
      }),
    );
    const keys = ['held a', 'held b'];
    const [history, holders] = await misbehaving('locks', (random, until) => {
      const options = { until, isTrouble: isRetryable };
      const stores = clients.map((db) => inTransactions(db, postgresLockStore(db)));
      return Promise.all([
        runLockHistory(stores, 400, { ...options, random: random.fork(), keys: ['a', 'b', 'c'] }),
        runLockHolders(facades, { ...options, random: random.fork(), keys }),
      ]);
    });
    expect(history.granted).toBeGreaterThan(5);
    expect(history.checked).toBeGreaterThan(0);
    expect(holders.taken).toBeGreaterThan(5);
    // Whatever was lost on the way, nothing stays locked.
    for (const [i, locks] of facades.entries())
      await (await locks.acquire(keys[i % 2] ?? '', { wait: '20s' })).release();
    await Promise.all(facades.map((locks) => locks.close({ within: '1s' })));
    await Promise.all(clients.map((db) => db.close()));
  });

  test('every history of calls is one in which each was counted once, or not at all', async () => {
    const dayMs = 86_400_000;
    const clients = proxies.map(({ url }) => connect(url));
    const stores = clients.map((db) => postgresLimitStore(db));
    const totals = await misbehaving('limits', (random, until) =>
      runLimitHistory(stores, {
        random,
        // Of which nothing comes back while this runs.
        rules: [
          rule('gcra', 12, dayMs, { name: 'gcra' }),
          rule('log', 12, dayMs, { name: 'log' }),
          rule('fixed', 12, dayMs, { name: 'fixed' }),
          rule('concurrency', 2, dayMs, { name: 'concurrency' }),
        ],
        until,
        isTrouble: isRetryable,
      }),
    );
    expect(totals.admitted).toBeGreaterThan(10);
    await Promise.all(stores.map((store) => store.close()));
    await Promise.all(clients.map((db) => db.close()));
  });
});
