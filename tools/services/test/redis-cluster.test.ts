import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clusterView, slotsOf } from '../src/cluster-view.ts';
import { withRedis } from '../src/redis-admin.ts';
import type { ClusterNode, RedisCluster } from '../src/redis-cluster.ts';
import { startRedisCluster } from '../src/redis-cluster.ts';
import { isRunning } from './support/owners.ts';

let cluster: RedisCluster;
let client: Cluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
  client = new Cluster([...cluster.urls], {
    slotsRefreshInterval: 500,
    redisOptions: { commandTimeout: 20_000 },
  });
  client.on('error', () => undefined);
});

afterAll(async () => {
  client.disconnect();
  await cluster.stop();
});

async function replicaOf(master: ClusterNode): Promise<ClusterNode> {
  const [replica] = await cluster.replicas(master);
  if (replica === undefined) throw new Error('a master has no replica');
  return replica;
}

/** Keys that lie on all masters. */
const keys = Array.from({ length: 50 }, (_, index) => `key${index}`);

test('three masters with a replica each serve all slots', async () => {
  expect(await cluster.masters()).toHaveLength(3);
  for (const master of await cluster.masters()) expect(await cluster.replicas(master)).toHaveLength(1);
  for (const key of keys) expect(await client.set(key, 'x')).toBe('OK');
  const owners = await Promise.all(keys.map((key) => cluster.ownerOf(key)));
  expect(new Set(owners.map(({ id }) => id)).size).toBe(3);
  for (const [index, owner] of owners.entries())
    expect(await owner.server.command('GET', keys[index] ?? '')).toBe('x');
});

test('failover swaps a replica and its master', async () => {
  const master = await cluster.ownerOf('a');
  const replica = await replicaOf(master);
  await cluster.failover(replica);
  expect(await replica.role()).toBe('master');
  expect(await master.role()).toBe('replica');
  expect((await cluster.ownerOf('a')).id).toBe(replica.id);
});

test('a killed master is replaced by its replica, and is a replica when it comes back', async () => {
  const master = await cluster.ownerOf('a');
  const replica = await replicaOf(master);
  await master.server.kill();
  await cluster.settled();
  expect((await cluster.ownerOf('a')).id).toBe(replica.id);
  await master.server.restart({ data: 'keep' });
  await cluster.settled();
  expect(await master.role()).toBe('replica');
}, 30_000);

test('a hung master is replaced, and is a replica when it goes on', async () => {
  const master = await cluster.ownerOf('a');
  const replica = await replicaOf(master);
  await master.server.pause();
  await cluster.settled();
  expect((await cluster.ownerOf('a')).id).toBe(replica.id);
  await master.server.resume();
  await cluster.settled();
  expect(await master.role()).toBe('replica');
}, 30_000);

test('a dead master is replaced by force, long before the nodes would notice', async () => {
  await using slow = await startRedisCluster({ nodeTimeout: 600_000 });
  const master = await slow.ownerOf('a');
  const [replica] = await slow.replicas(master);
  if (replica === undefined) throw new Error('a master has no replica');
  await master.server.kill();
  await slow.failover(replica, { force: true });
  expect((await slow.ownerOf('a')).id).toBe(replica.id);
}, 30_000);

test('a wiped node keeps its place and gets the data from its master', async () => {
  const master = await cluster.ownerOf('a');
  const replica = await replicaOf(master);
  await master.server.command('SET', 'a', 'kept');
  await replica.server.restart({ data: 'wipe' });
  await cluster.settled();
  expect(await replica.role()).toBe('replica');
  await cluster.failover(replica);
  expect(await replica.server.command('GET', 'a')).toBe('kept');
}, 30_000);

test('slots move while clients write, and nothing that was acknowledged is lost', async () => {
  const from = await cluster.ownerOf('moving');
  const to = (await cluster.masters()).find(({ id }) => id !== from.id) ?? from;
  const slot = Number(await from.server.command('CLUSTER', 'KEYSLOT', 'moving'));
  for (let index = 0; index < 250; index++) await client.set(`{moving}${index}`, index);
  let acknowledged = 0;
  const moved = new AbortController();
  const writing = (async () => {
    while (!moved.signal.aborted) {
      await client.incr('{moving}counter');
      acknowledged++;
      await sleep(1);
    }
  })();
  await cluster.reshard({ from, to, slots: [slot] });
  moved.abort();
  await writing;
  expect((await cluster.ownerOf('moving')).id).toBe(to.id);
  expect(acknowledged).toBeGreaterThan(0);
  expect(await client.get('{moving}counter')).toBe(String(acknowledged));
  expect(await client.get('{moving}249')).toBe('249');
  expect(await to.server.command('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBe(251);
}, 30_000);

test('a number of slots moves from one master to another', async () => {
  const [from, to] = await cluster.masters();
  if (from === undefined || to === undefined) throw new Error('there are not two masters');
  const count = async ({ id }: ClusterNode): Promise<number> => {
    const view = await withRedis(to.server.access, clusterView);
    return slotsOf(view.find((node) => node.id === id) ?? { slots: [] }).length;
  };
  const before = [await count(from), await count(to)];
  await cluster.reshard({ from, to, slots: 300 });
  expect([await count(from), await count(to)]).toEqual([(before[0] ?? 0) - 300, (before[1] ?? 0) + 300]);
  for (const key of keys) expect(await client.get(key)).toBe('x');
}, 30_000);

test('stop leaves no process and no folder', async () => {
  const small = await startRedisCluster({ masters: 1, replicasPerMaster: 0 });
  const servers = small.nodes.map(({ server }) => server);
  await small.stop();
  await small.stop();
  expect(servers.map(({ pid }) => isRunning(pid))).toEqual([false]);
  expect(servers.map(({ folder }) => existsSync(folder))).toEqual([false]);
});
