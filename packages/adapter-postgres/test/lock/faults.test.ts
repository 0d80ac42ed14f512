import { connectPostgres } from '@parley/adapter-postgres';
import type { PostgresConfig } from '@parley/adapter-postgres';
import { postgresLockStore } from '@parley/adapter-postgres/lock';
import { isRetryable } from '@parley/cache-core/kernel';
import { createLocks, type CreateLocksOptions, type Lock, type Locks } from '@parley/cache-core/lock';
import {
  startPostgres,
  startPostgresPair,
  startProxy,
  until,
  type FaultProxy,
  type PostgresServer,
} from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure } from '../support/failure.ts';
import { startChild } from '../support/child.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let server: PostgresServer;
let proxy: FaultProxy;
let open: AsyncDisposable[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  proxy = await startProxy({ target: server });
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  await proxy.close();
});

function opened<T extends AsyncDisposable>(one: T): T {
  open.push(one);
  return one;
}

const connect = (config: PostgresConfig) => opened(connectPostgres({ maxConnections: 4, ...config }));

function locksAt(config: PostgresConfig, options: Partial<CreateLocksOptions> = {}): Locks {
  const store = postgresLockStore(connect(config));
  const locks = createLocks({ store, storeDeadline: '20s', wait: '60s', ...options });
  opened({ [Symbol.asyncDispose]: () => locks.close({ within: '1s' }) });
  return locks;
}

const have = (locks: Locks, key: string): Promise<Lock> =>
  until(
    () =>
      locks.acquire(key, { wait: '30s' }).catch((error: unknown) => {
        if (!isRetryable(error)) throw error;
        return undefined;
      }),
    { what: `${key} is had`, deadline: 90_000 },
  );

describe('a lost reply', () => {
  test('of taking a lock: it is asked again under the same token, and had once', async () => {
    const [one, two] = [locksAt({ url: proxy.url }), locksAt({ url: server.url })];
    await (await one.acquire('warm')).release();
    const loss = proxy.dropNextReply((request) => request.includes('job'));
    const lock = await one.acquire('job');
    expect(await loss.lost).toBe(true);
    expect(await two.tryAcquire('job')).toBeUndefined();
    expect(one.stats()).toMatchObject({ acquired: 2, held: 1 });
    expect(await lock.release()).toBe(true);
    const next = await two.acquire('job');
    expect(next.fence).toBeGreaterThan(lock.fence);
    await next.release();
  });

  test('of letting go: it is free', async () => {
    const [one, two] = [locksAt({ url: proxy.url }), locksAt({ url: server.url })];
    const lock = await one.acquire('free');
    proxy.dropNextReply((request) => request.includes('free'));
    await lock.release();
    expect((await two.acquire('free', { wait: '15s' })).held).toBe(true);
  });
});

describe('a server that is away', () => {
  test.each(['hangs', 'is a black hole', 'refuses'])(
    '%s: whoever holds a lock is told in time, and whoever asks is told that it is the store',
    async (how) => {
      const locks = locksAt(
        { url: proxy.url, connectTimeout: '1s', queryTimeout: '1s' },
        { lease: '3s', storeDeadline: '1s' },
      );
      const lock = await have(locks, how);
      if (how === 'hangs') await server.pause();
      else if (how === 'refuses') {
        proxy.refuse();
        proxy.cut();
      } else proxy.blackHole();
      try {
        const asked = failure(locks.acquire(`other ${how}`, { wait: '500ms', lease: '10m' }));
        await until(() => lock.signal.aborted, { what: 'it is told', deadline: 30_000 });
        expect(lock.signal.reason).toMatchObject({ code: 'LOCK_LOST', evidence: { reason: 'unconfirmed' } });
        expect(await asked).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
      } finally {
        if (how === 'hangs') await server.resume();
        await proxy.heal();
      }
      expect((await have(locks, how)).fence).toBeGreaterThan(lock.fence);
      // Nor is what was asked for in vain held by nobody.
      await (await have(locks, `other ${how}`)).release();
    },
  );

  test('crashed and came back: leases and fences are what they were', async () => {
    const locks = locksAt({ url: server.url }, { lease: '60s', storeDeadline: '2s' });
    const lock = await locks.acquire('kept');
    await server.kill();
    await server.restart({ data: 'keep' });
    await until(() => lock.extend().then(() => true), { what: 'it is extended', deadline: 60_000 });
    expect(await locks.tryAcquire('kept')).toBeUndefined();
    expect(await lock.release()).toBe(true);
    expect((await locks.acquire('kept')).fence).toBeGreaterThan(lock.fence);
  });

  test('was replaced by its standby: the lock goes on to who waits', async () => {
    const pair = opened(await startPostgresPair({ synchronous: true }));
    const hosts = [pair.primary, pair.standby].map(({ host, port }) => `${host}:${port}`).join(',');
    const config = { url: `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write` };
    const options = { lease: '30s', storeDeadline: '2s', poll: '300ms' } as const;
    const [one, two] = [locksAt(config, options), locksAt(config, options)];
    const lock = await one.acquire('job');
    const waiting = have(two, 'job');
    await until(() => two.stats().waiting === 1, { what: 'it waits' });
    await pair.primary.kill();
    await pair.promote();
    await until(() => lock.extend().then(() => true), { what: 'it is still held', deadline: 30_000 });
    await lock.release();
    expect((await waiting).fence).toBeGreaterThan(lock.fence);
  });
});

test('who waits hears of its turn, also on another connection than before', async () => {
  const one = locksAt({ url: server.url });
  const two = locksAt({ url: proxy.url }, { poll: '1h' });
  const lock = await one.acquire('turns');
  const waiting = two.acquire('turns');
  const queued = `select count(*) from parley.lock_waiters where key = 'turns'`;
  const stands = async (): Promise<boolean> => String((await server.query(queued))[0]?.['count']) === '1';
  await until(stands, { what: 'it stands in the queue' });
  await lock.release();
  const next = await waiting;
  expect(two.stats()).toMatchObject({ turns: 1, polls: 0 });
  // The next one waits on a connection that is cut: it is made anew, and heard again.
  const again = one.acquire('turns');
  await until(stands, { what: 'it stands in the queue' });
  await next.release();
  const held = await again;
  const last = two.acquire('turns');
  await until(stands, { what: 'it stands in the queue' });
  proxy.cut();
  await until(() => two.stats().deaf > 0, { what: 'the loss is noticed' });
  await held.release();
  expect((await last).held).toBe(true);
});

describe('a process', () => {
  test('that was stopped for longer than its lease: it knows when it goes on, and its fence is refused', async () => {
    await using holder = startChild('holding.ts', [server.url]);
    const fence = Number((await holder.line()).split(' ')[1]);
    process.kill(holder.pid, 'SIGSTOP');
    const locks = locksAt({ url: server.url });
    const lock = await locks.acquire('stopped');
    expect(lock.fence).toBeGreaterThan(fence);
    process.kill(holder.pid, 'SIGCONT');
    // It tries to write with the fence that it has.
    const words = [await holder.line(), await holder.line()];
    expect(words.toSorted()).toEqual(['lost', 'refused']);
    await lock.release();
  });

  test('that crashed holding a lock: it is had by another when the lease is over', async () => {
    await using holder = startChild('holding.ts', [server.url]);
    const fence = Number((await holder.line()).split(' ')[1]);
    holder.kill();
    await holder.ended;
    const lock = await locksAt({ url: server.url }).acquire('stopped');
    expect(lock.fence).toBeGreaterThan(fence);
    await lock.release();
  });

  test('of those that wait may die: those behind it get their turn', async () => {
    const one = locksAt({ url: server.url });
    const two = locksAt({ url: server.url }, { poll: '200ms' });
    const queued = async (): Promise<unknown> =>
      (await server.query(`select count(*)::int as n from parley.lock_waiters where key = 'stopped'`))[0]?.[
        'n'
      ];
    const lock = await one.acquire('stopped');
    await using dying = startChild('holding.ts', [server.url]);
    await until(async () => (await queued()) === 1, { what: 'it waits' });
    const waiting = two.acquire('stopped');
    await until(async () => (await queued()) === 2, { what: 'another stands behind it' });
    dying.kill();
    await dying.ended;
    await lock.release();
    expect((await waiting).fence).toBeGreaterThan(lock.fence);
  });
});
