import { redisLockStore, type RedisLockStoreOptions } from '@parley/adapter-redis/lock';
import type { RedisConfig } from '@parley/adapter-redis';
import { createLocks, type CreateLocksOptions, type Locks } from '@parley/cache-core/lock';
import {
  startNode,
  startProxy,
  startRedis,
  until,
  type FaultProxy,
  type NodeProcess,
  type RedisServer,
} from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect, failure, patient } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let server: RedisServer;
let proxy: FaultProxy;
let open: AsyncDisposable[] = [];

beforeAll(async () => {
  server = await startRedis();
  proxy = await startProxy({ target: server });
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});
beforeEach(async () => {
  await proxy.heal();
  await server.command('FLUSHALL');
});
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

function locksAt(
  config: RedisConfig,
  options: Partial<CreateLocksOptions> = {},
  storeOptions: RedisLockStoreOptions = {},
): Locks {
  const store = redisLockStore(connect(config), storeOptions);
  const locks = createLocks({ store, storeDeadline: '20s', wait: '60s', ...options });
  open.push({ [Symbol.asyncDispose]: () => locks.close({ within: '500ms' }) });
  return locks;
}

/** A process of its own, and the words it says. */
async function party(role: 'hold' | 'wait', leaseMs: number): Promise<NodeProcess> {
  const script = new URL('programs/party.ts', import.meta.url);
  const node = await startNode({ script, args: [server.url, 'parley:', role, String(leaseMs)] });
  open.push(node);
  return node;
}

const says = (node: NodeProcess, word: string): Promise<string> =>
  until(async () => new RegExp(`^${word}.*$`, 'm').exec(await node.output())?.[0], {
    what: `"${word}" is said`,
    deadline: 60_000,
  });

const fenceOf = async (node: NodeProcess): Promise<number> =>
  Number((await says(node, 'held')).split(' ')[1]);

describe('a lost reply', () => {
  test.each(['cut', 'silence'] as const)(
    'of taking a lock (%s): it is asked again under the same token, has it once, and it is free when let go',
    async (afterwards) => {
      const [one, two] = [locksAt(patient(proxy, { responseTimeout: '1s' })), locksAt(patient(server))];
      await (await one.acquire('warm')).release();
      const loss = proxy.dropNextReply((request) => request.includes(':l:job'), afterwards);
      const lock = await one.acquire('job');
      expect(await loss.lost).toBe(true);
      expect(one.stats()).toMatchObject({ acquired: 2, held: 1 });
      expect(await two.tryAcquire('job')).toBeUndefined();
      expect(await lock.release()).toBe(true);
      const next = await two.acquire('job', { wait: '5s' });
      expect(next.fence).toBeGreaterThan(lock.fence);
    },
  );

  test('of every attempt: it fails, and what was taken is given back', async () => {
    const [one, two] = [
      locksAt(patient(proxy, { reconnectInterval: '20ms' }), { storeDeadline: '3s' }),
      locksAt(patient(server)),
    ];
    await (await one.acquire('warm')).release();
    proxy.dropReplies({ match: (request) => request.includes(':l:job'), afterwards: 'cut' });
    expect(await failure(one.acquire('job', { wait: '1s' }))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await proxy.heal();
    // Long before the lease of 30 s is over.
    const lock = await two.acquire('job', { wait: '15s' });
    expect(lock.held).toBe(true);
  });

  test('of letting go: it is free', async () => {
    const [one, two] = [locksAt(patient(proxy)), locksAt(patient(server))];
    const lock = await one.acquire('job');
    proxy.dropNextReply((request) => request.includes(':l:job'));
    await lock.release();
    expect((await two.acquire('job', { wait: '15s' })).held).toBe(true);
  });
});

describe('a server that is away', () => {
  test.each(['hangs', 'is a black hole', 'refuses'])(
    '%s: whoever holds a lock is told in time, and whoever asks is told that it is the store',
    async (how) => {
      const locks = locksAt(patient(proxy, { responseTimeout: '1s' }), {
        lease: '3s',
        storeDeadline: '1s',
      });
      const lock = await locks.acquire('job');
      if (how === 'hangs') await server.pause();
      else if (how === 'refuses') {
        proxy.refuse();
        proxy.cut();
      } else proxy.blackHole();
      try {
        const asked = failure(locks.acquire('other', { wait: '500ms', lease: '10m' }));
        await until(() => lock.signal.aborted, { what: 'it is told', deadline: 30_000 });
        expect(lock.signal.reason).toMatchObject({
          code: 'LOCK_LOST',
          evidence: { key: 'job', reason: 'unconfirmed' },
        });
        expect(lock.held).toBe(false);
        expect(await asked).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
      } finally {
        if (how === 'hangs') await server.resume();
        await proxy.heal();
      }
      const again = await locks.acquire('job');
      expect(again.fence).toBeGreaterThan(lock.fence);
      // Nor is what was asked for in vain held by nobody.
      expect((await locks.acquire('other', { wait: '60s' })).held).toBe(true);
    },
  );

  test('for a moment only: nothing is lost', async () => {
    const locks = locksAt(patient(proxy, { reconnectInterval: '20ms' }), { lease: '20s' });
    const lock = await locks.acquire('job');
    for (let cuts = 0; cuts < 5; cuts++) {
      proxy.cut();
      await until(() => lock.extend().then(() => true), { what: 'it is extended' });
    }
    expect(lock.held).toBe(true);
    expect(await lock.release()).toBe(true);
  });

  test('lost everything: the holder is told, and fences rise', async () => {
    const locks = locksAt(patient(server), { lease: '3s' });
    const lock = await locks.acquire('job');
    await server.command('FLUSHALL');
    await until(() => lock.signal.aborted, { what: 'it is told', deadline: 30_000 });
    expect(lock.signal.reason).toMatchObject({ code: 'LOCK_LOST' });
    expect((await locks.acquire('job')).fence).toBeGreaterThan(lock.fence);
  });

  test('forgot its scripts: nothing happens', async () => {
    const [one, two] = [locksAt(patient(server)), locksAt(patient(server))];
    const lock = await one.acquire('job');
    const waiting = two.acquire('job');
    await until(() => two.stats().waiting === 1, { what: 'it waits' });
    await server.flushScripts();
    await lock.extend();
    await server.flushScripts();
    await lock.release();
    expect((await waiting).held).toBe(true);
  });
});

describe('a process', () => {
  test('that crashed holding a lock: it is had by another when the lease is over', async () => {
    const holder = await party('hold', 4_000);
    const fence = await fenceOf(holder);
    const locks = locksAt(patient(server));
    expect(await locks.tryAcquire('job')).toBeUndefined();
    await holder.kill();
    const lock = await locks.acquire('job');
    expect(lock.fence).toBeGreaterThan(fence);
  });

  test('that was stopped for longer than its lease: it knows when it goes on, and its fence is behind', async () => {
    const holder = await party('hold', 4_000);
    const fence = await fenceOf(holder);
    await holder.pause();
    const lock = await locksAt(patient(server)).acquire('job');
    expect(lock.fence).toBeGreaterThan(fence);
    await holder.resume();
    expect(await says(holder, 'lost')).toBe('lost false');
    // What it does then takes nothing from the new one.
    await lock.extend();
    expect(lock.held).toBe(true);
  });

  test('of those that wait may die: those behind it get their turn', async () => {
    const one = locksAt(patient(server));
    const lock = await one.acquire('job');
    const dying = await Promise.all([party('wait', 5_000), party('wait', 5_000)]);
    await Promise.all(dying.map((node) => says(node, 'waiting')));
    const two = locksAt(patient(server), { poll: '1h' });
    const waiting = two.acquire('job');
    await until(async () => Number(await server.command('ZCARD', 'parley:lock:{lock}:q:job')) === 3, {
      what: 'all stand in the queue',
    });
    await Promise.all(dying.map((node) => node.kill()));
    await until(async () => (await listeners()) === 1, { what: 'the server has noticed' });
    await lock.release();
    // By its turn: it would not ask by itself.
    expect((await waiting).held).toBe(true);
    expect(two.stats()).toMatchObject({ turns: 1, polls: 0 });
  });

  /** Ears that the server knows. */
  async function listeners(): Promise<number> {
    const channels = await server.command('PUBSUB', 'CHANNELS', 'parley:lock:*');
    return Array.isArray(channels)
      ? channels.filter((channel: unknown) => !String(channel).endsWith(':probe')).length
      : 0;
  }

  test('whose subscription is lost is told all the same', async () => {
    const [one, two] = [locksAt(patient(server)), locksAt(patient(server))];
    const lock = await one.acquire('job');
    const waiting = two.acquire('job');
    await until(async () => (await listeners()) === 1, { what: 'it listens' });
    await server.killClients('pubsub');
    await until(() => two.stats().deaf > 0, { what: 'the loss is noticed' });
    await lock.release();
    expect((await waiting).held).toBe(true);
  });
});

describe('where the server may evict', () => {
  test('it is said loudly when the store is made, with what to change', async () => {
    const warned: string[] = [];
    const codes: unknown[] = [];
    const hear = (warning: Error): void => void codes.push(Reflect.get(warning, 'code'));
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      const logger = { warn: (_fields: unknown, message: string) => void warned.push(message) };
      const locks = locksAt(patient(server), {}, { logger });
      await until(() => warned.length > 0, { what: 'the warning' });
      expect(warned[0]).toMatch(/may lose locks.*maxmemory-policy allkeys-lru.*set noeviction/);
      expect(await locks.health()).toMatchObject({ status: 'degraded' });
      process.on('warning', hear);
      redisLockStore(connect(patient(server)));
      await until(() => codes.includes('PARLEY_EVICTION'), { what: 'a warning of the process' });
    } finally {
      process.off('warning', hear);
      await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    }
  });

  test('where it may not, nothing is said', async () => {
    const warned: string[] = [];
    const connection = connect(patient(server));
    redisLockStore(connection, { logger: { warn: (_fields, message) => void warned.push(message) } });
    expect((await connection.health({ holds: 'state' })).status).toBe('up');
    expect(warned).toEqual([]);
  });
});

test('handing a lock on takes two scripts, and one more for whoever stands in the queue again', async () => {
  const parties = Array.from({ length: 17 }, () => locksAt(patient(server), { poll: '1h' }));
  const rounds = 10;
  // A first round, in which they begin to listen.
  const everybody = () =>
    Promise.all(parties.map((locks) => locks.acquire('job').then((lock) => lock.release())));
  await everybody();
  await server.command('CONFIG', 'RESETSTAT');
  for (let round = 0; round < rounds; round++) await everybody();
  const stats = String(await server.command('INFO', 'commandstats'));
  const sent = Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]);
  const probes = Number(/cmdstat_info:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  const handovers = rounds * parties.length;
  expect((sent - probes) / handovers).toBeLessThanOrEqual(4);
});
