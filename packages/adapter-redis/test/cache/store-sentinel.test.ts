import { redisCacheStore } from '@parley/adapter-redis/cache';
import type { RedisSentinelConfig } from '@parley/adapter-redis';
import { isParleyError } from '@parley/cache-core/kernel';
import { startRedisSentinel, until, type RedisSentinel } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect, failure } from '../support/connections.ts';
import { longMs, record, texts } from '../support/records.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let sentinel: RedisSentinel;
let config: RedisSentinelConfig;

beforeAll(async () => {
  sentinel = await startRedisSentinel({ downAfter: 1_000 });
  config = {
    mode: 'sentinel',
    sentinels: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
    name: sentinel.name,
    responseTimeout: '2s',
  };
});

afterAll(() => sentinel.stop());

test.each(['order', 'kill', 'pause'] as const)(
  'the new master is found after a failover by %s',
  async (by) => {
    const store = redisCacheStore(connect(config));
    await store.write([record('a', 'before')]);
    const [before = 0] = await store.bump(['t:a'], { keepMs: longMs });
    const old = await sentinel.master();
    const next = await sentinel.failover({ by });
    const begun = performance.now();
    await until(
      async () => {
        await store.write([record('b', by)]);
        return (await texts(store, ['b']))[0] === by;
      },
      { what: 'the new master serves' },
    );
    // The Sentinels have long agreed; what is left is to connect.
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(await next.command('EXISTS', 'parley:cache:{b}')).toBe(1);
    const [after = 0] = await store.bump(['t:a'], { keepMs: longMs });
    expect(after).toBeGreaterThan(before);
    expect((await store.health()).details).toMatchObject({ role: 'master' });
    if (by === 'kill') await old.restart({ data: 'keep' });
    if (by === 'pause') await old.resume();
    await sentinel.settled();
  },
);

test('the Sentinels’ word is enough: nobody waits for a hung master to time out', async () => {
  const store = redisCacheStore(connect({ ...config, responseTimeout: '60s' }));
  await store.write([record('a')]);
  const old = await sentinel.master();
  await sentinel.failover({ by: 'pause' });
  const begun = performance.now();
  await until(() => store.write([record('d')]).then(() => true), { what: 'the new master serves' });
  await until(async () => (await texts(store, ['d']))[0] === 'd', { what: 'and can be read' });
  expect(performance.now() - begun).toBeLessThan(20_000);
  await old.resume();
  await sentinel.settled();
});

test('some Sentinels may be away', async () => {
  const [first, second] = sentinel.sentinels;
  await first?.kill();
  await second?.pause();
  const store = redisCacheStore(connect(config));
  await until(() => store.write([record('c')]).then(() => true), { what: 'the last Sentinel is asked' });
  expect(await texts(store, ['c'])).toEqual(['c']);
  await first?.restart({ data: 'keep' });
  await second?.resume();
  await sentinel.settled();
});

test('without any Sentinel the first attempt ends, and says so', async () => {
  const connection = connect({
    mode: 'sentinel',
    sentinels: [{ host: '127.0.0.1', port: 1 }],
    name: 'main',
    connectTimeout: '500ms',
  });
  const begun = performance.now();
  const error = await failure(connection.ready());
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
  expect(String(error)).toMatch(/main@127\.0\.0\.1:1 could not connect: All sentinels are unreachable/);
});

test('a name that no Sentinel knows is told', async () => {
  const error = await failure(connect({ ...config, name: 'nobody', connectTimeout: '500ms' }).ready());
  expect(String(error)).toMatch(/nobody@.* could not connect/);
});
