import { migrate } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import type { PresenceStore } from '@parley/presence';
import { seededRandom, until } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { emptyPresence, longMs, removal, setting } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

async function numberOf({ schema, ...db }: Database, sql: string): Promise<number> {
  const { rows } = await db.query({ text: sql.replaceAll('parley.', `${schema}.`) });
  return Number(rows[0]?.[0]);
}

async function reapAll(store: PresenceStore): Promise<void> {
  for (let more = true; more;) ({ more } = await store.reap(500));
}

describe.each(['a server', 'PGlite in memory'])('on %s', (name) => {
  let backend: Backend;
  let store: PresenceStore;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  beforeEach(async () => {
    await emptyPresence(backend.db);
    store = postgresPresenceStore(backend.db);
    await store.open('l', longMs);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const rows = (table: string): Promise<number> =>
    numberOf(backend.db, `select count(*) from parley.presence_${table}`);

  test('the log of a channel stays short, and what it has is read without a hole', async () => {
    for (let turn = 1; turn <= 40; turn++) {
      const changes = Array.from({ length: 50 }, (_, i) => setting('c', `u${i}`, 't', { value: `${turn}` }));
      await store.change({ lease: 'l', turn, changes });
      expect(await rows('diffs')).toBeLessThanOrEqual(512 + 50);
    }
    const [view] = await store.read([{ channel: 'c', limit: 1 }]);
    expect(view?.top).toBe(2_000);
    const behind = async (offset: number): Promise<number[] | undefined> => {
      const after = { epoch: view?.epoch ?? '', offset };
      return (await store.read([{ channel: 'c', after, limit: 1 }]))[0]?.diffs?.map((diff) => diff.offset);
    };
    const kept = await rows('diffs');
    expect(kept).toBeGreaterThanOrEqual(256);
    expect(await behind(2_000 - kept)).toEqual(Array.from({ length: kept }, (_, i) => 2_001 - kept + i));
    expect(await behind(2_000 - kept - 1)).toBeUndefined();
    expect(await behind(2_001)).toBeUndefined();
  });

  test('nothing is left of channels that nobody is in, of what ended, and of processes that are gone', async () => {
    const idleMs = 50;
    await store.open('crashed', longMs);
    await store.change({
      lease: 'crashed',
      turn: 1,
      changes: Array.from({ length: 300 }, (_, i) => setting(`c${i % 30}`, `u${i}`, 't', { idleMs })),
    });
    await store.change({
      lease: 'l',
      turn: 1,
      changes: [
        setting('typing', 'ann', 't', { forMs: 50, idleMs }),
        setting('status', 'ann', 't', { owned: false, forMs: 50, idleMs }),
        setting('seen', 'ann', 't', { lingerMs: 50, idleMs }),
        setting('left', 'ann', 't', { idleMs }),
        removal('left', 'ann', 't'),
        removal('never', 'ann', 't'),
      ],
    });
    await store.end(['crashed', 'l']);
    await reapAll(store);
    expect(await rows('leases')).toBe(0);
    const left = async (): Promise<boolean> => {
      await reapAll(store);
      const counts = await Promise.all(['leases', 'channels', 'entries', 'diffs'].map(rows));
      return counts.every((one) => one === 0);
    };
    await until(left, { what: 'nothing is left' });
    expect((await store.reap(10)).nextMs).toBeUndefined();
  });

  test('names may be as long as the port allows', async () => {
    // Of characters that do not compress well, since an index would take compressed ones.
    const long = (seed: number): string => {
      const random = seededRandom(seed);
      return Array.from({ length: 341 }, () => String.fromCodePoint(random.between(0x4e00, 0x9fff))).join('');
    };
    const [channel, user, id] = [long(1), long(2), long(3)];
    const lease = 'x'.repeat(64);
    await store.open(lease, longMs);
    const changes = [setting(channel, user, id, { forMs: longMs })];
    expect((await store.change({ lease, turn: 1, changes })).outcomes).toEqual(['done']);
    expect(await store.read([{ channel, limit: 1 }])).toMatchObject([{ members: [{ user }] }]);
    expect((await store.change({ lease, turn: 2, changes })).outcomes).toEqual(['same']);
  });

  test('the tables do not grow while people come and go', async () => {
    const size = (): Promise<number> =>
      numberOf(
        backend.db,
        `select sum(pg_total_relation_size(('parley.presence_' || t)::regclass)) from unnest(array['entries', 'diffs', 'channels']) as t`,
      );
    let turn = 0;
    const round = async (): Promise<void> => {
      const lease = `l${(turn += 1)}`;
      await store.open(lease, longMs);
      const changes = Array.from({ length: 1_000 }, (_, i) =>
        setting(`c${i % 20}`, `u${i}`, 't', { value: 'x'.repeat(100) }),
      );
      await store.change({ lease, turn, changes });
      await store.end([lease]);
      await reapAll(store);
      // A server cleans up by itself, in its own time.
      if (backend.db.kind === 'postgres') {
        for (const table of ['entries', 'diffs', 'channels', 'leases'])
          await backend.db.query({ text: `vacuum ${backend.db.schema}.presence_${table}` });
      }
    };
    for (let i = 0; i < 12; i++) await round();
    const before = await size();
    for (let i = 0; i < 12; i++) await round();
    expect(await size()).toBeLessThan(before * 1.5);
  });

  test('health tells how much there is', async () => {
    await store.change({ lease: 'l', turn: 1, changes: [setting('c', 'ann', 't')] });
    const { status, details } = await store.health();
    expect(status).toBe('up');
    expect(details).toMatchObject({ leases: 1 });
    expect(Object.keys(details ?? {})).toEqual(
      expect.arrayContaining(['channels', 'entries', 'diffs', 'deadRows']),
    );
  });
});
