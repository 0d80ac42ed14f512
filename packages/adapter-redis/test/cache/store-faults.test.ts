import type { RedisConfig } from '@parley/adapter-redis';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedis, until, type FaultProxy, type RedisServer } from '@parley/services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect, failure, patient } from '../support/connections.ts';
import { lease, longMs, record, texts } from '../support/records.ts';

let server: RedisServer;
let proxy: FaultProxy;

beforeEach(async () => {
  server = await startRedis();
  proxy = await startProxy({ target: server });
});

afterEach(async () => {
  await proxy.close();
  await server.stop();
});

/** For what gets no answer. */
const impatient = (): RedisConfig => patient(proxy, { responseTimeout: '1s' });

const unavailable = async (call: Promise<unknown>): Promise<boolean> =>
  isParleyError(await failure(call), 'STORE_UNAVAILABLE');

/** How often the server ran a command. */
async function runs(command: string): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

describe('a lost reply', () => {
  test.each(['silence', 'cut'] as const)(
    'of a write is reported, and the write is not sent again (%s)',
    async (afterwards) => {
      const store = redisCacheStore(connect(impatient()));
      await store.write([record('a', 'before')]);
      await server.command('CONFIG', 'RESETSTAT');
      const loss = proxy.dropNextReply((request) => request.includes('after'), afterwards);
      expect(await unavailable(store.write([record('a', 'after')]))).toBe(true);
      expect(await loss.lost).toBe(true);
      await until(async () => (await texts(store, ['a']))[0] === 'after', { what: 'the connection is back' });
      expect(await runs('set')).toBe(1);
    },
  );

  test('of a lease, a fill or a bump is reported, and it ran once', async () => {
    const store = redisCacheStore(connect(impatient()));
    const filled = (key: string) => ({ ...record(key), token: 'mine' });
    const calls = {
      lease: (key: string) => lease(store, key, 'mine'),
      fill: (key: string) => store.fill([filled(key)]),
      bump: (key: string) => store.bump([key], { keepMs: longMs }),
    };
    for (const call of Object.values(calls)) await call('warm');
    for (const [name, call] of Object.entries(calls)) {
      await until(() => store.remove(['warm']).then(() => true), { what: 'connected' });
      await server.command('CONFIG', 'RESETSTAT');
      const loss = proxy.dropNextReply((request) => request.includes('{key}'));
      expect([name, await unavailable(call('key'))]).toEqual([name, true]);
      expect(await loss.lost).toBe(true);
      await until(() => store.remove(['warm']).then(() => true), { what: 'connected again' });
      expect([name, await runs('set')]).toEqual([name, 1]);
    }
    expect(await texts(store, ['key'])).toEqual(['key']);
  });
});

describe('a server that does not answer', () => {
  test.each(['hung', 'black hole'])('%s: calls end, and it heals', async (kind) => {
    const store = redisCacheStore(connect(impatient()));
    await store.write([record('a')]);
    if (kind === 'hung') await server.pause();
    else proxy.blackHole();
    const begun = performance.now();
    const outcomes = await Promise.all([
      unavailable(store.read(['a'])),
      unavailable(store.write([record('b')])),
      unavailable(store.bump(['t:a'], { keepMs: longMs })),
    ]);
    expect(outcomes).toEqual([true, true, true]);
    expect(performance.now() - begun).toBeLessThan(8_000);
    if (kind === 'hung') await server.resume();
    else await proxy.heal();
    await until(async () => (await texts(store, ['a']))[0] === 'a', { what: 'reads are back' });
    await until(
      async () => {
        await store.write([record('c')]);
        return true;
      },
      { what: 'writes are back' },
    );
  });

  test('it is away: calls are refused at once, and it is found again', async () => {
    const connection = connect(patient(server));
    const store = redisCacheStore(connection);
    await store.write([record('a')]);
    await server.kill();
    await until(() => unavailable(store.read(['a'])), { what: 'the loss is noticed' });
    const begun = performance.now();
    for (let i = 0; i < 20; i++) expect(await unavailable(store.write([record('a')]))).toBe(true);
    expect(performance.now() - begun).toBeLessThan(8_000);
    expect((await connection.health()).status).toBe('down');
    await server.restart({ data: 'wipe' });
    await until(async () => (await texts(store, ['a']))[0] === undefined, {
      what: 'an empty server is found',
    });
    expect((await connection.health()).status).toBe('up');
  });

  test('slow bytes in small pieces are still an answer', async () => {
    const store = redisCacheStore(connect(patient(proxy)));
    proxy.slice(7);
    proxy.delay(3);
    await store.write([record('a', 'x'.repeat(2_000)), record('b')]);
    expect(await texts(store, ['b', 'a', 'c'])).toEqual(['b', 'x'.repeat(2_000), undefined]);
  });
});

describe('data that is gone', () => {
  test('after a restart without data, a guard gets a higher epoch than it ever had, and no lease holds', async () => {
    const store = redisCacheStore(connect(patient(server)));
    const [before = 0] = await store.bump(['t:a'], { keepMs: longMs });
    await lease(store, 'a', 'mine');
    await server.restart({ data: 'wipe' });
    await until(async () => (await store.epochs(['t:a']))[0] === undefined, {
      what: 'it is back, and empty',
    });
    await until(() => store.remove(['x']).then(() => true), { what: 'changes are possible' });
    const [after = 0] = await store.epochs(['t:a'], { keepMs: longMs });
    expect(after).toBeGreaterThan(before);
    expect(await store.fill([{ ...record('a'), token: 'mine' }])).toEqual([false]);
    expect((await lease(store, 'a', 'yours')).state).toBe('granted');
  });

  test('FLUSHALL breaks leases and forgets guards', async () => {
    const store = redisCacheStore(connect(patient(server)));
    const [before = 0] = await store.epochs(['t:a'], { keepMs: longMs });
    await lease(store, 'a', 'mine');
    await server.command('FLUSHALL');
    expect(await store.fill([{ ...record('a'), token: 'mine' }])).toEqual([false]);
    const [after = 0] = await store.epochs(['t:a'], { keepMs: longMs });
    expect(after).toBeGreaterThan(before);
  });
});

describe('a server that will not write', () => {
  test('of a replica it is told, and once it is promoted, writing goes on', async () => {
    const master = await startRedis();
    await server.replicate(master);
    const store = redisCacheStore(connect(patient(server)));
    expect(await texts(store, ['a'])).toEqual([undefined]);
    const error = await failure(store.write([record('a')]));
    expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
    expect(String(error)).toContain('READONLY');
    expect(await unavailable(store.bump(['t:a'], { keepMs: longMs }))).toBe(true);
    expect((await store.health()).status).toBe('degraded');
    await server.promote();
    await until(
      async () => {
        await store.write([record('a')]);
        return true;
      },
      { what: 'writing goes on' },
    );
    expect(await texts(store, ['a'])).toEqual(['a']);
    await master.stop();
  });

  test('when an address leads to a new master, READONLY makes the connection anew', async () => {
    const next = await startRedis();
    await next.replicate(server);
    const store = redisCacheStore(connect(patient(proxy)));
    await store.write([record('a')]);
    await next.promote();
    await server.replicate(next);
    proxy.retarget(next);
    await unavailable(store.write([record('b')]));
    await until(
      async () => {
        await store.write([record('b')]);
        return true;
      },
      { what: 'the new master is found' },
    );
    expect(await next.command('EXISTS', 'parley:cache:{b}')).toBe(1);
    await next.stop();
  });

  test('of full memory it is told as something that passes, and reading goes on', async () => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    const store = redisCacheStore(connect(patient(server)));
    await store.write([record('a')]);
    await server.command('CONFIG', 'SET', 'maxmemory', '1mb');
    const calls = [
      store.write([record('b', 'x'.repeat(10_000))]),
      store.write([record('b'), record('c')]),
      store.bump(['t:a'], { keepMs: longMs }),
    ];
    // Heard from the start: their answers may come together.
    for (const error of await Promise.all(calls.map((call) => failure(call)))) {
      expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
      expect(String(error)).toMatch(/memory is full/);
    }
    expect(await texts(store, ['a'])).toEqual(['a']);
    expect(await store.remove(['a'])).toEqual([true]);
    expect((await store.health()).details?.['warnings']).toMatch(/noeviction/);
  });

  test('of evicted records and guards nothing comes back to life', async () => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const store = redisCacheStore(connect(patient(server)));
    const [before = 0] = await store.bump(['t:a'], { keepMs: longMs });
    await store.write([record('a')]);
    const used = Number(/used_memory:(\d+)/.exec(String(await server.command('INFO', 'memory')))?.[1]);
    await server.command('CONFIG', 'SET', 'maxmemory', String(used + 2_000_000));
    const filler = 'x'.repeat(20_000);
    for (let i = 0; (await store.epochs(['t:a']))[0] !== undefined || i < 100; i++) {
      await store.write(Array.from({ length: 10 }, (_, j) => record(`filler:${i}:${j}`, filler)));
      if (i > 2_000) throw new Error('nothing is evicted');
    }
    const [after = 0] = await store.epochs(['t:a'], { keepMs: longMs });
    expect(after).toBeGreaterThan(before);
    expect((await store.health()).status).toBe('up');
    expect(Number((await store.health()).details?.['evictedKeys'])).toBeGreaterThan(0);
  });
});
