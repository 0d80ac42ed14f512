import type { RedisConfig } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedisCluster, until, type ClusterNode, type RedisCluster } from '@parley/services';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { busKeys } from '../../src/bus/keys.ts';
import { slotOf } from '../../src/slot.ts';
import { appendOne, bodiesOf, Hearer, record } from '../support/bus.ts';
import { connect, failure } from '../support/connections.ts';
import { Ledger } from '../support/ledger.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

const keys = busKeys('parley:', 0, true);
const slotOfChannel = (channel: string): number => slotOf(`{${keys.tagOf(channel)}}`);

let cluster: RedisCluster;
let config: RedisConfig;
let broker: Broker;

beforeAll(async () => {
  cluster = await startRedisCluster({ nodeTimeout: 1_000 });
  config = {
    mode: 'cluster',
    nodes: cluster.nodes.map(({ server: { host, port } }) => ({ host, port })),
    responseTimeout: '500ms',
  };
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  await cluster.settled();
  broker = another();
});

const another = (): Broker => redisBroker(connect(config), { probeEveryMs: 1_000 });

const ownerOf = (channel: string): Promise<ClusterNode> => cluster.ownerOf(`{${keys.tagOf(channel)}}`);

async function elsewhere(node: ClusterNode): Promise<ClusterNode> {
  const other = (await cluster.masters()).find(({ id }) => id !== node.id);
  if (other === undefined) throw new Error('a master is missing');
  return other;
}

const channels = (topic: string): string[] => Array.from({ length: 60 }, (_, i) => `${topic}:${i}`);

test('everything of a channel is on one server, and channels are on all of them', async () => {
  const names = channels('spread');
  const hearer = new Hearer(broker);
  await hearer.feed.join('channel', names);
  await broker.streams.append(names.map((name) => record(name, name)));
  await until(() => hearer.records.length === names.length, { what: 'all are heard' });
  for (const { server } of await cluster.masters()) {
    const logs = String(await server.command('KEYS', 'parley:log:*')).split(',');
    const told = String(await server.command('PUBSUB', 'SHARDCHANNELS', 'parley:c:*')).split(',');
    const bare = (name: string): string => name.replace(/^parley:\w+:/, '').replace(/@0$/, '');
    expect(logs.length).toBeGreaterThan(5);
    expect(told.map(bare).toSorted()).toEqual(logs.map(bare).toSorted());
  }
});

test('when a slot moves, only what is in it is lost', async () => {
  const names = channels('moving');
  const hearer = new Hearer(broker);
  await hearer.feed.join('channel', names);
  const [first = ''] = names;
  const from = await ownerOf(first);
  const slot = slotOfChannel(first);
  await cluster.reshard({ from, to: await elsewhere(from), slots: [slot] });
  const moved = names.filter((name) => slotOfChannel(name) === slot);
  await until(() => hearer.lost.length > 0, { what: 'it is lost' });
  expect(hearer.lostNames.toSorted()).toEqual(moved.toSorted());
  await hearer.joinAgain('channel', moved);
  await hearer.hears(broker, first);
  expect(hearer.lostNames).toHaveLength(moved.length);
});

test('streams are heard whole and in order while slots move to and fro', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const ledger = new Ledger(another(), another(), names);
  await ledger.start();
  for (const name of names) {
    const channel = `ledger:${name}`;
    const from = await ownerOf(channel);
    await cluster.reshard({ from, to: await elsewhere(from), slots: [slotOfChannel(channel)] });
    await ledger.progress();
  }
  await ledger.close();
  // Another master has another history of writes, so that each move is told; nothing is missing.
  expect(new Set(ledger.gaps.map(({ reason }) => reason))).toEqual(new Set(['epoch']));
});

test.each(['planned', 'killed', 'hung'])(
  'a failover (%s): what is lost is told, and streams go on',
  async (kind) => {
    const ledger = new Ledger(another(), another(), ['a', 'b', 'c', 'd']);
    await ledger.start();
    const master = await ownerOf('ledger:a');
    const [replica] = await cluster.replicas(master);
    if (replica === undefined) throw new Error('a replica is missing');
    if (kind === 'planned') await cluster.failover(replica);
    if (kind === 'killed') await master.server.kill();
    if (kind === 'hung') await master.server.pause();
    await ledger.progress();
    await ledger.close({ mayLose: kind !== 'planned' });
    for (const { reason } of ledger.gaps) expect(reason).toBe('epoch');
    if (kind === 'killed') await master.server.restart({ data: 'wipe' });
    if (kind === 'hung') await master.server.resume();
  },
);

test('while subscribers are cut off, on one master after the other, streams go on without a gap', async () => {
  const ledger = new Ledger(another(), another(), ['a', 'b', 'c', 'd', 'e', 'f']);
  await ledger.start();
  for (const { server } of await cluster.masters()) {
    await server.killClients('pubsub');
    await ledger.progress();
  }
  await ledger.close();
  expect(ledger.gaps).toEqual([]);
});

test('an append whose reply was lost is reported, and found when it is repeated', async () => {
  const proxies = await Promise.all(cluster.nodes.map(({ server }) => startProxy({ target: server })));
  const natMap = Object.fromEntries(
    cluster.nodes.map(({ server: { host, port } }, i) => [
      `${host}:${port}`,
      { host, port: proxies[i]?.port ?? 0 },
    ]),
  );
  const nodes = proxies.map(({ host, port }) => ({ host, port }));
  const proxied = redisBroker(connect({ mode: 'cluster', nodes, natMap, responseTimeout: '10s' }));
  const name = 'reply:log';
  const owner = await ownerOf(name);
  const way = proxies[cluster.nodes.findIndex(({ id }) => id === owner.id)];
  const lost = record(name, 'lost-reply');
  await appendOne(proxied, record(name, 'before'));
  way?.dropNextReply((request) => request.includes('lost-reply'));
  expect(isParleyError(await failure(proxied.streams.append([lost])), 'STORE_UNAVAILABLE')).toBe(true);
  expect(way?.counters.lostReplies).toBe(1);
  const again = await until(() => appendOne(proxied, { ...lost, sinceMs: 30_000 }), { what: 'it is back' });
  expect(again).toMatchObject({ repeated: true, position: { offset: 2 } });
  expect(await bodiesOf(broker, name)).toEqual(['before', 'lost-reply']);
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

test('jobs of a queue stay together, and survive a planned failover', async () => {
  const queue = 'orders {1}:workers';
  const place = busKeys('parley:', 0, true).jobs(queue).due;
  const ids = Array.from({ length: 50 }, (_, i) => `job-${i}`);
  await broker.jobs.add(ids.map((id) => ({ queue, id, body: id, delayMs: 0 })));
  const request = { queue, limit: 20, leaseMs: 60_000, maxAttempts: 3 };
  const first = await broker.jobs.take({ ...request, token: 'one' });
  const [replica] = await cluster.replicas(await cluster.ownerOf(place));
  if (replica === undefined) throw new Error('a replica is missing');
  await cluster.failover(replica);
  const again = await until(() => broker.jobs.take({ ...request, token: 'one' }), { what: 'it answers' });
  expect(again).toEqual(first);
  const rest = await broker.jobs.take({ ...request, limit: 50, token: 'two' });
  expect([...first, ...rest].map(({ id }) => id)).toEqual(ids);
});

test('a server that a slot is moving to and that fails fails who asked, and nobody else', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  const channel = 'moving:log';
  const slot = slotOfChannel(channel);
  const from = await ownerOf(channel);
  const to = await elsewhere(from);
  await broker.streams.append([record('other:log', 'connected')]);
  process.on('unhandledRejection', note);
  await to.server.command('ACL', 'SETUSER', 'default', '-asking');
  await to.server.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
  await from.server.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
  const error = await failure(broker.streams.append([record(channel, 'a')]));
  for (const { server } of [from, to]) await server.command('CLUSTER', 'SETSLOT', slot, 'STABLE');
  await to.server.command('ACL', 'SETUSER', 'default', '+asking');
  expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
  expect((await appendOne(broker, record(channel, 'b'))).position.offset).toBe(1);
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('a log that moved is the same log', async () => {
  const channel = 'same:log';
  const before = await appendOne(broker, record(channel, 'a'));
  const from = await ownerOf(channel);
  await cluster.reshard({ from, to: await elsewhere(from), slots: [slotOfChannel(channel)] });
  const after = await appendOne(broker, record(channel, 'b'));
  expect(after.position.offset).toBe(2);
  const [page] = await broker.streams.read([{ channel, after: undefined, limit: 10 }]);
  expect(page?.lineage).toEqual([{ ...before.position }]);
  expect(await bodiesOf(broker, channel)).toEqual(['a', 'b']);
});
