import { isDeepStrictEqual } from 'node:util';
import { migrate } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import type { PostgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import type { Rule } from '@parley/ratelimit';
import { seededRandom, until } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { emptyLimits, limitTables, longMs, rule, takeClock, takeOne } from '../support/ratelimit.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

async function numberOf({ schema, ...db }: Database, sql: string): Promise<number> {
  const { rows } = await db.query({ text: sql.replaceAll('parley.', `${schema}.`) });
  return Number(rows[0]?.[0]);
}

const kinds: readonly Rule['kind'][] = ['gcra', 'bucket', 'fixed', 'sliding', 'log', 'concurrency'];

describe.each(['a server', 'PGlite in memory'])('on %s', (name) => {
  let backend: Backend;
  let store: PostgresLimitStore;
  let setClock: (ms: number) => Promise<void>;
  const now = 2_000_000_000_000;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
    setClock = await takeClock(backend.db);
  });
  beforeEach(async () => {
    await emptyLimits(backend.db);
    await setClock(now);
    store = postgresLimitStore(backend.db, { sweepEvery: 0.1 });
  });
  afterEach(() => store.close());
  afterAll(() => backend[Symbol.asyncDispose]());

  const rows = (table: string): Promise<number> =>
    numberOf(backend.db, `select count(*) from parley.limit_${table}`);

  test('what has ended is removed, and only that', async () => {
    const people = 20;
    const block = { forMs: 500, factor: 1, maxMs: 500, forgetMs: 0 };
    const [brief, long] = [1_000, longMs].map((periodMs) =>
      kinds.map((kind) => rule(kind, 3, periodMs, { block })),
    );
    const take = async (rules: readonly Rule[] = [], keepMs: number): Promise<void> => {
      for (let i = 0; i < people; i++)
        for (const cost of [3, 1]) {
          const charges = rules.map((one) => ({ rule: one, identity: `u${i}`, cost }));
          await store.take([{ charges, holder: `h${cost}`, token: { id: `${i}`, keepMs } }]);
          for (const one of charges)
            await store.take([{ charges: [one], holder: `h${cost}`, token: { id: `${i}`, keepMs } }]);
        }
    };
    await take(brief, 1_000);
    await take(long, longMs);
    await setClock(now + 10_000);
    // Of five kinds and of somebody, the logs, two tokens each, no blocks, the slots: in the order of the tables.
    const kept = [5 * people + 1, people, 2 * people, 0, people];
    await until(
      async () => {
        // What is charged looks for what has ended.
        await takeOne(store, rule('gcra', 1_000_000, longMs, { name: 'more' }), 'somebody');
        return isDeepStrictEqual(await Promise.all(limitTables.map(rows)), kept);
      },
      { what: 'that half is gone', deadline: 60_000 },
    );
    const peeked = await store.peek((long ?? []).map((one) => ({ rule: one, identity: 'u7', cost: 1 })));
    expect(peeked.map(({ remaining }) => remaining)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test.each(kinds)(
    'a clock that goes back denies nobody by %s for longer than that could itself',
    async (kind) => {
      const one = rule(kind, 5, 1_000);
      await takeOne(store, one, 'ann', { cost: 5 });
      await takeOne(store, one, 'bob', { cost: 2 });
      await setClock(now - 600_000);
      const asked = { holder: 'other', cost: 5 };
      const { ok, standings } = await takeOne(store, one, 'ann', asked);
      const retryAfterMs = standings[0]?.retryAfterMs ?? Infinity;
      expect([ok, retryAfterMs <= 2_000]).toEqual([false, true]);
      await setClock(now - 600_000 + retryAfterMs - 1);
      expect(await takeOne(store, one, 'ann', asked)).toMatchObject({ ok: false });
      await setClock(now - 600_000 + retryAfterMs);
      expect(await takeOne(store, one, 'ann', asked)).toMatchObject({ ok: true });
      // Nor does it give anything away.
      expect(await takeOne(store, one, 'bob', asked)).toMatchObject({ ok: false });
      expect(await takeOne(store, one, 'bob', { ...asked, cost: 3 })).toMatchObject({ ok: true });
    },
  );

  test.each(['renew', 'release'] as const)(
    'after a clock that went back, what others hold ends in time though somebody only came to %s',
    async (what) => {
      const slots = rule('concurrency', 2, 1_000);
      await takeOne(store, slots, 'ann', { holder: 'one' });
      await takeOne(store, slots, 'ann', { holder: 'other' });
      await setClock(now - 600_000);
      expect(await store[what]([{ rule: slots, identity: 'ann', holder: 'one' }])).toMatchObject([
        { held: true },
      ]);
      await setClock(now - 600_000 + 1_000);
      expect(await takeOne(store, slots, 'ann', { holder: 'third', cost: 2 })).toMatchObject({ ok: true });
    },
  );

  test('names may be as long as the port allows', async () => {
    // Of characters that do not compress well, since an index would take compressed ones.
    const long = (seed: number): string => {
      const random = seededRandom(seed);
      return Array.from({ length: 341 }, () => String.fromCodePoint(random.between(0x4e00, 0x9fff))).join('');
    };
    const [identity, holder, id] = [long(1), long(2), long(3)];
    for (const kind of kinds) {
      const one = rule(kind, 3, longMs, { name: 'x'.repeat(64) });
      const more = { holder, token: { id, keepMs: longMs } };
      expect(await takeOne(store, one, identity, more)).toMatchObject({ ok: true, replayed: false });
      expect(await takeOne(store, one, identity, more)).toMatchObject({ ok: true, replayed: true });
    }
  });

  test('a year of silence, and the largest numbers that a rule may have, are counted exactly', async () => {
    const most = rule('gcra', 1_000_000_000, 1_125_899, { name: 'most' });
    expect(await takeOne(store, most, 'ann', { cost: 1_000_000_000 })).toMatchObject({
      ok: true,
      standings: [{ remaining: 0, resetMs: 1_125_899 }],
    });
    const [adjusted] = await store.adjust([{ rule: most, identity: 'ann', by: Number.MAX_SAFE_INTEGER }]);
    expect(adjusted).toMatchObject({ ok: false, resetMs: 2 * 1_125_899 });
    await setClock(now + 365 * 86_400_000);
    expect(await takeOne(store, most, 'ann')).toMatchObject({
      ok: true,
      standings: [{ remaining: 999_999_999 }],
    });
    const [rewarded] = await store.adjust([{ rule: most, identity: 'ann', by: -Number.MAX_SAFE_INTEGER }]);
    expect(rewarded).toMatchObject({ ok: true, remaining: 1_000_000_000, resetMs: 0 });
  });

  test('a log of ten thousand charges tells when the first of them is back', async () => {
    const one = rule('log', 10_000, 60_000);
    for (let i = 0; i < 100; i++) {
      await setClock(now + i);
      await takeOne(store, one, 'ann', { cost: 100 });
    }
    const denied = await takeOne(store, one, 'ann', { cost: 150 });
    expect(denied).toMatchObject({ ok: false, standings: [{ remaining: 0, retryAfterMs: 60_000 + 1 - 99 }] });
    await store.adjust([{ rule: one, identity: 'ann', by: -250 }]);
    expect(await takeOne(store, one, 'ann', { cost: 250 })).toMatchObject({ ok: true });
  });

  test('the tables do not grow while people come and go', async () => {
    const one = rule('gcra', 5, 100);
    let at = now;
    const size = (): Promise<number> =>
      numberOf(backend.db, `select pg_total_relation_size('parley.limit_counts'::regclass)`);
    const round = async (): Promise<void> => {
      await setClock((at += 1_000));
      await store.take(
        Array.from({ length: 1_000 }, (_, i) => ({
          charges: [{ rule: one, identity: `${at} ${i}`, cost: 1 }],
        })),
      );
      // However late the sweep is, as many are there in each round: what the table needs can be compared.
      await until(async () => (await rows('counts')) <= 1_000, { what: 'it was swept' });
      // A server cleans up by itself, in its own time.
      if (backend.db.kind === 'postgres')
        await backend.db.query({ text: `vacuum ${backend.db.schema}.limit_counts` });
    };
    for (let i = 0; i < 30; i++) await round();
    const before = await size();
    for (let i = 0; i < 30; i++) await round();
    expect(await size()).toBeLessThan(before * 1.5);
  });
});
