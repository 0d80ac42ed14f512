import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPostgres, embedded, migrate } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import type { PresenceStore, View } from '@parley/presence';
import { startPostgres, startPostgresPair, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startChild } from '../support/child.ts';
import { longMs, presenceTables, setting } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

function storeOn(server: PostgresServer): PresenceStore {
  const db = connectPostgres({ url: server.url, connectTimeout: '10s', queryTimeout: '10s' });
  open.push(db);
  return postgresPresenceStore(db);
}

async function viewOf(store: PresenceStore, channel: string): Promise<View | undefined> {
  return (await store.read([{ channel, limit: 10 }]))[0];
}

/** A channel with one user, under a lease that does not end. */
async function enter(store: PresenceStore): Promise<{ readonly epoch: string; readonly channel: string }> {
  const epoch = await store.open('l', longMs);
  const { appended } = await store.change({ lease: 'l', turn: 1, changes: [setting('c', 'ann', 't')] });
  return { epoch, channel: appended[0]?.epoch ?? '' };
}

const beatOf = (store: PresenceStore): ReturnType<PresenceStore['beat']> =>
  until(() => store.beat('l', longMs).catch(() => undefined), { what: 'it answers', deadline: 60_000 });

describe('a server', () => {
  test('that crashed has lost everything, and says so', async () => {
    const server = await startPostgres();
    open.push(server);
    const store = storeOn(server);
    const before = await enter(store);
    await server.query('checkpoint');
    await server.kill();
    await server.restart({ data: 'keep' });
    const { held, epoch } = await beatOf(store);
    expect(held).toBe(false);
    expect(epoch).not.toBe(before.epoch);
    expect(await viewOf(store, 'c')).toMatchObject({ epoch: '', top: 0, users: 0, members: [] });
    const after = await enter(store);
    expect(after.epoch).toBe(epoch);
    expect(after.channel).not.toBe(before.channel);
  });

  test('that was restarted in order has kept everything, in other epochs', async () => {
    const server = await startPostgres();
    open.push(server);
    const store = storeOn(server);
    const before = await enter(store);
    await server.restart({ data: 'keep' });
    const { held, epoch } = await beatOf(store);
    expect(held).toBe(true);
    expect(epoch).not.toBe(before.epoch);
    const view = await viewOf(store, 'c');
    expect(view).toMatchObject({ top: 1, users: 1, members: [{ user: 'ann' }] });
    expect(view?.epoch).not.toBe(before.channel);
    // Reading comes to the same as the change that follows.
    const { appended } = await store.change({ lease: 'l', turn: 2, changes: [setting('c', 'bob', 't')] });
    expect(appended).toMatchObject([{ epoch: view?.epoch, diffs: [{ event: 'join', offset: 2 }] }]);
  });

  test('each first call after a restart begins the epoch, and changes nothing twice', async () => {
    const server = await startPostgres();
    open.push(server);
    const store = storeOn(server);
    await enter(store);
    const answers: unknown[] = [];
    const firsts: readonly (() => Promise<unknown>)[] = [
      async () => (await store.change({ lease: 'l', turn: 2, changes: [setting('c', 'bob', 't')] })).appended,
      async () => (await store.read([{ channel: 'c', limit: 10 }]))[0]?.members?.map(({ user }) => user),
      async () => (await store.reap(10)).appended,
      async () => typeof (await store.open('m', longMs)),
    ];
    for (const call of firsts) {
      await server.restart({ data: 'keep' });
      // Connections of before are found to be broken.
      answers.push(
        await until(() => call().catch(() => undefined), { what: 'it answers', deadline: 60_000 }),
      );
    }
    expect(answers).toMatchObject([
      [{ diffs: [{ event: 'join', offset: 2, user: 'bob' }] }],
      ['ann', 'bob'],
      [],
      'string',
    ]);
  });

  test('that took over from another knows nobody', async () => {
    const pair = await startPostgresPair({ synchronous: false });
    open.push(pair);
    const before = await enter(storeOn(pair.primary));
    await pair.caughtUp();
    await pair.primary.kill();
    await pair.promote();
    const store = storeOn(pair.standby);
    const { held, epoch } = await beatOf(store);
    expect(held).toBe(false);
    expect(epoch).not.toBe(before.epoch);
    expect(await viewOf(store, 'c')).toMatchObject({ epoch: '', users: 0 });
    expect((await enter(store)).channel).not.toBe(before.channel);
  });

  test('into which an earlier state was put back is in other epochs', async () => {
    const server = await startPostgres();
    open.push(server);
    const store = storeOn(server);
    const before = await enter(store);
    for (const table of presenceTables)
      await server.query(`create table kept_${table} as table parley.presence_${table}`);
    await server.query('drop schema parley cascade');
    const db = connectPostgres({ url: server.url });
    open.push(db);
    await migrate(db);
    for (const table of presenceTables) {
      await server.query(`insert into parley.presence_${table} table kept_${table}`);
    }
    const { held, epoch } = await beatOf(store);
    expect(held).toBe(true);
    expect(epoch).not.toBe(before.epoch);
    const view = await viewOf(store, 'c');
    expect(view?.users).toBe(1);
    expect(view?.epoch).not.toBe(before.channel);
  });
});

describe('an embedded server', () => {
  test('that was opened again by this process has kept everything, in other epochs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-presence-'));
    const first = await embedded({ folder });
    const before = await enter(postgresPresenceStore(first));
    await first.close();
    const db = await embedded({ folder });
    const store = postgresPresenceStore(db);
    const { held, epoch } = await store.beat('l', longMs);
    const view = await viewOf(store, 'c');
    expect([held, view?.users]).toEqual([true, 1]);
    expect(epoch).not.toBe(before.epoch);
    expect(view?.epoch).not.toBe(before.channel);
    await db.close();
    await rm(folder, { recursive: true });
  });

  test.each(['killed', 'ended'])('of a process that was %s is in other epochs', async (how) => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-presence-'));
    await using child = startChild('registering.ts', [folder]);
    const before: unknown = JSON.parse(await child.line());
    if (how === 'killed') child.kill();
    else child.say('end');
    await child.ended;
    const db = await embedded({ folder });
    const store = postgresPresenceStore(db);
    const { held, epoch } = await store.beat('child', longMs);
    const view = await viewOf(store, 'c');
    expect(before).not.toMatchObject({ epoch });
    expect(before).not.toMatchObject({ channel: view?.epoch });
    expect(view?.users).toBe(view?.entries);
    expect(view?.users).toBe(held ? 1_000 : 0);
    await db.close();
    await rm(folder, { recursive: true });
  });
});
