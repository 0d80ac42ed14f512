import { connectPostgres } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import type { Change, Diff, PresenceStore } from '@parley/presence';
import { seededRandom, startPostgres, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { longMs, removal, setting } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

let server: PostgresServer;
const open: Database[] = [];
beforeAll(async () => {
  // A deadlock is told after this time, and none is to be found.
  server = await startPostgres({ settings: { deadlock_timeout: '20ms' } });
});
afterEach(() => Promise.all(open.splice(0).map((db) => db.close())));
afterAll(() => server.stop());

function connect(schema: string, maxConnections: number): Database {
  const db = connectPostgres({
    url: server.url,
    schema,
    maxConnections,
    queryTimeout: '60s',
    connectTimeout: '60s',
  });
  open.push(db);
  return db;
}

const count = async (sql: string): Promise<number> => Number((await server.query<{ n: string }>(sql))[0]?.n);
const deadlocks = (): Promise<number> =>
  count(`select deadlocks as n from pg_stat_database where datname = current_database()`);

const channels = Array.from({ length: 12 }, (_, i) => `c${i}`);

/** What everybody was told of a channel. */
class Heard {
  readonly diffs = new Map<string, Diff[]>();

  take(
    appended: readonly {
      readonly channel: string;
      readonly epoch: string;
      readonly diffs: readonly Diff[];
    }[],
  ): void {
    for (const { channel, epoch, diffs } of appended) {
      const log = this.diffs.get(`${channel} ${epoch}`) ?? [];
      this.diffs.set(`${channel} ${epoch}`, log);
      log.push(...diffs);
    }
  }

  /** Of one log, in its order. */
  log(channel: string, epoch: string): Diff[] {
    return (this.diffs.get(`${channel} ${epoch}`) ?? []).toSorted((a, b) => a.offset - b.offset);
  }
}

function membersBy(log: readonly Diff[]): string[] {
  const members = new Map<string, string>();
  for (const { event, user, rank, value } of log) {
    expect(members.has(user)).toBe(event !== 'join');
    if (event === 'leave') members.delete(user);
    else members.set(user, `${user} ${rank} ${value}`);
  }
  return [...members.values()].toSorted();
}

async function write(store: PresenceStore, lease: string, rounds: number, heard: Heard): Promise<void> {
  const random = seededRandom(Number(lease.slice(1)));
  await store.open(lease, longMs);
  for (let turn = 1; turn <= rounds; turn++) {
    const some = channels.filter(() => random.chance(0.5)).toSorted(() => random.next() - 0.5);
    const changes = some.map((channel): Change => {
      const [user, id] = [random.pick(['ann', 'bob', 'cy', 'dan']), random.pick(['one', lease])];
      if (random.chance(0.4)) return removal(channel, user, id);
      const forMs = random.chance(0.2) ? 1 : undefined;
      return setting(channel, user, id, {
        take: true,
        rank: random.pick([0, 1, 2]),
        value: random.pick(['', 'x']),
        forMs,
      });
    });
    const changed = await store.change({ lease, turn, changes });
    expect(changed.verdict).toBe('done');
    heard.take(changed.appended);
    if (random.chance(0.3)) heard.take((await store.reap(50)).appended);
    if (random.chance(0.2)) await store.beat(lease, longMs);
  }
  if (random.chance(0.5)) await store.end([lease]);
}

describe('twenty who write and reap at once, in channels of any order', () => {
  test('wait for each other and never in a circle, and what they were told is what is there', async () => {
    const store = postgresPresenceStore(connect('circles', 20));
    await store.read([]);
    const before = await deadlocks();
    const heard = new Heard();
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(store, `l${i + 1}`, 40, heard)));
    const allOver = async (): Promise<boolean> => {
      const { appended, more, nextMs } = await store.reap(7);
      heard.take(appended);
      return !more && (nextMs === undefined || nextMs > 60_000);
    };
    await until(allOver, { what: 'what ended is taken out', every: 1, deadline: 60_000 });
    expect(await deadlocks()).toBe(before);
    const views = await store.read(channels.map((channel) => ({ channel, limit: 100 })));
    for (const [i, view] of views.entries()) {
      const log = heard.log(channels[i] ?? '', view.epoch);
      expect(log.map(({ offset }) => offset)).toEqual(log.map((_, n) => n + 1));
      expect(log.length).toBe(view.top);
      const members = (view.members ?? []).map(({ user, rank, value }) => `${user} ${rank} ${value}`);
      expect(membersBy(log)).toEqual(members.toSorted());
      expect(view.users).toBe(members.length);
    }
    const entries = views.reduce((sum, view) => sum + view.entries, 0);
    expect(entries).toBe(await count('select count(*) as n from circles.presence_entries'));
  });
});

describe('several who reap a process that crashed', () => {
  test('take out each of its members once', async () => {
    const store = postgresPresenceStore(connect('reapers', 8));
    await store.open('crashed', longMs);
    const users = Array.from({ length: 1_000 }, (_, i) => `u${i}`);
    for (const half of [users.slice(0, 500), users.slice(500)])
      await store.change({
        lease: 'crashed',
        turn: Number(half[0]?.slice(1)) + 1,
        changes: half.map((user, i) => setting(`c${i % 10}`, user, 't')),
      });
    await store.end(['crashed']);
    const left: string[] = [];
    const reap = async (): Promise<void> => {
      for (let nextMs: number | undefined = 0; nextMs !== undefined;) {
        const reaped = await store.reap(100);
        left.push(
          ...reaped.appended.flatMap(({ diffs }) => diffs.map(({ event, user }) => `${event} ${user}`)),
        );
        // What others are at is due in a moment.
        nextMs = reaped.nextMs !== undefined && reaped.nextMs < 1_000 ? reaped.nextMs : undefined;
      }
    };
    await Promise.all(Array.from({ length: 8 }, reap));
    expect(left.toSorted()).toEqual(users.map((user) => `leave ${user}`).toSorted());
    expect(await count('select count(*) as n from reapers.presence_leases')).toBe(0);
  });
});

describe('heartbeats', () => {
  test('cost the same whatever is under the lease, and touch no index', async () => {
    const store = postgresPresenceStore(connect('beats', 2));
    await store.open('l', longMs);
    const changes = Array.from({ length: 500 }, (_, i) => setting('c', `u${i}`, 't'));
    await store.change({ lease: 'l', turn: 1, changes });
    for (let i = 0; i < 200; i++) await store.beat('l', longMs);
    const updates = async (): Promise<number | undefined> => {
      const [row] = await server.query<{ all: string; hot: string }>(
        `select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables
         where schemaname = 'beats' and relname = 'presence_leases'`,
      );
      return Number(row?.all) >= 201 ? Number(row?.hot) / Number(row?.all) : undefined;
    };
    expect(await until(updates, { what: 'the statistics have arrived', deadline: 60_000 })).toBe(1);
    const written = await count(
      `select coalesce(sum(n_tup_upd), 0) as n from pg_stat_user_tables where schemaname = 'beats' and relname = 'presence_entries'`,
    );
    expect(written).toBe(0);
  });
});

describe('a plan', () => {
  test('reads by an index also where it was made while the tables were empty', async () => {
    const db = connect('plans', 1);
    const store = postgresPresenceStore(db);
    const scans = (): Promise<number> =>
      count(
        `select coalesce(sum(seq_tup_read), 0) as n from pg_stat_user_tables
         where schemaname = 'plans' and relname in ('presence_channels', 'presence_entries', 'presence_diffs')`,
      );
    await store.open('l', longMs);
    for (let turn = 1; turn <= 40; turn++) {
      const changes = Array.from({ length: 100 }, (_, i) => setting(`c${turn}`, `u${i}`, 't'));
      await store.change({ lease: 'l', turn, changes: turn % 4 === 0 ? changes.slice(0, 1) : changes });
      const views = await store.read([{ channel: `c${turn}`, limit: 10 }]);
      const [{ epoch }] = [views[0] ?? { epoch: '' }];
      await store.read([{ channel: `c${turn}`, after: { epoch, offset: 0 }, limit: 10 }]);
      await store.reap(100);
    }
    await store.end(['l']);
    while ((await store.reap(500)).more);
    await db.close();
    await until(
      async () =>
        (await count(
          `select coalesce(sum(idx_scan), 0) as n from pg_stat_user_tables where schemaname = 'plans' and relname = 'presence_entries'`,
        )) > 3_000,
      { what: 'the statistics have arrived', deadline: 60_000 },
    );
    expect(await scans()).toBe(0);
  });
});
