import { redisCacheStore } from '@parley/adapter-redis/cache';
import type { CacheStore } from '@parley/cache-core';
import { isParleyError } from '@parley/cache-core/kernel';
import { startRedis, until, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, failure, patient } from '../support/connections.ts';
import { fill, lease, longMs, record, texts } from '../support/records.ts';

let server: RedisServer;
let store: CacheStore;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server.stop());

beforeEach(async () => {
  await server.command('FLUSHALL');
  store = redisCacheStore(connect(patient(server, { prefix: 'p:' })));
});

/** How often the server was asked for what since the count began. */
async function counted(work: () => Promise<unknown>): Promise<Record<string, number>> {
  // Scripts are known and the clock has been asked for before the count begins.
  await store.read(['warm']);
  await server.command('CONFIG', 'RESETSTAT');
  await work();
  const stats = String(await server.command('INFO', 'commandstats'));
  const found = [...stats.matchAll(/cmdstat_([a-z|_]+):calls=(\d+)/g)].map(([, name = '', calls]) => [
    name,
    Number(calls),
  ]);
  return Object.fromEntries(found.filter(([name]) => !/config|hello|info|client|auth/.test(String(name))));
}

describe('what it costs', () => {
  const keys = Array.from({ length: 64 }, (_, i) => `k${i}`);

  test('a batch of reads is one command', async () => {
    await store.write(keys.map((key) => record(key)));
    expect(await counted(() => store.read(keys))).toEqual({ mget: 1 });
  });

  test('one write is one command, and so are a batch of writes, leases and fills', async () => {
    expect(await counted(() => store.write([record('a')]))).toEqual({ set: 1 });
    const batches = [
      () => store.write(keys.map((key) => record(key))),
      () => store.lease(keys.map((key) => ({ key: `new:${key}`, token: 't', ttlMs: 1_000 }))),
      () => store.fill(keys.map((key) => ({ ...record(`new:${key}`), token: 't' }))),
      () => store.remove(keys),
      () => store.epochs(keys, { keepMs: longMs }),
      () => store.bump(keys, { keepMs: longMs }),
    ];
    for (const batch of batches) {
      await batch();
      expect((await counted(batch))['evalsha']).toBe(1);
    }
    expect(await counted(() => store.epochs(keys))).toEqual({ mget: 1 });
  });

  test('an epoch that is looked up again and again writes nothing', async () => {
    await store.epochs(['t:a'], { keepMs: longMs });
    expect(await counted(() => store.epochs(['t:a'], { keepMs: longMs }))).toEqual({
      evalsha: 1,
      time: 1,
      get: 1,
      pttl: 1,
    });
  });
});

describe('records and leases', () => {
  test('a batch that is too large for one script is written all the same', async () => {
    const records = Array.from({ length: 10 }, (_, i) => record(`big${i}`, `${i}`.repeat(100_000)));
    await store.write(records);
    expect(
      await texts(
        store,
        records.map(({ key }) => key),
      ),
    ).toEqual(records.map(({ bytes }) => Buffer.from(bytes).toString()));
  });

  test('ten megabytes come back', async () => {
    await store.write([record('huge', 'x'.repeat(10_000_000))]);
    expect((await store.read(['huge']))[0]?.bytes.length).toBe(10_000_000);
  });

  test('a record of a moment is written, and is over', async () => {
    await store.write([
      record('a', 'x', { freshMs: 0, keepMs: 0 }),
      record('b', 'x', { freshMs: 0.2, keepMs: 0.5 }),
    ]);
    await until(async () => Number(await server.command('DBSIZE')) === 0, { what: 'both are gone' });
    expect(await store.read(['a', 'b'])).toEqual([undefined, undefined]);
  });

  test('a fill that is asked for twice is answered alike', async () => {
    await lease(store, 'a', 'mine');
    const filled = { ...record('a', 'one'), token: 'mine' };
    expect(await store.fill([filled])).toEqual([true]);
    expect(await store.fill([filled])).toEqual([true]);
    expect(await store.fill([{ ...record('a', 'two'), token: 'mine' }])).toEqual([false]);
  });

  test('a lease outlives the record that it refreshes', async () => {
    await store.write([record('a', 'old', { version: 1, freshMs: 100, keepMs: 1_500 })]);
    expect((await lease(store, 'a', 'mine', { seen: 1 })).state).toBe('granted');
    expect(await texts(store, ['a'])).toEqual(['old']);
    await until(async () => (await texts(store, ['a']))[0] === undefined, { what: 'the record is over' });
    expect((await lease(store, 'a', 'yours')).state).toBe('held');
    expect(await store.remove(['none'])).toEqual([false]);
    expect(await fill(store, 'a', 'mine', 'new')).toBe(true);
    expect(await texts(store, ['a'])).toEqual(['new']);
  });

  test('a record whose lease ended is gone at its own time, not at that of the lease', async () => {
    await store.write([record('a', 'old', { version: 1, freshMs: 100, keepMs: 400 })]);
    await lease(store, 'a', 'mine', { seen: 1 });
    await store.release([{ key: 'a', token: 'mine' }]);
    expect(Number(await server.command('PTTL', 'p:cache:{a}'))).toBeLessThanOrEqual(400);
    await until(async () => (await server.command('EXISTS', 'p:cache:{a}')) === 0, {
      what: 'nothing is left',
    });
  });

  test('nothing is kept for ever, not a lease and not a guard', async () => {
    await store.write([record('a'), record('b')]);
    await store.touch([{ key: 'b', freshMs: 1, keepMs: longMs }]);
    await lease(store, 'c', 'mine');
    await store.epochs(['t:a'], { keepMs: longMs });
    await store.bump(['t:b'], { keepMs: longMs });
    const names: unknown = await server.command('KEYS', 'p:*');
    for (const name of Array.isArray(names) ? names.map(String) : []) {
      const left = Number(await server.command('PTTL', name));
      expect(left > 0 && left <= longMs * 1.25 ? '' : `${name}: ${left}`).toBe('');
    }
    expect(names).toHaveLength(5);
  });
});

describe('what others left under our keys', () => {
  const plant: Record<string, () => Promise<unknown>> = {
    'a short text': () => server.command('SET', 'p:cache:{a}', 'hello'),
    'a long text': () => server.command('SET', 'p:cache:{a}', 'x'.repeat(500)),
    'a hash': () => server.command('HSET', 'p:cache:{a}', 'f', 'v'),
    'a list': () => server.command('RPUSH', 'p:cache:{a}', 'v'),
    'a record of a later format': () =>
      server.command('SET', 'p:cache:{a}', `PC\u0002\u0001${'x'.repeat(200)}`),
  };

  test.each(Object.keys(plant))('%s is a miss, and is replaced', async (kind) => {
    const put = async (): Promise<void> => {
      await server.command('DEL', 'p:cache:{a}');
      await plant[kind]?.();
    };
    await put();
    expect(await store.read(['a', 'b'])).toEqual([undefined, undefined]);
    expect(await store.touch([{ key: 'a', freshMs: 1, keepMs: 1 }])).toEqual([false]);
    expect(await fill(store, 'a', 'mine', 'x')).toBe(false);
    await store.release([{ key: 'a', token: 'mine' }]);
    expect((await lease(store, 'a', 'mine')).state).toBe('granted');
    expect(await fill(store, 'a', 'mine', 'one')).toBe(true);
    await put();
    await store.write([record('a', 'two')]);
    await put();
    await store.write([record('a', 'three'), record('b')]);
    expect(await texts(store, ['a'])).toEqual(['three']);
    await put();
    expect(await store.remove(['a'])).toEqual([false]);
    expect(await server.command('EXISTS', 'p:cache:{a}')).toBe(0);
  });

  test.each(['HSET', 'SET'])('a guard that is none (%s) is absent, and is made anew', async (command) => {
    await server.command(command, 'p:guard:{t:a}', 'x', ...(command === 'HSET' ? ['y'] : []));
    expect(await store.epochs(['t:a', 't:b'])).toEqual([undefined, undefined]);
    const [epoch] = await store.epochs(['t:a'], { keepMs: longMs });
    expect(await store.epochs(['t:a'])).toEqual([epoch]);
    await server.command('DEL', 'p:guard:{t:a}');
    await server.command('RPUSH', 'p:guard:{t:a}', 'x');
    const [bumped = 0] = await store.bump(['t:a'], { keepMs: longMs });
    expect(bumped).toBeGreaterThan(epoch ?? Infinity);
  });
});

describe('epochs when the clock of the server was set back', () => {
  test.each([0, 1])('an epoch of the future (odd: %i) is kept, and still rises', async (odd) => {
    const future = (Date.now() + 86_400_000) * 1000 + odd;
    await server.command('SET', 'p:guard:{t:a}', future);
    expect(await store.epochs(['t:a'], { keepMs: longMs })).toEqual([future]);
    const raised = [
      ...(await store.bump(['t:a'], { keepMs: longMs })),
      ...(await store.bump(['t:a'], { keepMs: longMs })),
    ];
    expect(raised[0]).toBe(odd === 0 ? future + 1 : future + 2);
    expect(raised.every((epoch) => epoch % 2 === 1)).toBe(true);
    expect(raised[1]).toBeGreaterThan(raised[0] ?? Infinity);
  });
});

describe('calls', () => {
  test('who has left already asks nothing', async () => {
    const gone = AbortSignal.abort();
    expect(
      await counted(async () => {
        expect(isParleyError(await failure(store.read(['a'], { signal: gone })), 'ABORTED')).toBe(true);
        expect(isParleyError(await failure(store.write([record('a')], { signal: gone })), 'ABORTED')).toBe(
          true,
        );
      }),
    ).toEqual({});
  });

  test('who leaves is let go at once', async () => {
    await store.read(['a']);
    await server.pause();
    const controller = new AbortController();
    const call = failure(store.read(['a'], { signal: controller.signal }));
    controller.abort();
    expect(isParleyError(await call, 'ABORTED')).toBe(true);
    await server.resume();
  });

  test('scripts that the server forgot are sent again', async () => {
    await store.bump(['t:a'], { keepMs: longMs });
    await server.flushScripts();
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, i) => store.bump([`t:${i}`], { keepMs: longMs })),
    );
    expect(all.every(([epoch]) => epoch !== undefined && epoch > 0)).toBe(true);
    await server.flushScripts();
    expect(await counted(() => store.bump(['t:a'], { keepMs: longMs }))).toMatchObject({ eval: 1, set: 1 });
    await server.flushScripts();
    await store.write([record('a', 'one'), record('b', 'two')]);
    expect(await texts(store, ['a', 'b'])).toEqual(['one', 'two']);
  });

  test('stores of different prefixes, and of different databases, do not see one another', async () => {
    await store.write([record('a')]);
    const others = [
      redisCacheStore(connect(patient(server, { prefix: 'q:' }))),
      redisCacheStore(connect(patient(server, { prefix: 'p:' })), { prefix: 'p' }),
      redisCacheStore(connect(patient(server, { prefix: 'p:', db: 3 }))),
    ];
    for (const other of others) expect(await texts(other, ['a'])).toEqual([undefined]);
    await others[2]?.write([record('a', 'other')]);
    expect(await texts(store, ['a'])).toEqual(['a']);
  });
});
