import { connectPostgres } from '@parley/adapter-postgres';
import type { Database, PostgresConfig } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import type { PresenceStore } from '@parley/presence';
import { startPostgres, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, timed } from '../support/failure.ts';
import { longMs, setting } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

let server: PostgresServer;
let proxy: FaultProxy;
const open: Database[] = [];
beforeAll(async () => {
  server = await startPostgres();
});
beforeEach(async () => {
  proxy = await startProxy({ target: server });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((db) => db.close()));
  await proxy.close();
});
afterAll(() => server.stop());

/** Time limits are kept to within this, on a machine that does other things as well. */
const slackMs = 10_000;

function connect(more: PostgresConfig = {}): PresenceStore {
  const db = connectPostgres({
    url: proxy.url,
    maxConnections: 10,
    connectTimeout: '10s',
    queryTimeout: '10s',
    ...more,
  });
  open.push(db);
  return postgresPresenceStore(db);
}

/** One call of each kind. */
const calls: Readonly<Record<string, (store: PresenceStore, signal?: AbortSignal) => Promise<unknown>>> = {
  open: (store, signal) => store.open('other', longMs, { signal }),
  beat: (store, signal) => store.beat('l', longMs, { signal }),
  change: (store, signal) =>
    store.change({ lease: 'l', turn: (turn += 1), changes: [setting('c', 'ann', 't')] }, { signal }),
  end: (store, signal) => store.end(['other'], { signal }),
  reap: (store, signal) => store.reap(10, { signal }),
  read: (store, signal) => store.read([{ channel: 'c', limit: 10 }], { signal }),
};
let turn = 0;

const all = (store: PresenceStore, signal?: AbortSignal): Promise<unknown[]> =>
  Promise.all(Object.values(calls).map((call) => failure(call(store, signal))));

const resume = (): void => void server.resume();

const heals = (store: PresenceStore): Promise<unknown> =>
  until(() => store.open('l', longMs).catch(() => undefined), { what: 'it answers again', deadline: 60_000 });

describe('every call', () => {
  test('fails at once where there is no server, and health says why', async () => {
    const store = connect();
    await heals(store);
    proxy.refuse();
    proxy.cut();
    const { outcome, ms } = await timed(() => all(store));
    for (const error of outcome) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(ms).toBeLessThan(slackMs);
    expect(await store.health()).toMatchObject({ status: 'down' });
    await proxy.heal();
    await heals(store);
    expect(await store.health()).toMatchObject({ status: 'up', details: { leases: 1 } });
  });

  test('on a server that hangs fails at its limit, and the next ones succeed when it goes on', async () => {
    const store = connect({ connectTimeout: '1s', queryTimeout: '1s' });
    await heals(store);
    await server.pause();
    const { outcome, ms } = await timed(() => all(store)).finally(resume);
    for (const error of outcome) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(ms).toBeLessThan(2_000 + slackMs);
    await heals(store);
  });

  test('on a server that hangs ends as soon as its caller gives up', async () => {
    const store = connect({ connectTimeout: '60s', queryTimeout: '60s' });
    await heals(store);
    await server.pause();
    const giving = new AbortController();
    const { outcome, ms } = await timed(() => {
      const answers = all(store, giving.signal);
      giving.abort();
      return answers;
    }).finally(resume);
    for (const error of outcome) expect(error).toMatchObject({ code: 'ABORTED' });
    expect(ms).toBeLessThan(slackMs);
  });

  test('whose connection is cut fails, and is not sent again', async () => {
    const store = connect();
    await heals(store);
    for (const [name, call] of Object.entries(calls)) {
      await until(() => call(store).then(() => true), { what: `${name} succeeds` });
      const before = proxy.counters.lostReplies;
      proxy.dropReplies({ afterwards: 'cut' });
      expect(await failure(call(store))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(proxy.counters.lostReplies - before).toBe(1);
      await proxy.heal();
    }
  });

  test('on a server that was killed fails, and after its return it knows nobody', async () => {
    const store = connect();
    await heals(store);
    await server.kill();
    for (const error of await all(store)) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart({ data: 'keep' });
    const beat = await until(() => store.beat('l', longMs).catch(() => undefined), {
      what: 'it answers again',
      deadline: 60_000,
    });
    expect(beat.held).toBe(false);
  });
});

test('a change whose reply was lost has no other effect when it is made again in a new batch', async () => {
  const store = connect();
  await heals(store);
  const changes = [setting('again', 'ann', 't'), setting('again', 'bob', 't')];
  const lost = proxy.dropNextReply();
  const cut = store.change({ lease: 'l', turn: (turn += 1), changes });
  expect(await failure(cut)).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await lost.lost).toBe(true);
  await proxy.heal();
  const again = await store.change({ lease: 'l', turn: (turn += 1), changes });
  expect([again.outcomes, again.appended]).toEqual([['same', 'same'], []]);
  expect(await store.read([{ channel: 'again', limit: 10 }])).toMatchObject([{ top: 2, users: 2 }]);
});

test('tables that were dropped are made anew, and nobody is known', async () => {
  const store = connect({ schema: 'dropped' });
  await heals(store);
  await server.query('drop schema dropped cascade');
  expect(await failure(store.beat('l', longMs))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  const beat = await until(() => store.beat('l', longMs).catch(() => undefined), {
    what: 'it answers again',
  });
  expect(beat.held).toBe(false);
});
