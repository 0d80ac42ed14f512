import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { startProxy, startRedis, type RedisServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { internalsOf } from '../src/connection.ts';
import { disconnect } from '../src/ending.ts';
import { failure, standalone } from './support/connections.ts';

/** Errors that nobody listened to. */
let unheard: unknown[] = [];
const remember = (error: unknown): void => {
  unheard.push(error);
};

/** Long enough that a close which waits for it is told from one that does not. */
const limitMs = 20_000;

async function timeToClose(connection: RedisConnection): Promise<number> {
  const begun = performance.now();
  await connection.close(limitMs);
  return performance.now() - begun;
}

describe('closing while the server cannot be used does not wait for it', () => {
  const clustered = ({ host, port }: { host: string; port: number }): RedisConfig => ({
    mode: 'cluster',
    nodes: [{ host, port }],
  });

  test.each([
    ['one server', standalone],
    ['a cluster', clustered],
  ])('%s that is down', async (_, config) => {
    await using redis = await startRedis();
    await using proxy = await startProxy({ target: redis });
    proxy.refuse();
    const connection = connectRedis(config(proxy));
    await failure(connection.ready());
    expect(await timeToClose(connection)).toBeLessThan(limitMs / 4);
  });

  test.each([
    ['one server', standalone],
    ['a cluster', clustered],
  ])('%s with another password', async (_, config) => {
    await using redis = await startRedis({ config: { requirepass: 'right' } });
    const connection = connectRedis({ ...config(redis), password: 'wrong' });
    await failure(connection.ready());
    expect(await timeToClose(connection)).toBeLessThan(limitMs / 4);
  });

  test('Sentinels that are down', async () => {
    await using redis = await startRedis();
    await using proxy = await startProxy({ target: redis });
    proxy.refuse();
    const sentinels = [{ host: proxy.host, port: proxy.port }];
    const connection = connectRedis({ mode: 'sentinel', sentinels, name: 'main', connectTimeout: '300ms' });
    await failure(connection.ready());
    expect(await timeToClose(connection)).toBeLessThan(limitMs / 4);
  });
});

describe('what is cut off in the handshake of TLS fails without a sound', () => {
  let secured: RedisServer;

  beforeAll(async () => {
    secured = await startRedis({ tls: true, config: { 'cluster-enabled': 'yes', 'tls-cluster': 'yes' } });
    await secured.command('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  });
  afterAll(() => secured.stop());

  beforeEach(() => {
    unheard = [];
    process.prependListener('uncaughtException', remember);
  });
  afterEach(() => {
    process.off('uncaughtException', remember);
  });

  const configs: readonly [string, () => RedisConfig][] = [
    ['one server', () => standalone(secured, { tls: true })],
    ['a cluster', () => ({ mode: 'cluster', nodes: [secured], tls: true })],
  ];

  test.each(configs)('closing %s', async (_, config) => {
    // The handshake has a moment for it, and its length is not ours to say.
    for (const pauseMs of [0, 1, 1, 2, 2, 3, 4, 6]) {
      const connection = connectRedis(config());
      await sleep(pauseMs);
      await connection.close();
    }
    await sleep(50);
    expect(unheard).toEqual([]);
  });

  test('a subscriber', async () => {
    const connection = connectRedis(standalone(secured, { tls: { ca: secured.ca } }));
    await connection.ready();
    for (const pauseMs of [0, 1, 1, 2, 2, 3]) {
      const subscriber = await internalsOf(connection).openSubscriber(0);
      subscriber.on('error', () => undefined);
      // Its certificate is not the one that was meant.
      Object.assign(subscriber.options.tls ?? {}, { servername: 'elsewhere.test' });
      const connecting = failure(subscriber.connect());
      await sleep(pauseMs);
      disconnect(subscriber);
      await connecting;
    }
    await connection.close();
    await sleep(50);
    expect(unheard).toEqual([]);
  });
});
