import { startRedis, until, type RedisServer } from '@parley/services';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, patient } from './support/connections.ts';

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(() => server.stop());

test('a server that is well is up, with its figures', async () => {
  const health = await connect(patient(server)).health();
  expect(health).toMatchObject({
    status: 'up',
    details: { role: 'master', server: `127.0.0.1:${server.port}` },
  });
  expect(health.details?.['memoryBytes']).toBeGreaterThan(100_000);
  expect(health.details?.['clients']).toBeGreaterThan(0);
  expect(health.latencyMs).toBeGreaterThan(0);
});

test('it tells since when it has been so', async () => {
  const connection = connect(patient(server));
  const [first, second] = [await connection.health(), await connection.health()];
  expect(second.since).toBe(first.since);
  await server.kill();
  await until(async () => (await connection.health()).status === 'down', { what: 'down' });
  const down = await connection.health();
  expect(down.since).toBeGreaterThanOrEqual(first.since);
  expect((await connection.health()).since).toBe(down.since);
  expect(down.details).toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('a server that hangs is down, by the limit', async () => {
  const connection = connect(patient(server, { responseTimeout: '20s' }));
  await connection.ready();
  await server.pause();
  const begun = performance.now();
  const health = await connection.health({ limitMs: 200 });
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(health).toMatchObject({
    status: 'down',
    details: { error: expect.stringMatching(/INFO did not finish/) },
  });
  await server.resume();
});

test('eviction is fine for a cache and a warning for state', async () => {
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
  const connection = connect(patient(server));
  expect((await connection.health()).status).toBe('up');
  const state = await connection.health({ holds: 'state' });
  expect(state).toMatchObject({
    status: 'degraded',
    details: { warnings: expect.stringMatching(/allkeys-lfu may evict state/) },
  });
});

test('a closed connection is down, and says so', async () => {
  const connection = connect(patient(server));
  await connection.close();
  expect(await connection.health()).toMatchObject({ status: 'down', details: { code: 'CLOSED' } });
});
