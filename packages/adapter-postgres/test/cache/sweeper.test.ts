import { migrate } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { virtualClock } from '@parley/cache-core/kernel';
import { until } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Sweeper } from '../../src/cache/sweeper.ts';
import { Tables } from '../../src/tables.ts';
import { empty, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { record, texts } from '../support/records.ts';

describe.each(['a server', 'PGlite in memory'])('on %s', (name) => {
  let backend: Backend;
  let db: Database;
  beforeAll(async () => {
    backend = await openBackend(name);
    ({ db } = backend);
    await migrate(db);
  });
  beforeEach(() => empty(db));
  afterAll(() => backend[Symbol.asyncDispose]());

  const rows = async (table = 'cache_entries'): Promise<number> =>
    Number((await db.query({ text: `select count(*) from ${db.schema}.${table}` })).rows[0]?.[0]);

  /** Rows that nobody will write again, expired or not. */
  const fillUp = (n: number, keep: string, prefix = keep): Promise<unknown> =>
    db.query(
      {
        text: `insert into ${db.schema}.cache_entries (hash, key, bytes, version, fresh_until, keep_until)
               select hashtextextended($2 || i, 0), $2 || i, decode(repeat('ab', 400), 'hex'), 1, now(), now() + $1::interval
               from generate_series(1, $3::int) i`,
      },
      [keep, prefix, n],
    );

  test('what has expired goes, also when nobody writes any more, and all else stays', async () => {
    await fillUp(3_000, '-1 s');
    await fillUp(200, '1 hour');
    await db.query({
      text: `insert into ${db.schema}.cache_entries (hash, key, lease_token, lease_until)
                            values (1, 'led', 't', now() + interval '1 hour'), (2, 'was led', 't', now() - interval '1 s')`,
    });
    await db.query({
      text: `insert into ${db.schema}.cache_guards values
                            (1, 'kept', 7, now() + interval '1 hour'), (2, 'over', 7, now() - interval '1 s')`,
    });
    await using store = postgresCacheStore(db, { sweepEvery: '100ms' });
    await store.write([record('new')]);
    await until(async () => (await rows()) === 202 && (await rows('cache_guards')) === 1, {
      what: 'only the live ones are left',
    });
    expect(await texts(store, ['new'])).toEqual(['new']);
    expect(
      (await db.query({ text: `select key from ${db.schema}.cache_entries where hash in (1, 2)` })).rows,
    ).toEqual([['led']]);
  });

  test('writing pays for itself: expired rows do not pile up', async () => {
    // Far off, so that only the looks that come with writing are at work.
    await using store = postgresCacheStore(db, { sweepEvery: '1d' });
    const bytes = Buffer.alloc(1_000, 'x');
    let most = 0;
    for (let batch = 0; batch < 150; batch++) {
      const keys = Array.from({ length: 100 }, (_, i) => `batch ${batch} ${i}`);
      await store.write(keys.map((key) => ({ key, bytes, version: 1, freshMs: 1, keepMs: 1 })));
      most = Math.max(most, await rows());
    }
    // Of 15,000.
    expect(most).toBeLessThan(8_000);
  }, 30_000);

  test('a row that is written anew while it is looked at survives', async () => {
    await fillUp(50, '-1 s', 'k');
    await using store = postgresCacheStore(db);
    const sweep = new Tables(db, {}).statement('cache_sweep');
    const keys = Array.from({ length: 50 }, (_, i) => `k${i + 1}`);
    await Promise.all([
      ...Array.from({ length: 5 }, () => db.query(sweep, [0, 256, 1_000, false])),
      ...keys.map((key) => store.write([record(key)])),
      ...Array.from({ length: 5 }, () => db.query(sweep, [0, 256, 1_000, false])),
    ]);
    expect(await texts(store, keys)).toEqual(keys);
  });

  test('it waits for its time, spread out, and no timer is left when it is closed', async () => {
    const clock = virtualClock();
    const own = new Sweeper(new Tables({ ...db, clock }, {}), {
      everyMs: 1_000,
      tables: {},
      random: () => 0.5,
    });
    await fillUp(10, '-1 s');
    own.wrote([{ bytes: Buffer.from('x') }]);
    await clock.advance(999);
    expect(await rows()).toBe(10);
    await clock.advance(1);
    await until(async () => (await rows()) === 0, { what: 'it has looked' });
    expect(clock.pending).toBe(1);
    await own.close();
    expect(clock.pending).toBe(0);
    own.wrote([{ bytes: Buffer.from('x') }]);
    expect(clock.pending).toBe(0);
  });
});

test('embedded, where nobody cleans up, space is used again', async () => {
  await using backend = await openBackend('PGlite in memory');
  const { db } = backend;
  await using store = postgresCacheStore(db, { sweepEvery: '1d' });
  const size = async (): Promise<number> =>
    Number((await db.query({ text: `select pg_total_relation_size('parley.cache_entries')` })).rows[0]?.[0]);
  const bytes = Buffer.alloc(200_000, 'large');
  const overwrite = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      await store.write(Array.from({ length: 10 }, (_, n) => ({ ...record(`large ${n}`), bytes })));
    }
  };
  await overwrite(40);
  const before = await size();
  await overwrite(60);
  expect(await size()).toBeLessThan(before * 2);
}, 120_000);

test('of two processes only one goes through the table at a time', async () => {
  await using backend = await openBackend('a server');
  await migrate(backend.db);
  const sweep = new Tables(backend.db, {}).statement('cache_sweep');
  const session = await backend.db.acquire();
  await session.query({ text: 'begin' });
  expect((await session.query(sweep, [0, 256, 1_000, true])).rows).toHaveLength(1);
  expect((await backend.other.query(sweep, [0, 256, 1_000, true])).rows).toEqual([]);
  expect((await backend.other.query(sweep, [0, 256, 1_000, false])).rows).toHaveLength(1);
  await session.query({ text: 'rollback' });
  session.release();
});
