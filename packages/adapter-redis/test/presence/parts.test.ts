import { connectRedis, type RedisConfig } from '@parley/adapter-redis';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { createPresence, memoryFeed, type Presence, type PresenceEvent } from '@parley/presence';
import { startRedisCluster, until, type RedisCluster, type RedisServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { presenceKeys } from '../../src/presence/keys.ts';
import { connect } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let cluster: RedisCluster;
let config: RedisConfig;
const open: Presence[] = [];

beforeAll(async () => {
  cluster = await startRedisCluster({
    replicasPerMaster: 0,
    config: { 'cluster-require-full-coverage': 'no' },
  });
  config = {
    mode: 'cluster',
    nodes: cluster.nodes.map(({ server: { host, port } }) => ({ host, port })),
    responseTimeout: '3s',
  };
});
afterEach(() => Promise.all(open.splice(0).map((presence) => presence.close({ within: '3s' }))));
afterAll(() => cluster.stop());

/** Nothing here may depend on how fast the machine is: a lease is lost for good reason only. */
const unhurried = {
  lease: '12s',
  heartbeat: '1s',
  gather: '10s',
  within: '60s',
  storeDeadline: '6s',
  checkEvery: '2s',
} as const;

/** What a watcher was told. */
class Told {
  readonly events: string[] = [];

  readonly listener = (event: PresenceEvent): void => {
    if (event.type === 'join') this.events.push(`join ${event.member.user}`);
    else if (event.type === 'leave') this.events.push(`leave ${event.user}`);
    else if (event.type === 'stale') this.events.push(event.stale ? 'stale' : 'right');
  };
}

/** A master that does not know what users have chosen, a channel of it, and channels of the others. */
async function victim() {
  const { baseOf } = presenceKeys('parley:', true);
  const ownerOf = async (channel: string): Promise<string> => (await cluster.ownerOf(baseOf(channel))).id;
  const statuses = await ownerOf('s:all');
  const rooms = Array.from({ length: 40 }, (_, i) => `room ${i}`);
  const owners = await Promise.all(rooms.map((room) => ownerOf(`c:${room}`)));
  const chosen = (await cluster.masters()).find(({ id }) => id !== statuses && owners.includes(id));
  if (chosen === undefined) throw new Error('every channel is on one master');
  const bad = rooms.find((_, i) => owners[i] === chosen.id) ?? '';
  const good = rooms.filter((_, i) => owners[i] !== chosen.id);
  return { server: chosen.server, bad, good };
}

type Fault = readonly [
  fault: (server: RedisServer) => Promise<unknown>,
  end: (server: RedisServer) => Promise<unknown>,
];

const faults: Readonly<Record<string, Fault>> = {
  'is killed, and comes back without its data': [
    (server) => server.kill(),
    (server) => server.restart({ data: 'wipe' }),
  ],
  'hangs, and goes on': [(server) => server.pause(), (server) => server.resume()],
};

test.each(Object.entries(faults))(
  'while one master %s, who crashed leaves channels of the others, whose views are right all the time',
  async (_, [fault, end]) => {
    const feed = memoryFeed();
    const connection = connectRedis(config);
    const presenceOver = (redis: typeof connection): Presence => {
      const presence = createPresence({ store: redisPresenceStore(redis), feed, ...unhurried });
      open.push(presence);
      return presence;
    };
    const [crashing, staying, watching] = [
      presenceOver(connection),
      presenceOver(connect(config)),
      presenceOver(connect(config)),
    ];
    const { server, bad, good } = await victim();
    const channels = [bad, ...good];
    const told = new Map(channels.map((channel) => [channel, new Told()] as const));
    const watches = new Map(
      channels.map((channel) => {
        const { listener = () => undefined } = told.get(channel) ?? {};
        return [channel, watching.watch(channel, listener)] as const;
      }),
    );
    await Promise.all([...watches.values()].map((watch) => watch.ready()));
    const [ann, bob] = [crashing.connect({ user: 'ann' }), staying.connect({ user: 'bob' })];
    await Promise.all(channels.flatMap((channel) => [ann.join(channel), bob.join(channel)]));
    const seen = (channel: string): number | undefined => watches.get(channel)?.current.users;
    await until(() => channels.every((channel) => seen(channel) === 2), { what: 'both are seen' });

    await fault(server);
    await until(() => watches.get(bad)?.current.stale === true, { what: 'it is stale', deadline: 60_000 });
    await connection.close(100);
    await until(() => good.every((channel) => seen(channel) === 1), {
      what: 'who crashed has left',
      deadline: 90_000,
    });
    expect(watches.get(bad)?.current).toMatchObject({ stale: true, users: 2 });
    // Changes go on as well.
    await bob.leave(good[0] ?? '');
    for (const channel of good) {
      const { events = [] } = told.get(channel) ?? {};
      expect(events.filter((event) => !event.startsWith('join'))).toEqual(
        channel === good[0] ? ['leave ann', 'leave bob'] : ['leave ann'],
      );
    }

    await end(server);
    await until(() => watches.get(bad)?.current.stale === false && seen(bad) === 1, {
      what: 'the master is back, and who crashed has left its channels too',
      deadline: 120_000,
    });
    const { events = [] } = told.get(bad) ?? {};
    expect(events.filter((event) => event.startsWith('leave'))).toEqual(['leave ann']);
    for (const channel of good.slice(1)) expect(told.get(channel)?.events).not.toContain('leave bob');
  },
);
