import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startProxy, type FaultProxy } from '../../src/faults/proxy.ts';
import { withPostgres } from '../../src/postgres-admin.ts';
import { startRedis, type RedisServer } from '../../src/redis.ts';
import { sharedPostgres, type SharedPostgres } from '../../src/shared-postgres.ts';

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: Error) => error,
  );

describe('between ioredis and Redis', () => {
  let server: RedisServer;
  let proxy: FaultProxy;
  let client: Redis;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    await server.command('FLUSHALL');
    proxy = await startProxy({ target: server });
    client = new Redis(proxy.url, { maxRetriesPerRequest: 0, retryStrategy: () => 10 });
    client.on('error', () => undefined);
    await client.ping();
  });
  afterEach(async () => {
    client.disconnect();
    await proxy.close();
  });

  test('black hole: a ping has no answer within 300 ms, and one after heal', async () => {
    proxy.blackHole();
    const ping = outcome(client.ping());
    expect(await Promise.race([ping, sleep(300, 'silence')])).toBe('silence');
    await proxy.heal();
    expect(await ping).toBeInstanceOf(Error);
    expect(await client.ping()).toBe('PONG');
  });

  test('a lost reply: the server has counted, the client has seen nothing', async () => {
    const { lost } = proxy.dropNextReply((request) => request.includes('incr'));
    const answer = outcome(client.incr('counter'));
    expect(await lost).toBe(true);
    expect(await answer).toBeInstanceOf(Error);
    expect(await server.command('GET', 'counter')).toBe('1');
    expect(await client.incr('counter')).toBe(2);
  });

  test('a silent loss of the replies: the connection stays open and does not answer', async () => {
    proxy.dropReplies();
    const answer = outcome(client.incr('counter'));
    expect(await Promise.race([answer, sleep(300, 'silence')])).toBe('silence');
    expect([await server.command('GET', 'counter'), client.status]).toEqual(['1', 'ready']);
    await proxy.heal();
    expect(await answer).toBeInstanceOf(Error);
  });

  test('delayed requests: the command runs after its client gave up', async () => {
    const hasty = client.duplicate({ commandTimeout: 50 });
    await expect.poll(() => hasty.status, { timeout: 20_000 }).toBe('ready');
    proxy.delay(60_000, 'requests');
    expect(await outcome(hasty.incr('counter'))).toBeInstanceOf(Error);
    expect(await server.command('GET', 'counter')).toBe(null);
    await proxy.heal();
    await expect.poll(() => server.command('GET', 'counter')).toBe('1');
    hasty.disconnect();
  });

  test('pieces of seven bytes carry large values unharmed', async () => {
    const value = 'äöü'.repeat(1000);
    proxy.slice(7);
    await client.set('large', value);
    expect(await client.get('large')).toBe(value);
  });

  test('refused and cut: as a dead server, until heal', async () => {
    proxy.refuse();
    proxy.cut();
    await expect.poll(() => outcome(client.ping())).toBeInstanceOf(Error);
    await proxy.heal();
    await expect.poll(() => outcome(client.ping())).toBe('PONG');
  });
});

describe('between pg and Postgres', () => {
  let shared: SharedPostgres;
  let proxy: FaultProxy;

  beforeAll(async () => {
    shared = await sharedPostgres();
    const { hostname, port } = new URL(shared.url);
    proxy = await startProxy({ target: { host: hostname, port: Number(port), url: shared.url } });
  });
  afterAll(async () => {
    await proxy.close();
    await shared.drop();
  });

  test('a lost reply: the row is there, the client has lost its connection', async () => {
    const client = new Client({ connectionString: proxy.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE written (n int)');
    const { lost } = proxy.dropNextReply((request) => request.includes('INSERT'));
    const answer = outcome(client.query('INSERT INTO written VALUES ($1)', [1]));
    expect(await lost).toBe(true);
    expect(await answer).toBeInstanceOf(Error);
    expect(await withPostgres(shared.url, (query) => query('SELECT n FROM written'))).toEqual([{ n: 1 }]);
    await client.end();
  });
});

test('between fetch and an HTTP server: a body is cut in the middle', async () => {
  const server = createServer((_request, response) => response.write('the first half'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await using proxy = await startProxy({
    target: { host: '127.0.0.1', port: address.port, url: 'http://host/page' },
  });
  const response = await fetch(proxy.url);
  const body = outcome(response.text());
  proxy.cut();
  expect(await body).toBeInstanceOf(TypeError);
  await new Promise((resolve) => server.close(resolve));
});
