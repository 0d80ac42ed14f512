import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import type { Database } from '@parley/adapter-postgres';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { backends, openBackend, type Backend } from '../support/backends.ts';
import { longMs, removal, setting } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.each(Object.keys(backends))('on %s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test('a batch tells whom entries were taken from, where it asks', async () => {
    const store = postgresPresenceStore(backend.db);
    for (const lease of ['one', 'two', 'next']) await store.open(lease, longMs);
    const ids = ['a', 'b', 'c', 'd'];
    await store.change({ lease: 'one', turn: 1, changes: ids.map((id) => setting('c', 'ann', id)) });
    await store.change({
      lease: 'two',
      turn: 1,
      changes: [setting('c', 'bob', 'a', { take: true, tells: true })],
    });
    const claim = { take: true, tells: true };
    const changes = [
      setting('c', 'ann', 'a', claim),
      setting('c', 'ann', 'b', { take: true }),
      setting('c', 'ann', 'c', { tells: true }),
      setting('c', 'ann', 'new', claim),
      setting('c', 'bob', 'a', claim),
      removal('c', 'bob', 'a'),
    ];
    const { outcomes, displaced } = await store.change({ lease: 'two', turn: 2, changes });
    expect(outcomes).toEqual(['done', 'done', 'taken', 'done', 'same', 'done']);
    const none = changes.map(() => undefined);
    expect(displaced).toEqual(['one', ...none.slice(1)]);
    const again = await store.change({ lease: 'next', turn: 1, former: 'two', changes: changes.slice(0, 1) });
    expect([again.outcomes, again.displaced]).toEqual([['done'], [undefined]]);
  });
});

describe('a channel that comes to be while a batch waits for another one', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend('a server');
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const waiting = async ({ schema, ...db }: Database): Promise<boolean> => {
    const { rows } = await db.query({
      text: `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()
             and query like '%${schema}.presence_change%'`,
    });
    return Number(rows[0]?.[0]) > 0;
  };

  test('is not worked on without its lock', async () => {
    const { db, other } = backend;
    const store = postgresPresenceStore(db);
    for (const lease of ['l', 'other']) await store.open(lease, longMs);
    await store.change({ lease: 'l', turn: 1, changes: [setting('known', 'ann', 't')] });
    const [locked, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = other.transaction(async (session) => {
      await session.query({
        text: `select from ${db.schema}.presence_channels where channel = 'known' for update`,
      });
      locked.resolve();
      await free.promise;
    });
    await locked.promise;
    const changes = [removal('known', 'ann', 't'), removal('new', 'ann', 'status')];
    const removing = store.change({ lease: 'l', turn: 2, changes });
    await until(() => waiting(other), { what: 'it waits', deadline: 60_000 });
    const nobodys = setting('new', 'ann', 'status', { owned: false, forMs: longMs });
    await store.change({ lease: 'other', turn: 1, changes: [nobodys] });
    free.resolve();
    await holding;
    expect((await removing).outcomes).toEqual(['done', 'same']);
    expect(await store.read([{ channel: 'new', limit: 9 }])).toMatchObject([{ users: 1, entries: 1 }]);
  });
});
