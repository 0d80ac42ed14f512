import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import type { PostgresCacheStore } from '@parley/adapter-postgres/cache';
import type { Database } from '@parley/adapter-postgres';
import { sharedPostgres, spawnSkewed, until } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { empty, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { failure } from '../support/failure.ts';
import { lease, longMs, record, texts } from '../support/records.ts';

describe.each(['a server', 'PGlite in memory'])('on %s', (name) => {
  let backend: Backend;
  let store: PostgresCacheStore;
  let db: Database;
  beforeAll(async () => {
    backend = await openBackend(name);
    ({ db } = backend);
    store = postgresCacheStore(db);
    await store.read(['x']);
  });
  beforeEach(() => empty(db));
  afterAll(async () => {
    await store.close();
    await backend[Symbol.asyncDispose]();
  });

  const entries = (): string => `${db.schema}.cache_entries`;

  describe('two keys with one hash', () => {
    /** As if the hash of `stranger` were that of the key. */
    const collide = (key: string): Promise<unknown> =>
      db.query({ text: `update ${entries()} set key = 'stranger' where key = $1` }, [key]);

    test('are never taken for one another', async () => {
      await store.write([record('k', 'of the stranger')]);
      await collide('k');
      expect(await store.read(['k'])).toEqual([undefined]);
      expect(await store.touch([{ key: 'k', freshMs: longMs, keepMs: longMs }])).toEqual([false]);
      expect(await store.remove(['k'])).toEqual([false]);
      await store.release([{ key: 'k', token: 't' }]);
      expect(
        (await db.query({ text: `select key, convert_from(bytes, 'utf8') from ${entries()}` })).rows,
      ).toEqual([['stranger', 'of the stranger']]);
    });

    test('take the row from one another', async () => {
      await store.write([record('k', 'of the stranger')]);
      await collide('k');
      await store.write([record('k', 'own')]);
      expect(await texts(store, ['k'])).toEqual(['own']);
    });

    test('take the lease from one another, and the one that lost it fills nothing', async () => {
      await lease(store, 'k', 'of the stranger');
      await collide('k');
      expect(await store.fill([{ ...record('k', 'x'), token: 'of the stranger' }])).toEqual([false]);
      expect(await lease(store, 'k', 'own', { seen: 5 })).toEqual({ state: 'changed', record: undefined });
      expect(await lease(store, 'k', 'own')).toMatchObject({ state: 'granted' });
      expect(await store.fill([{ ...record('k', 'own'), token: 'own' }])).toEqual([true]);
      expect(await texts(store, ['k'])).toEqual(['own']);
    });

    test('of guards share their epoch, so that both are invalidated', async () => {
      const [made] = await store.epochs(['g'], { keepMs: longMs });
      await db.query({ text: `update ${db.schema}.cache_guards set name = 'stranger'` });
      expect(await store.epochs(['g'])).toEqual([made]);
      expect(await store.epochs(['g'], { keepMs: longMs * 4 })).toEqual([made]);
      const [bumped] = await store.bump(['g'], { keepMs: longMs });
      expect(bumped).toBeGreaterThan(made ?? Infinity);
    });
  });

  test('ten megabytes come back as they were, in a batch with others', async () => {
    const large = Buffer.alloc(10 * 1024 * 1024, 'abcdefg\0\u{ff}');
    await store.write([record('small'), { ...record('large'), bytes: large }, record('other')]);
    const [small, found, other] = await store.read(['small', 'large', 'other']);
    expect(Buffer.from(found?.bytes ?? []).equals(large)).toBe(true);
    expect([small, other].map((one) => Buffer.from(one?.bytes ?? []).toString())).toEqual(['small', 'other']);
  });

  test('a key of four kilobytes is a key, one with a NUL is refused without a word about it', async () => {
    const keys = ['k'.repeat(4_096), 'ü'.repeat(2_048), `${'k'.repeat(4_095)}x`];
    await store.write(keys.map((key) => record(key)));
    expect(await texts(store, keys)).toEqual(keys);
    const error = await failure(store.write([record('secret\0key')]));
    expect(error).toMatchObject({ code: 'STORE_FAULT', evidence: { code: '22021' } });
    expect(String(error)).not.toContain('secret');
    expect(await store.read(['secret\0key']).catch(() => 'refused')).toBe('refused');
  });

  test('keys that another encoding would merge stay apart', async () => {
    await store.write([record('ns:\u{fffd}', 'a real replacement character')]);
    expect(await store.read(['ns:\u{d800}'])).toEqual([undefined]);
  });

  test('times may be for ever, and of any length', async () => {
    const forever = Number.MAX_SAFE_INTEGER;
    await store.write([record('k', 'x', { freshMs: forever, keepMs: forever })]);
    await store.write([record('l', 'x', { freshMs: -forever, keepMs: Infinity })]);
    const [fresh, stale] = await store.read(['k', 'l']);
    expect(fresh?.freshForMs).toBeGreaterThan(3e12);
    expect(stale?.freshForMs).toBeLessThan(-3e12);
    expect(await store.epochs(['g'], { keepMs: forever })).toEqual([expect.any(Number)]);
    expect(await store.bump(['g'], { keepMs: Infinity })).toEqual([expect.any(Number)]);
  });

  test('a guard in use is written once in a while, not with every load', async () => {
    const written = async (): Promise<unknown> =>
      (await db.query({ text: `select xmin, keep_until from ${db.schema}.cache_guards` })).rows;
    await store.epochs(['g'], { keepMs: longMs });
    const made = JSON.stringify(await written());
    // On an engine whose clock counts milliseconds the next call may come at the same instant, and then has nothing to extend.
    await until(
      async () => {
        await store.epochs(['g'], { keepMs: longMs });
        return JSON.stringify(await written()) !== made;
      },
      { what: 'the guard is extended' },
    );
    const before = await written();
    for (let i = 0; i < 5; i++) await store.epochs(['g'], { keepMs: longMs });
    expect(await written()).toEqual(before);
  });

  test('a lease that was given back leaves no row, one on a record leaves the record', async () => {
    await lease(store, 'k', 't');
    await store.release([{ key: 'k', token: 't' }]);
    expect((await db.query({ text: `select 1 from ${entries()}` })).rows).toEqual([]);
  });

  test('a record that went while it was being leased is not leased', async () => {
    await store.write([record('k', 'old', { version: 5 })]);
    // What the statement read of the row and what it finds under the lock differ when it has to wait for a deletion.
    await Promise.all([lease(store, 'k', 't', { seen: 5 }), store.remove(['k'])]);
    expect(await store.fill([{ ...record('k', 'x'), token: 't' }])).toEqual([false]);
    expect(await lease(store, 'k', 'u')).toMatchObject({ state: 'granted' });
  });

  test('health tells rows, bytes and dead rows of its tables, and of the server', async () => {
    await store.write(Array.from({ length: 20 }, (_, i) => record(`k${i}`)));
    expect(await store.health()).toMatchObject({
      status: 'up',
      details: { role: 'primary', bytes: expect.any(Number), deadRows: expect.any(Number) },
    });
  });

  test('nothing is left running when it is closed', async () => {
    const own = postgresCacheStore(db, { sweepEvery: '100ms' });
    await own.write([record('k')]);
    await own.close();
    await own.close();
    expect(await texts(own, ['k'])).toEqual(['k']);
  });
});

describe('on a server', () => {
  test.each([-300_000, 300_000])(
    'a process whose clock is %i ms off agrees with all others on what is fresh',
    async (offsetMs) => {
      await using shared = await sharedPostgres();
      const { connectPostgres } = await import('@parley/adapter-postgres');
      await using db = connectPostgres({ url: shared.url, schema: shared.schema });
      await using store = postgresCacheStore(db);
      await store.write([record('by the right one')]);
      const [before] = await store.bump(['t:before'], { keepMs: longMs });
      const script = new URL('../support/skewed.ts', import.meta.url);
      await using child = await spawnSkewed({ offsetMs, script, args: [shared.url, shared.schema] });
      await child.wait();
      const theirs: unknown = JSON.parse((await child.output()).trim());
      const { now, freshForMs, reply, epoch } = Object(theirs);
      expect(Math.abs(now - Date.now() - offsetMs)).toBeLessThan(60_000);
      expect(freshForMs).toBeGreaterThan(0);
      expect(freshForMs).toBeLessThanOrEqual(longMs);
      const [after] = await store.bump(['t:after'], { keepMs: longMs });
      for (const stamp of [reply.stamp, epoch]) {
        expect(stamp).toBeGreaterThan(before ?? Infinity);
        expect(stamp).toBeLessThan(after ?? 0);
      }
      const [found] = await store.read(['by the wrong one']);
      expect(found?.freshForMs).toBeGreaterThan(0);
      expect(found?.freshForMs).toBeLessThanOrEqual(longMs);
      await until(async () => (await store.read(['brief']))[0] === undefined, {
        what: 'the brief one is over',
      });
    },
    // The first use may install the package of the skewed clock.
    120_000,
  );
});
