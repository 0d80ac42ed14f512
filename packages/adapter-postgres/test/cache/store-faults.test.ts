import { connectPostgres } from '@parley/adapter-postgres';
import type { PostgresConfig } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import type { PostgresCacheStore } from '@parley/adapter-postgres/cache';
import { startPartition, startPostgres, startPostgresPair, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, timed } from '../support/failure.ts';
import { lease, longMs, record, texts } from '../support/records.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** Time limits are kept to within this, on a machine that does other things as well. */
const slackMs = 5_000;
const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };

let server: PostgresServer;
let proxy: FaultProxy;
const open: AsyncDisposable[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
beforeEach(async () => {
  proxy = await startProxy({ target: server });
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  await proxy.close();
});
afterAll(() => server.stop());

let schemas = 0;

/** With tables of its own, which are there. */
async function storeOn(url: string, more: PostgresConfig = {}): Promise<PostgresCacheStore> {
  schemas += 1;
  const schema = `faults${schemas}`;
  const db = connectPostgres({ url, schema, connectTimeout: '10s', queryTimeout: '10s', ...more });
  const store = postgresCacheStore(db);
  open.push(db, store);
  await until(() => store.read(['none']).then(() => true), { what: 'the tables are there' });
  return store;
}

const impatience = { connectTimeout: '1s', queryTimeout: '1s' } as const;

const heals = (store: PostgresCacheStore): Promise<boolean> =>
  until(() => store.remove(['none']).then(() => true), { what: 'it writes again' });

describe('a lost reply', () => {
  test.each(['silence', 'cut'] as const)(
    'of a write is reported, and it is not sent again: what came after it stays (%s)',
    async (afterwards) => {
      const store = await storeOn(proxy.url, impatience);
      const direct = await storeOn(server.url, { schema: `faults${schemas}` });
      const loss = proxy.dropNextReply((request) => request.includes('lost-text'), afterwards);
      expect(await failure(store.write([record('a', 'lost-text')]))).toMatchObject(unavailable);
      expect(await loss.lost).toBe(true);
      expect(await texts(direct, ['a'])).toEqual(['lost-text']);
      await direct.write([record('a', 'later')]);
      await proxy.heal();
      await heals(store);
      expect(await texts(store, ['a'])).toEqual(['later']);
    },
  );

  test('of a lease, a fill and a bump is reported, and they took effect once', async () => {
    const store = await storeOn(proxy.url);
    const lost = async (part: string, call: () => Promise<unknown>): Promise<void> => {
      const loss = proxy.dropNextReply((request) => request.includes(part));
      expect(await failure(call())).toMatchObject(unavailable);
      expect(await loss.lost).toBe(true);
    };
    await lost('lease-token', () => lease(store, 'a', 'lease-token'));
    expect((await lease(store, 'a', 'lease-token')).state).toBe('granted');
    expect((await lease(store, 'a', 'of-another')).state).toBe('held');
    const filled = { ...record('a', 'filled-text'), token: 'lease-token' };
    await lost('filled-text', () => store.fill([filled]));
    expect(await store.fill([filled])).toEqual([false]);
    expect(await texts(store, ['a'])).toEqual(['filled-text']);
    const [before = 0] = await store.bump(['lost-guard'], { keepMs: longMs });
    await lost('lost-guard', () => store.bump(['lost-guard'], { keepMs: longMs }));
    const [after = 0] = await store.epochs(['lost-guard']);
    expect(after).toBeGreaterThan(before);
  });
});

describe('a server that does not answer', () => {
  test.each(['hung', 'black hole', 'partition'])('%s: calls end, and it heals', async (kind) => {
    const store = await storeOn(proxy.url, impatience);
    await store.write([record('a')]);
    const faults: Record<string, () => Promise<() => Promise<void>>> = {
      hung: () => server.pause().then(() => () => server.resume()),
      'black hole': async () => {
        proxy.blackHole();
        return () => proxy.heal();
      },
      partition: () => startPartition(proxy).then((partition) => () => partition.heal()),
    };
    const heal = await faults[kind]?.();
    try {
      const { outcome, ms } = await timed(() =>
        Promise.all([
          failure(store.read(['a'])),
          failure(store.write([record('b')])),
          failure(store.bump(['t:a'], { keepMs: longMs })),
        ]),
      );
      for (const error of outcome) expect(error).toMatchObject(unavailable);
      // A connection may have to be made anew, which has a limit of its own.
      expect(ms).toBeLessThan(2_000 + slackMs);
      const health = await timed(() => store.health());
      expect([health.outcome.status, health.ms < 2_000 + slackMs]).toEqual(['down', true]);
    } finally {
      await heal?.();
    }
    await until(async () => (await texts(store, ['a']))[0] === 'a', { what: 'reads are back' });
    await until(() => store.write([record('c')]).then(() => true), { what: 'writes are back' });
  });

  test('slow bytes in small pieces are still an answer', async () => {
    const store = await storeOn(proxy.url);
    proxy.slice(7);
    proxy.delay(3);
    const { ms } = await timed(() => store.write([record('a', 'x'.repeat(2_000)), record('b')]));
    expect(await texts(store, ['b', 'a', 'c'])).toEqual(['b', 'x'.repeat(2_000), undefined]);
    expect((await lease(store, 'c', 'mine')).state).toBe('granted');
    // It was slow indeed: there and back again.
    expect(ms).toBeGreaterThanOrEqual(2 * 3);
  });

  test('slower than the limit: the call is given up, and the next one is on another connection', async () => {
    const store = await storeOn(proxy.url, impatience);
    await store.write([record('a')]);
    proxy.delay(60_000, 'replies');
    const { outcome, ms } = await timed(() => failure(store.read(['a'])));
    expect(outcome).toMatchObject(unavailable);
    expect(ms).toBeLessThan(2_000 + slackMs);
    await proxy.heal();
    await until(async () => (await texts(store, ['a']))[0] === 'a', { what: 'it reads again' });
  });
});

describe('a server that will not write', () => {
  test('of one that is read-only it is told, reading goes on, and so does writing later', async () => {
    const store = await storeOn(server.url);
    await store.write([record('a')]);
    const writes = (): Promise<boolean> =>
      store.write([record('a', 'written')]).then(
        () => true,
        () => false,
      );
    await server.setReadOnly(true);
    try {
      await until(async () => !(await writes()), { what: 'it is read-only for everybody' });
      expect(await failure(store.bump(['t:a'], { keepMs: longMs }))).toMatchObject(unavailable);
      expect(await failure(lease(store, 'b', 'mine'))).toMatchObject(unavailable);
      expect(await texts(store, ['a'])).toHaveLength(1);
      expect((await store.health()).status).toBe('degraded');
    } finally {
      await server.setReadOnly(false);
    }
    await until(writes, { what: 'it writes again' });
    expect(await texts(store, ['a'])).toEqual(['written']);
  });
});

describe('a server that is another one', () => {
  test('restarted without data it is empty, with tables made anew, and a guard gets a higher epoch than it ever had', async () => {
    await using own = await startPostgres();
    const store = await storeOn(own.url);
    await store.write([record('a')]);
    const [before = 0] = await store.bump(['t:a'], { keepMs: longMs });
    await lease(store, 'b', 'mine');
    await own.kill();
    expect(await failure(store.read(['a']))).toMatchObject(unavailable);
    await own.restart({ data: 'wipe' });
    await until(async () => (await texts(store, ['a']))[0] === undefined, { what: 'it is back, and empty' });
    const [after = 0] = await store.epochs(['t:a'], { keepMs: longMs });
    expect(after).toBeGreaterThan(before);
    expect(await store.fill([{ ...record('b'), token: 'mine' }])).toEqual([false]);
  });

  test.each([true, false])(
    'a standby that was promoted has nothing of what is not logged, and nothing comes back (synchronous: %s)',
    async (synchronous) => {
      await using pair = await startPostgresPair({ synchronous });
      await using way = await startProxy({ target: pair.primary });
      const store = await storeOn(way.url);
      await store.write([record('a')]);
      const [before = 0] = await store.bump(['t:a'], { keepMs: longMs });
      await lease(store, 'b', 'mine');
      await pair.caughtUp();
      await pair.primary.kill();
      await pair.promote();
      way.retarget(pair.standby);
      await heals(store);
      expect(await texts(store, ['a'])).toEqual([undefined]);
      const [after = 0] = await store.epochs(['t:a'], { keepMs: longMs });
      expect(after).toBeGreaterThan(before);
      expect(await store.fill([{ ...record('b'), token: 'mine' }])).toEqual([false]);
    },
  );
});
