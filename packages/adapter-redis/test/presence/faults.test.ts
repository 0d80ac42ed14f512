import type { RedisConfig } from '@parley/adapter-redis';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import {
  createPresence,
  type Connection,
  memoryFeed,
  type CreatePresenceOptions,
  type Feed,
  type Presence,
  type PresenceEvent,
} from '@parley/presence';
import {
  startProxy,
  startRedis,
  startRedisCluster,
  until,
  type FaultProxy,
  type RedisCluster,
  type RedisServer,
} from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { presenceKeys } from '../../src/presence/keys.ts';
import { connect, standalone } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Nothing here may depend on how fast the machine is: a lease is lost for good reason only. */
const unhurried = { lease: '20s', heartbeat: '1s', within: '60s', storeDeadline: '5s' } as const;

let feed: Feed;
let open: Presence[] = [];

beforeEach(() => {
  feed = memoryFeed();
});
afterEach(async () => {
  await Promise.all(open.map((presence) => presence.close({ within: '3s' })));
  open = [];
});

function presenceAt(config: RedisConfig, options: Partial<CreatePresenceOptions> = {}): Presence {
  const store = redisPresenceStore(connect(config));
  const presence = createPresence({ store, feed, ...unhurried, ...options });
  open.push(presence);
  return presence;
}

/** What a watcher was told of comings and goings. */
class Told {
  readonly joins: string[] = [];
  readonly leaves: string[] = [];
  readonly stale: boolean[] = [];

  readonly listener = (event: PresenceEvent): void => {
    if (event.type === 'join') this.joins.push(event.member.user);
    else if (event.type === 'leave') this.leaves.push(event.user);
    else if (event.type === 'stale') this.stale.push(event.stale);
  };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `user ${i}`);

async function fill(presence: Presence, users: readonly string[]): Promise<Connection[]> {
  const connections = users.map((user) => presence.connect({ user }));
  await Promise.all(connections.map((connection) => connection.join('general')));
  return connections;
}

describe('on one server', () => {
  let server: RedisServer;
  let proxy: FaultProxy;

  beforeAll(async () => {
    server = await startRedis();
    proxy = await startProxy({ target: server });
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
  });
  beforeEach(async () => {
    await proxy.heal();
    await server.command('FLUSHALL');
  });

  test('a process that crashed with a thousand people is seen to be gone within eleven seconds', async () => {
    const defaults = { lease: '9s', heartbeat: '2.5s' } as const;
    const [crashing, watching] = [
      presenceAt(standalone(proxy), defaults),
      presenceAt(standalone(server), { ...defaults, largeAbove: 2_000 }),
    ];
    const told = new Told();
    const watch = watching.watch('general', told.listener);
    await watch.ready();
    await fill(crashing, names(1_000));
    await until(() => watch.current.users === 1_000, { what: 'all are seen' });
    proxy.blackHole();
    const began = performance.now();
    await until(() => told.leaves.length === 1_000, { what: 'all have left', deadline: 60_000 });
    expect(performance.now() - began).toBeLessThan(11_000);
    expect(new Set(told.leaves).size).toBe(1_000);
  });

  /** Two processes with five people each, and a watcher, of whom each has a connection of its own. */
  async function ten(options: Partial<CreatePresenceOptions> = {}) {
    const config = standalone(server, { responseTimeout: '2s' });
    const [one, two, three] = [
      presenceAt(config, options),
      presenceAt(config, options),
      presenceAt(config, options),
    ];
    const told = new Told();
    const watch = three.watch('general', told.listener);
    await watch.ready();
    const people = await fill(one, names(5));
    await fill(two, names(10).slice(5));
    await until(() => watch.current.users === 10, { what: 'all are seen' });
    expect(told.joins).toHaveLength(10);
    return { people, two, watch, told };
  }

  const isAllBack = async (presence: Presence): Promise<boolean> => {
    const [counts] = await presence.counts(['general']).catch(() => []);
    return counts?.users === 10 && counts.connections === 10;
  };

  test.each<[string, () => Promise<unknown>]>([
    ['FLUSHALL', () => server.command('FLUSHALL')],
    ['a restart without data', () => server.kill().then(() => server.restart({ data: 'wipe' }))],
    ['a restart with data', () => server.restart({ data: 'keep' })],
    ['forgotten scripts', () => server.command('SCRIPT', 'FLUSH')],
  ])('%s: everybody is registered again, and nobody was seen to leave', async (_, fault) => {
    const { two, watch, told, people } = await ten({ gather: '20s' });
    await fault();
    await until(() => isAllBack(two), { what: 'all are registered again', deadline: 60_000 });
    await until(() => !watch.current.stale, { what: 'the view is right', deadline: 60_000 });
    expect([told.joins.length, told.leaves, watch.current.users]).toEqual([10, [], 10]);
    await Promise.all(people.map((person) => person.close()));
    await until(() => watch.current.users === 5, { what: 'those of one process leave' });
    expect(told.leaves.toSorted()).toEqual(names(5));
  });

  test('a server that hangs for longer than a lease: the view is stale, and then right, without a leave', async () => {
    const { two, watch, told } = await ten({
      lease: '2s',
      heartbeat: '0.5s',
      gather: '20s',
      storeDeadline: '1s',
    });
    await server.pause();
    await until(() => watch.current.stale, { what: 'it is stale', deadline: 30_000 });
    expect(watch.current.users).toBe(10);
    const hung = performance.now();
    await until(() => performance.now() - hung > 2_500, { what: 'every lease is over', deadline: 10_000 });
    await server.resume();
    await until(() => isAllBack(two), { what: 'all are there', deadline: 60_000 });
    await until(() => !watch.current.stale, { what: 'the view is right', deadline: 60_000 });
    expect([told.joins.length, told.leaves, told.stale]).toEqual([10, [], [true, false]]);
  });
});

describe('on a cluster', () => {
  let cluster: RedisCluster;
  let config: RedisConfig;

  beforeAll(async () => {
    cluster = await startRedisCluster({ nodeTimeout: 1_000 });
    config = {
      mode: 'cluster',
      nodes: cluster.nodes.map(({ server: { host, port } }) => ({ host, port })),
      responseTimeout: '500ms',
    };
  });
  afterAll(() => cluster.stop());

  test('a master that is killed: what its replica missed is registered again, and nobody is seen to leave', async () => {
    await cluster.settled();
    const keys = presenceKeys('parley:', true);
    const channels = Array.from({ length: 20 }, (_, i) => `room ${i}`);
    const first = await cluster.ownerOf(keys.baseOf('c:room 0'));
    const [one, two] = [presenceAt(config, { gather: '30s' }), presenceAt(config, { gather: '30s' })];
    const told = channels.map(() => new Told());
    const watches = channels.map((channel, i) => two.watch(channel, told[i]?.listener ?? (() => undefined)));
    await Promise.all(watches.map((watch) => watch.ready()));
    const people = names(10).map((user) => one.connect({ user }));
    const joins = people.flatMap((person) => channels.map((channel) => person.join(channel)));
    await Promise.all(joins);
    await until(() => watches.every(({ current }) => current.users === 10), { what: 'all are seen' });
    await first.server.kill();
    await until(
      async () => {
        const counts = await two.counts(channels).catch(() => []);
        return (
          counts.length > 0 && counts.every(({ users, connections }) => users === 10 && connections === 10)
        );
      },
      { what: 'all are there', deadline: 60_000 },
    );
    await until(() => watches.every(({ current }) => !current.stale), {
      what: 'all is right',
      deadline: 60_000,
    });
    for (const each of told) expect([each.joins.length, each.leaves]).toEqual([10, []]);
    await first.server.restart({ data: 'wipe' });
  });
});
