import { connectRedis, type RedisConnection } from '@parley/adapter-redis';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { isRetryable, systemClock } from '@parley/cache-core/kernel';
import { createLocks, type Locks } from '@parley/cache-core/lock';
import {
  newSeed,
  runLockHistory,
  runLockHolders,
  seededRandom,
  startProxy,
  startRedis,
  type FaultProxy,
  type Random,
  type RedisServer,
} from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { patient } from '../support/connections.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const clients = 5;
const runMs = 12_000;

let server: RedisServer;
let proxies: FaultProxy[];
let connections: RedisConnection[];

beforeAll(async () => {
  server = await startRedis();
  proxies = await Promise.all(Array.from({ length: clients }, () => startProxy({ target: server })));
  connections = proxies.map((proxy) =>
    connectRedis(patient(proxy, { responseTimeout: '500ms', reconnectInterval: '20ms' })),
  );
  await Promise.all(connections.map((connection) => connection.ready()));
});

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close(500)));
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await server.stop();
});

/** One fault after another, until it is enough. Nothing that makes a server forget. */
async function misbehave(random: Random, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const proxy = proxies[random.between(0, clients - 1)];
    const faults: (() => unknown)[] = [
      () => proxy?.cut(),
      () => proxy?.dropReplies({ count: random.between(1, 3), afterwards: random.pick(['cut', 'silence']) }),
      () => proxy?.blackHole(),
      () => proxy?.delay(random.between(1, 100)),
      () => proxies.map((each) => each.cut()),
      () => server.flushScripts(),
      () => server.killClients('pubsub'),
      () =>
        server
          .pause()
          .then(() => systemClock.sleep(random.between(50, 900)))
          .then(() => server.resume()),
    ];
    await faults[random.between(0, faults.length - 1)]?.();
    await systemClock.sleep(random.between(20, 500));
    await Promise.all(proxies.map((each) => each.heal()));
    await systemClock.sleep(random.between(20, 300));
  }
}

test('through random faults every history is that of a lock with leases and rising fences', async () => {
  const seed = newSeed();
  process.stdout.write(`locks on Redis, history: seed ${seed}\n`);
  const random = seededRandom(seed);
  const until = AbortSignal.timeout(runMs);
  const stores = connections.map((connection) => redisLockStore(connection));
  const [totals] = await Promise.all([
    runLockHistory(stores, 300, {
      random: random.fork(),
      keys: ['a', 'b', 'c'],
      until,
      isTrouble: isRetryable,
    }),
    misbehave(random.fork(), until),
  ]);
  process.stdout.write(`locks on Redis: ${JSON.stringify(totals)}\n`);
  expect(totals.granted).toBeGreaterThan(10);
});

test('through random faults no two are sure of a lock at once, and everybody gets on', async () => {
  const seed = newSeed();
  process.stdout.write(`locks on Redis, holders: seed ${seed}\n`);
  const random = seededRandom(seed);
  const until = AbortSignal.timeout(runMs);
  // What is held for nobody by a long lease is seen at the end; a short one is lost now and then.
  const facades: Locks[] = connections.map((connection, i) =>
    createLocks({
      store: redisLockStore(connection, { prefix: 'held:' }),
      lease: i % 2 === 0 ? '400ms' : '2m',
      storeDeadline: '500ms',
      poll: '200ms',
    }),
  );
  const keys = ['a', 'b'];
  const [totals] = await Promise.all([
    runLockHolders(facades, { random: random.fork(), keys, until, isTrouble: isRetryable }),
    misbehave(random.fork(), until),
  ]);
  process.stdout.write(`locks on Redis: ${JSON.stringify(totals)}\n`);
  expect(totals.taken).toBeGreaterThan(10);
  // Whatever was lost on the way, nothing stays locked.
  for (const [i, locks] of facades.entries()) {
    const lock = await locks.acquire(keys[i % 2] ?? '', { wait: '20s' });
    await lock.release();
  }
  await Promise.all(facades.map((locks) => locks.close()));
});
