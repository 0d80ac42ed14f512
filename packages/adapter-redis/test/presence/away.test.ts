import { connectRedis, type RedisConnection } from '@parley/adapter-redis';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { systemClock } from '@parley/cache-core/kernel';
import { presenceStoreLaws, type PresenceHarness } from '@parley/presence/conformance';
import { startProxy, startRedis, type FaultProxy, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect, failure, patient } from '../support/connections.ts';
import { longMs, setting } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let server: RedisServer;
let proxy: FaultProxy;
let first: RedisConnection;
let second: RedisConnection;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startProxy({ target: server });
  first = connectRedis(patient(proxy));
  second = connectRedis(patient(proxy));
  await Promise.all([first.ready(), second.ready()]);
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await proxy.close();
  await server.stop();
});

const harness = (): PresenceHarness => ({
  store: redisPresenceStore(first),
  other: redisPresenceStore(second),
  advance: (ms) => systemClock.sleep(ms),
  toleranceMs: 50,
  fallBehind: async () => {
    await server.command('SAVE');
    return async () => {
      await server.kill();
      await server.restart({ data: 'keep' });
    };
  },
  cut: async () => {
    proxy.refuse();
    proxy.cut();
    return () => proxy.heal();
  },
  kept: async () => Number(await server.command('DBSIZE')),
});

const laws = presenceStoreLaws.filter(
  ({ needs }) => needs === 'fallBehind' || needs === 'cut' || needs === 'kept',
);

test.each(laws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
  await server.command('FLUSHALL');
  await law.verify(harness());
});

test('what the server refuses for good is a fault, and what it refuses for now is not', async () => {
  await server.command('ACL', 'SETUSER', 'poor', 'on', '>secret', '~*', '&*', '+@all', '-zscore', '-zrange');
  const { host, port } = server;
  const store = redisPresenceStore(
    connect({ ...patient({ host, port }), username: 'poor', password: 'secret' }),
  );
  for (const refused of [() => store.beat('lease', longMs), () => store.reap(1)])
    expect(await failure(refused())).toMatchObject({ code: 'STORE_FAULT', retryable: false });
  await store.open('lease', longMs);
  const changes = [setting('c', 'ann', 't')];
  await server.command('CONFIG', 'SET', 'maxmemory', 1);
  const error = await failure(redisPresenceStore(first).change({ lease: 'lease', turn: 1, changes }));
  await server.command('CONFIG', 'SET', 'maxmemory', 0);
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
  // Refused as a whole: the turn was not used either.
  expect(await redisPresenceStore(first).change({ lease: 'lease', turn: 1, changes })).toMatchObject({
    verdict: 'done',
    outcomes: ['done'],
  });
});
