import { connectPostgres } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import { createPresence, memoryFeed } from '@parley/presence';
import type { Feed, Presence, PresenceEvent } from '@parley/presence';
import { startPostgres, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

let server: PostgresServer;
let feed: Feed;
const open: AsyncDisposable[] = [];
beforeEach(async () => {
  server = await startPostgres();
  open.push(server);
  feed = memoryFeed();
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

interface Process {
  readonly presence: Presence;
  readonly proxy: FaultProxy;
  readonly db: Database;
}

/** What a process of its own has: connections, a lease, and a way to the server that can break. */
async function start(gather: '3s' | '20s' = '3s'): Promise<Process> {
  const proxy = await startProxy({ target: server });
  const db = connectPostgres({ url: proxy.url, connectTimeout: '2s', queryTimeout: '2s' });
  const presence = createPresence({
    store: postgresPresenceStore(db),
    feed,
    lease: '5s',
    heartbeat: '300ms',
    checkEvery: '500ms',
    storeDeadline: '2s',
    within: '30s',
    gather,
  });
  open.push({ [Symbol.asyncDispose]: () => proxy.close() }, db, presence);
  return { presence, proxy, db };
}

function inWords(event: PresenceEvent): string {
  if (event.type === 'join' || event.type === 'update') return `${event.type} ${event.member.user}`;
  return event.type === 'leave' ? `leave ${event.user}` : event.type;
}

interface Watching {
  readonly told: string[];
  readonly users: () => string[];
  readonly stale: () => boolean;
}

async function watch(presence: Presence): Promise<Watching> {
  const told: string[] = [];
  const watching = presence.watch('general', (event) => told.push(inWords(event)));
  await watching.ready();
  return {
    told,
    users: () => watching.current?.members.map(({ user }) => user).toSorted() ?? [],
    stale: () => watching.current?.stale ?? true,
  };
}

const comings = (told: readonly string[]): string[] => told.filter((word) => /^(?:join|leave) /.test(word));

const eventually = (condition: () => boolean, what: string): Promise<unknown> =>
  until(condition, { what, deadline: 60_000 });

test('who comes and goes in one process is seen in the other', async () => {
  const [one, two] = [await start(), await start()];
  const seen = await watch(two.presence);
  const ann = one.presence.connect({ user: 'ann' });
  await ann.join('general');
  await eventually(() => seen.users().includes('ann'), 'ann is seen');
  await one.presence.setStatus('ann', { text: 'writing' });
  await eventually(() => seen.told.includes('update ann'), 'her status is seen');
  await ann.leave('general');
  await eventually(() => seen.users().length === 0, 'she is gone');
  expect(comings(seen.told)).toEqual(['join ann', 'leave ann']);
});

test('a process that is cut off goes when its lease is over, and comes back when it is there again', async () => {
  const [one, two] = [await start(), await start()];
  const seen = await watch(two.presence);
  await one.presence.connect({ user: 'ann' }).join('general');
  await two.presence.connect({ user: 'bob' }).join('general');
  await eventually(() => seen.users().length === 2, 'both are seen');
  one.proxy.blackHole();
  await eventually(() => seen.users().join() === 'bob', 'ann is gone');
  await one.proxy.heal();
  await eventually(() => seen.users().length === 2, 'ann is back');
  expect(comings(seen.told).filter((word) => word.endsWith('ann'))).toEqual([
    'join ann',
    'leave ann',
    'join ann',
  ]);
});

test.each(['crash', 'restart'])(
  'after a %s of the server everybody is there again, and nobody is seen to go',
  async (how) => {
    // Registering again takes a busy machine longer.
    const [one, two] = [await start('20s'), await start('20s')];
    const seen = await watch(two.presence);
    const users = Array.from({ length: 60 }, (_, i) => `u${i}`);
    await Promise.all(users.map((user) => one.presence.connect({ user }).join('general')));
    await two.presence.connect({ user: 'bob' }).join('general');
    await eventually(() => seen.users().length === 61, 'all are seen');
    if (how === 'crash') await server.kill();
    await server.restart({ data: 'keep' });
    await eventually(
      () => one.presence.stats().leases > 1 && two.presence.stats().leases > 1,
      'they registered again',
    );
    await eventually(() => !seen.stale() && seen.users().length === 61, 'all are there');
    const [counts] = await two.presence.counts(['general']);
    expect(counts).toEqual({ users: 61, connections: 61 });
    expect(comings(seen.told).filter((word) => word.startsWith('leave'))).toEqual([]);
  },
);
