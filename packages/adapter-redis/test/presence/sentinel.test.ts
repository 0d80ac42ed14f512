import type { RedisConfig } from '@parley/adapter-redis';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { createPresence, memoryFeed, type Connection, type Presence } from '@parley/presence';
import { startRedisSentinel, until, type RedisSentinel } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let sentinel: RedisSentinel;
let config: RedisConfig;
let feed: ReturnType<typeof memoryFeed>;
let open: Presence[] = [];

beforeAll(async () => {
  // A replica that has been without its master for ten times as long is not chosen any more.
  sentinel = await startRedisSentinel({ downAfter: 3_000 });
  config = {
    mode: 'sentinel',
    sentinels: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
    name: sentinel.name,
    responseTimeout: '2s',
  };
});
afterAll(() => sentinel.stop());
beforeEach(() => {
  feed = memoryFeed();
});
afterEach(async () => {
  await Promise.all(open.map((presence) => presence.close({ within: '3s' })));
  open = [];
});

function start(): Presence {
  const presence = createPresence({
    store: redisPresenceStore(connect(config)),
    feed,
    lease: '60s',
    heartbeat: '1s',
    within: '60s',
    gather: '15s',
  });
  open.push(presence);
  return presence;
}

const join = (presence: Presence, users: readonly string[]): Promise<Connection[]> =>
  Promise.all(
    users.map(async (user) => {
      const connection = presence.connect({ user });
      await connection.join('general');
      return connection;
    }),
  );

test('a failover that loses writes: who came is there again, who went is gone, and what was chosen stays', async () => {
  await sentinel.settled();
  const [master, [replica]] = [await sentinel.master(), await sentinel.replicas()];
  if (replica === undefined) throw new Error('a replica is missing');
  const [one, two] = [start(), start()];
  const events: string[] = [];
  const watch = two.watch('general', (event) => {
    if (event.type === 'join') events.push(`join ${event.member.user}`);
    if (event.type === 'leave') events.push(`leave ${event.user}`);
  });
  await watch.ready();
  const early = await join(one, ['ann', 'bob', 'cy', 'dee']);
  await one.setStatus('ann', { text: 'before' });
  const known = 'parley:presence:{presence}:u:c:general';
  await until(async () => (await replica.command('HLEN', known)) === 4, { what: 'four are on the replica' });
  await until(async () => (await replica.command('EXISTS', known.replace('c:general', 's:all'))) === 1, {
    what: 'the status is on the replica',
  });

  // The replica is let in no more: what is written from now on is only on the master.
  await master.command('ACL', 'SETUSER', replica.access.username ?? '', '-psync', '-sync');
  await master.killClients('replica');
  await join(one, ['eve', 'fay']);
  await early[0]?.close();
  await one.setStatus('bob', { text: 'lost' });
  const there = ['bob', 'cy', 'dee', 'eve', 'fay'];
  const isRight = (): boolean => {
    const { members, stale } = watch.current;
    const bob = members.find(({ user }) => user === 'bob');
    const users = members.map(({ user }) => user).toSorted();
    return !stale && bob?.text === 'lost' && users.join() === there.join();
  };
  await until(isRight, { what: 'all is seen' });
  const before = events.length;
  expect(await replica.command('HLEN', known)).toBe(4);

  await sentinel.failover({ by: 'kill' });
  const isCounted = async (): Promise<boolean> => {
    const [counts] = await two.counts(['general']);
    return counts?.users === there.length && counts.connections === there.length;
  };
  await until(isCounted, { what: 'all are counted', deadline: 90_000 });
  await until(isRight, { what: 'the view is right', deadline: 90_000 });
  expect(one.stats().epochs).toBeGreaterThan(0);
  // Whose leaving was lost may be seen once more, until the lease that they were under has ended.
  expect(events.slice(before).filter((event) => !event.endsWith(' ann'))).toEqual([]);
  watch.close();
  await master.restart({ data: 'wipe' });
});
