import { connectPostgres } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import type { PostgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import type { Rule } from '@parley/ratelimit';
import { seededRandom, startPostgres, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { longMs, rule, takeOne } from '../support/ratelimit.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

let server: PostgresServer;
const open: AsyncDisposable[] = [];
beforeAll(async () => {
  // A deadlock is told after this time, and none is to be found.
  server = await startPostgres({ settings: { deadlock_timeout: '20ms' } });
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});
afterAll(() => server.stop());

function connect(schema: string, maxConnections: number): [PostgresLimitStore, Database] {
  const limits = { queryTimeout: '60s', connectTimeout: '60s' } as const;
  const db = connectPostgres({ url: server.url, schema, maxConnections, ...limits });
  const store = postgresLimitStore(db, { sweepEvery: 0.1 });
  open.push(db, store);
  return [store, db];
}

const count = async (sql: string): Promise<number> => Number((await server.query<{ n: string }>(sql))[0]?.n);
const deadlocks = (): Promise<number> =>
  count(`select deadlocks as n from pg_stat_database where datname = current_database()`);

const kinds: readonly Rule['kind'][] = ['bucket', 'fixed', 'sliding', 'log', 'concurrency'];
const people = Array.from({ length: 6 }, (_, i) => `p${i}`);

describe('twenty who ask at once, about identities in any order', () => {
  test('wait for each other and never in a circle, and are admitted to exactly what there is', async () => {
    // Nothing comes back while this runs.
    const rate = rule('gcra', 60, longMs);
    const rules = [rate, ...kinds.map((kind) => rule(kind, 60, longMs))];
    const [store] = connect('circles', 20);
    await store.peek([]);
    await takeOne(store, rule('gcra', 1, 1, { name: 'first' }), 'somebody');
    const before = await deadlocks();
    const charged = new Map<string, number>();
    const replays: boolean[] = [];
    const nameOf = ({ kind }: Rule, identity: string): string => `${kind} ${identity}`;
    const ask = async (seed: number): Promise<void> => {
      const random = seededRandom(seed);
      for (let turn = 0; turn < 30; turn++) {
        const requests = Array.from({ length: random.between(1, 5) }, (_, i) => ({
          charges: rules
            .flatMap((one) => people.map((identity) => ({ rule: one, identity, cost: random.between(1, 3) })))
            .toSorted(() => random.next() - 0.5)
            .slice(0, random.between(1, 4)),
          token: { id: `${seed} ${turn} ${i}`, keepMs: longMs },
          holder: `${seed} ${turn} ${i}`,
        }));
        const taken = await store.take(requests);
        for (const [i, { ok }] of taken.entries()) {
          if (!ok) continue;
          for (const { rule: one, identity, cost } of requests[i]?.charges ?? [])
            charged.set(nameOf(one, identity), (charged.get(nameOf(one, identity)) ?? 0) + cost);
        }
        // The way of most calls, which goes by another statement.
        const plain = people.filter(() => random.chance(0.4)).toSorted(() => random.next() - 0.5);
        const charges = plain.map((identity) => ({ rule: rate, identity, cost: 1 }));
        for (const [i, { ok }] of (await store.take(charges.map((one) => ({ charges: [one] })))).entries())
          if (ok)
            charged.set(nameOf(rate, plain[i] ?? ''), (charged.get(nameOf(rate, plain[i] ?? '')) ?? 0) + 1);
        // Sent again all at once, as after lost replies: nothing is charged by it.
        const again = random.chance(0.2) ? await store.take(requests) : [];
        replays.push(again.map(({ replayed }, i) => replayed === taken[i]?.ok).every(Boolean));
        if (random.chance(0.1)) await store.reset(rules.map((one) => ({ rule: one, identity: 'nobody' })));
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i + 1)));
    expect(await deadlocks()).toBe(before);
    expect(replays.every(Boolean)).toBe(true);
    const targets = rules.flatMap((one) => people.map((identity) => ({ rule: one, identity, cost: 1 })));
    const peeked = await store.peek(targets);
    const found = targets.map(({ rule: one, identity }, i) => {
      const spent = charged.get(nameOf(one, identity)) ?? 0;
      const left = peeked[i]?.remaining ?? -1;
      // A little of what drains has drained meanwhile, or has left the window.
      const drains = one.kind === 'gcra' || one.kind === 'bucket' || one.kind === 'sliding';
      return { kind: one.kind, spent, left: drains ? Math.min(left, 60 - spent) : left };
    });
    expect(found).toEqual(found.map((each) => ({ ...each, left: 60 - each.spent })));
    expect(Math.max(...found.map(({ spent }) => spent))).toBeLessThanOrEqual(60);
  });
});

describe('a charge', () => {
  test('touches no index, and a denied one writes nothing', async () => {
    const [store] = connect('writes', 2);
    const one = rule('gcra', 300, longMs);
    for (let i = 0; i < 300; i++) await takeOne(store, one, 'ann');
    const figures = async (): Promise<{ all: number; hot: number }> => {
      const [row] = await server.query<{ all: string; hot: string }>(
        `select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables
         where schemaname = 'writes' and relname = 'limit_counts'`,
      );
      return { all: Number(row?.all), hot: Number(row?.hot) };
    };
    const charged = await until(async () => ((await figures()).all >= 300 ? figures() : undefined), {
      what: 'the statistics have arrived',
      deadline: 60_000,
    });
    expect(charged).toEqual({ all: 300, hot: 300 });
    for (let i = 0; i < 50; i++)
      expect(await takeOne(store, one, 'ann', { cost: 300 })).toMatchObject({ ok: false });
    await takeOne(store, { ...one, limit: 400, burst: 400 }, 'ann');
    await until(async () => (await figures()).all > 300, {
      what: 'the statistics have arrived',
      deadline: 60_000,
    });
    expect((await figures()).all).toBe(301);
  });
});

describe('a plan', () => {
  test('reads by an index also where it was made while the tables were empty', async () => {
    const [store, db] = connect('plans', 1);
    const plan = { forMs: longMs, factor: 1, maxMs: longMs, forgetMs: 0 };
    for (let turn = 1; turn <= 40; turn++) {
      const requests = Array.from({ length: turn % 4 === 0 ? 1 : 40 }, (_, i) => ({
        charges: kinds.map((kind) => ({
          rule: rule(kind, 3, longMs, { block: plan }),
          identity: `u${turn} ${i}`,
          cost: 1 + (i % 3),
        })),
        token: { id: `${turn} ${i}`, keepMs: longMs },
        holder: 'h',
      }));
      await store.take(requests);
      await store.take(requests.map(({ charges }) => ({ charges, holder: 'i' })));
      await store.peek(requests.flatMap(({ charges }) => charges));
      const [{ charges }] = [requests[0] ?? { charges: [] }];
      await store.release(charges.map((one) => ({ ...one, holder: 'h' })));
      await store.adjust(charges.slice(0, 4).map((one) => ({ ...one, by: -1 })));
      await store.reset(charges);
    }
    await store.close();
    await db.close();
    const scans = (what: string): Promise<number> =>
      count(
        `select coalesce(${what}, 0) as n from pg_stat_user_tables
         where schemaname = 'plans' and relname like 'limit_%'`,
      );
    await until(async () => (await scans('sum(idx_scan)')) > 10_000, {
      what: 'the statistics have arrived',
      deadline: 60_000,
    });
    // Each was read once, when its index was made. What sweeps reads pages, and does not count.
    expect(await scans('max(seq_scan)')).toBeLessThanOrEqual(1);
  });
});
