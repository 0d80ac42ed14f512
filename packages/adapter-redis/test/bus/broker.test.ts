import { redisBroker } from '@parley/adapter-redis/bus';
import { isParleyError } from '@parley/cache-core/kernel';
import { startRedis, until, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { appendOne, bodiesOf, Hearer, record } from '../support/bus.ts';
import { connect, failure, standalone } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

test('health tells when the server may evict what the bus keeps', async () => {
  const broker = redisBroker(connect(standalone(server)));
  const hearer = new Hearer(broker);
  await hearer.feed.join('channel', ['t:a']);
  expect(await broker.health()).toMatchObject({ status: 'up' });
  // The channel and the probe of its subscription.
  expect((await broker.health()).details?.['channels']).toBeGreaterThanOrEqual(2);
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  const { status, details } = await broker.health();
  expect(status).toBe('degraded');
  expect(details?.['warnings']).toMatch(/allkeys-lru may evict state/);
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
});

test('when memory is full nothing is added, what is there is read, and later it goes on', async () => {
  const broker = redisBroker(connect(standalone(server)));
  const { position } = await appendOne(broker, record('t:full', 'a', { wide: true }));
  await broker.jobs.add([{ queue: 'full', id: 'j0', body: 'b', delayMs: 0 }]);
  await server.command('CONFIG', 'SET', 'maxmemory', '1mb');
  for (const call of [
    () => broker.streams.append([record('t:full', 'b'), record('t:full', 'c')]),
    () => broker.jobs.add([{ queue: 'full', id: 'j1', body: 'b', delayMs: 0 }]),
  ]) {
    const error = await failure(call());
    expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
    expect(String(error)).toMatch(/memory is full/);
  }
  expect(await bodiesOf(broker, 't:full')).toEqual(['a']);
  expect(await broker.jobs.counts('full')).toMatchObject({ ready: 1 });
  await server.command('CONFIG', 'SET', 'maxmemory', '0');
  expect((await appendOne(broker, record('t:full', 'd'))).position).toEqual({ ...position, offset: 2 });
  expect(await bodiesOf(broker, 't:full')).toEqual(['a', 'd']);
});

test('prefixes and databases know nothing of one another', async () => {
  const connection = connect(standalone(server));
  const brokers = [
    redisBroker(connection),
    redisBroker(connection, { prefix: 'other:' }),
    redisBroker(connect(standalone(server, { db: 3 }))),
  ];
  const hearers = brokers.map((broker) => new Hearer(broker));
  for (const hearer of hearers) {
    await hearer.feed.join('channel', ['t:b']);
    await hearer.feed.join('queue', ['q']);
  }
  for (const [i, broker] of brokers.entries()) {
    await appendOne(broker, record('t:b', `${i}`));
    await broker.jobs.add([{ queue: 'q', id: 'j', body: 'b', delayMs: 0 }]);
  }
  for (const [i, broker] of brokers.entries()) {
    await until(() => hearers[i]?.records.length === 1 && hearers[i].work.length === 1, {
      what: `${i} hears`,
    });
    expect(hearers[i]?.records.map(({ body }) => body)).toEqual([`${i}`]);
    expect(await bodiesOf(broker, 't:b')).toEqual([`${i}`]);
  }
});

test('the connection is its owner’s to close, and calls on a closed one say so', async () => {
  const connection = connect(standalone(server));
  const broker = redisBroker(connection);
  const hearer = new Hearer(broker);
  await hearer.feed.join('channel', ['t:c']);
  await hearer.feed.close();
  await appendOne(broker, record('t:c', 'still there'));
  await connection.close();
  for (const call of [
    () => broker.streams.append([record('t:c', 'x')]),
    () => broker.send([{ channel: 't:c', body: 'x', wide: false }]),
    () => broker.jobs.counts('q'),
    () => new Hearer(broker).feed.join('channel', ['t:c']),
  ]) {
    expect(isParleyError(await failure(call()), 'CLOSED')).toBe(true);
  }
});

test('what a user may not do is a fault that names the command', async () => {
  await server.command('ACL', 'SETUSER', 'meek', 'on', '>pw', '~*', '&*', '+@all', '-xadd', '-subscribe');
  const broker = redisBroker(connect(standalone(server, { username: 'meek', password: 'pw' })));
  const append = await failure(broker.streams.append([record('t:d', 'confidential')]));
  expect(isParleyError(append, 'STORE_FAULT')).toBe(true);
  expect(String(append)).not.toContain('confidential');
  const join = await failure(new Hearer(broker).feed.join('channel', ['t:d']));
  expect(isParleyError(join, 'STORE_FAULT')).toBe(true);
  expect(String(join)).toMatch(
    /user "meek": may not follow channels, the command "subscribe" is not allowed/,
  );
});
