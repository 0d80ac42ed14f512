import { connectRedis, type RedisConnection } from '@parley/adapter-redis';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { isRetryable } from '@parley/cache-core/kernel';
import { createLocks, type Locks } from '@parley/cache-core/lock';
import {
  misbehave,
  newSeed,
  proofMs,
  runLockHistory,
  runLockHolders,
  seededRandom,
  startProxy,
  startRedis,
  type FaultProxy,
  type RedisServer,
} from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { patient } from '../support/connections.ts';

const clients = 5;
const runMs = proofMs(6_000);

vi.setConfig({ testTimeout: runMs + 120_000, hookTimeout: 60_000 });

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

test('through random faults every history is that of a lock with rising fences, and no two are sure of one at once', async () => {
  const seed = newSeed();
  const random = seededRandom(seed);
  const until = AbortSignal.timeout(runMs);
  const options = { until, isTrouble: isRetryable };
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
  const also = [() => server.flushScripts(), () => server.killClients('pubsub')];
  const [history, holders] = await Promise.all([
    runLockHistory(
      connections.map((connection) => redisLockStore(connection)),
      300,
      { ...options, random: random.fork(), keys: ['a', 'b', 'c'] },
    ),
    runLockHolders(facades, { ...options, random: random.fork(), keys }),
    misbehave({ proxies, server, random: random.fork(), until, also }),
  ]).catch((error: unknown) => {
    throw new Error(`locks on Redis, seed ${seed}`, { cause: error });
  });
  process.stdout.write(`locks on Redis, seed ${seed}: ${JSON.stringify({ ...history, ...holders })}\n`);
  expect(history.granted).toBeGreaterThan(5);
  expect(holders.taken).toBeGreaterThan(5);
  // Whatever was lost on the way, nothing stays locked.
  for (const [i, locks] of facades.entries()) {
    const lock = await locks.acquire(keys[i % 2] ?? '', { wait: '20s' });
    await lock.release();
  }
  await Promise.all(facades.map((locks) => locks.close()));
});
