import type { RedisConfig } from '@parley/adapter-redis';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import type { PresenceStore } from '@parley/presence';
import { LogLedger } from '@parley/presence/conformance';
import { startRedisCluster, until, type ClusterNode, type RedisCluster } from '@parley/services';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { presenceKeys } from '../../src/presence/keys.ts';
import { slotOf } from '../../src/slot.ts';
import { connect } from '../support/connections.ts';
import { moveSome } from '../support/moving.ts';
import { attempt, Comer, longMs, setting, type Names } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const keys = presenceKeys('parley:', true);

let cluster: RedisCluster;
let config: RedisConfig;

beforeAll(async () => {
  cluster = await startRedisCluster({ replicasPerMaster: 0 });
  config = {
    mode: 'cluster',
    nodes: cluster.nodes.map(({ server: { host, port } }) => ({ host, port })),
    // Nothing here is in doubt: what fails was not carried out.
    responseTimeout: '60s',
  };
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  for (const { server } of cluster.nodes) await server.command('FLUSHALL');
});

const another = (): PresenceStore => redisPresenceStore(connect(config));

/** Names of channels that are all in one slot. */
function channelsIn(base: string, count: number): Names {
  const names: string[] = [];
  for (let i = 0; names.length < count; i++) if (keys.baseOf(`c:${i}`) === base) names.push(`c:${i}`);
  const [first = '', ...others] = names;
  return [first, ...others];
}

async function elsewhere(node: ClusterNode): Promise<ClusterNode> {
  const other = (await cluster.masters()).find(({ id }) => id !== node.id);
  if (other === undefined) throw new Error('a master is missing');
  return other;
}

async function reapAll(store: PresenceStore, ledger: LogLedger): Promise<void> {
  for (let more = true; more;) {
    const reaped = await store.reap(100);
    ledger.take(reaped.appended);
    ({ more } = reaped);
  }
}

test.each<[string, (key: string) => boolean]>([
  ['its channels first', (key) => /:[uml]:/.test(key)],
  ['its leases first', (key) => !/:[uml]:/.test(key)],
  ['half of its channels first', (key) => /:[uml]:.*[02468]$/.test(key)],
  ['the entries of its channels last', (key) => !/:u:/.test(key)],
  ['what is known of its channels last', (key) => !/:m:/.test(key)],
])('while a slot moves, %s, nothing of it is done by half, and then everything', async (_, moves) => {
  const [base = ''] = keys.bases;
  const slot = slotOf(base);
  const [unknown, ...channels] = channelsIn(base, 41);
  const [store, other] = [another(), another()];
  const ledger = new LogLedger((epoch) => epoch.replace(/\..*/, ''));
  for (const lease of ['crashed', 'stays']) await store.open(lease, longMs);
  for (const [i, lease] of ['crashed', 'stays'].entries()) {
    const changes = channels.flatMap((channel) => [
      ...Array.from({ length: 5 }, (__, j) => setting(channel, `u${j}`, `${lease} ${j}`)),
      setting(channel, `types ${i}`, lease, { owned: false, forMs: 1 }),
    ]);
    ledger.take((await store.change({ lease, turn: 1, changes })).appended);
  }
  await store.end(['crashed']);

  const from = await cluster.ownerOf(base);
  const to = await elsewhere(from);
  await moveSome({ from, to }, slot, moves);
  const asItWas = [{ users: 7, entries: 12 }];
  for (const [i, each] of [store, other].entries()) {
    ledger.take((await attempt(each.reap(1_000)))?.appended ?? []);
    for (const [j, channel] of [unknown, ...channels.slice(0, 4)].entries()) {
      const changes = [setting(channel, 'late', 'late')];
      const changed = await attempt(each.change({ lease: 'stays', turn: 2 + i * 10 + j, changes }));
      expect(changed).toBeUndefined();
      const views = await attempt(each.read([{ channel, limit: 100 }]));
      expect(views ?? asItWas).toMatchObject(asItWas);
    }
  }
  await cluster.reshard({ from, to, slots: [slot] });

  await reapAll(other, ledger);
  const views = await store.read(channels.map((channel) => ({ channel, limit: 100 })));
  for (const [i, view] of views.entries()) {
    ledger.verify(channels[i] ?? '', view);
    expect(view).toMatchObject({ users: 5, entries: 5 });
  }
  await store.end(['stays']);
  await reapAll(store, ledger);
  for (const view of await store.read(channels.map((channel) => ({ channel, limit: 100 }))))
    expect(view).toMatchObject({ users: 0, entries: 0, members: [] });
  const owned = await Promise.all(cluster.nodes.map(({ server }) => server.command('KEYS', '*:own:*')));
  expect(owned.flat()).toEqual([]);
});

test('while slots move to and fro people come, go and crash, and each is told once and nobody stays', async () => {
  const [first = '', ...others] = keys.bases.slice(0, 3);
  const slotted = (base: string): Names => channelsIn(base, 60);
  const slots = [slotted(first), ...others.map(slotted)] as const;
  const ledger = new LogLedger((epoch) => epoch.replace(/\..*/, ''));
  const workers = Array.from({ length: 6 }, (_, i) => new Comer(another(), ledger, i));
  let over = false;
  const running = workers.map((worker) => worker.run(slots, () => over));
  const progress = async (): Promise<void> => {
    const before = workers.map(({ done }) => done);
    await until(() => workers.every(({ done }, i) => done > (before[i] ?? 0) + 5), {
      what: 'all go on',
      deadline: 60_000,
    });
  };
  const moving = async (): Promise<void> => {
    await progress();
    for (let round = 0; round < 3; round++) {
      for (const base of [first, ...others]) {
        const from = await cluster.ownerOf(base);
        await cluster.reshard({ from, to: await elsewhere(from), slots: [slotOf(base)] });
        await progress();
      }
    }
  };
  await Promise.all([...running, moving().finally(() => (over = true))]);

  const store = another();
  await reapAll(store, ledger);
  const channels = slots.flat();
  const views = await store.read(channels.map((channel) => ({ channel, limit: 100 })));
  for (const [i, view] of views.entries()) {
    const channel = channels[i] ?? '';
    ledger.verify(channel, view);
    expect(view.entries).toBe(workers.reduce((sum, { has }) => sum + (has.get(channel)?.size ?? 0), 0));
  }
  await store.end(workers.map(({ lease }) => lease));
  await reapAll(store, ledger);
  for (const view of await store.read(channels.map((channel) => ({ channel, limit: 100 }))))
    expect(view).toMatchObject({ users: 0, entries: 0, members: [] });
});
