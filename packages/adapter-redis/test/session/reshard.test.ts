import type { RedisConfig } from '@parley/adapter-redis';
import { redisSessionStore } from '@parley/adapter-redis/session';
import type { SessionStore } from '@parley/cache-core/session';
import { startRedisCluster, type ClusterNode, type RedisCluster } from '@parley/services';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { sessionKeys } from '../../src/session/keys.ts';
import { slotOf } from '../../src/slot.ts';
import { connect } from '../support/connections.ts';
import { moveSome } from '../support/moving.ts';
import { attempt } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const { bases, placeOf } = sessionKeys('parley:', true);
const longMs = 3_600_000;
const life = { data: '{}', idleMs: longMs, maxAgeMs: longMs };

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

const another = (): SessionStore => redisSessionStore(connect(config));

/** Ids of sessions that are all in one slot. */
function idsIn(place: number, count: number): string[] {
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) if (placeOf(`i${i}`) === place) ids.push(`i${i}`);
  return ids;
}

async function elsewhere(node: ClusterNode): Promise<ClusterNode> {
  const other = (await cluster.masters()).find(({ id }) => id !== node.id);
  if (other === undefined) throw new Error('a master is missing');
  return other;
}

test.each<[string, (key: string) => boolean]>([
  ['the lists of users first', (key) => key.includes(':u:')],
  ['its sessions first', (key) => key.includes(':s:')],
  ['every other session first', (key) => /:s:.*[02468]$/.test(key)],
])('while a slot moves, %s, nobody is signed out by half', async (_, moves) => {
  const [base = ''] = bases;
  const slot = slotOf(base);
  const ids = idsIn(0, 24);
  const store = another();
  const users = ['ann', 'eve', 'joe'];
  const userOf = (i: number): string => users[i % users.length] ?? '';
  for (const [i, id] of ids.entries())
    expect(await store.create({ ...life, id, version: 'v1', user: userOf(i) })).toBe('created');

  const from = await cluster.ownerOf(base);
  const to = await elsewhere(from);
  await moveSome({ from, to }, slot, moves);
  const ending = { token: 'end', stoneMs: longMs };
  const listed = await attempt(store.list('eve', 100));
  expect(listed ?? Array.from({ length: 8 })).toHaveLength(8);
  const ended = await attempt(store.destroyOf('ann', ending));
  // Either it says that it did not do it, or it did all of it.
  expect(ended ?? 0).toBe(0);
  expect(ended).toBeUndefined();
  for (const [i, id] of ids.entries()) {
    if (userOf(i) !== 'joe') continue;
    expect(await attempt(store.touch(id, longMs))).toBeUndefined();
    const change = {
      id,
      version: 'v2',
      seen: undefined,
      user: undefined,
      data: '{"late":1}',
      idleMs: longMs,
    };
    expect(await attempt(store.write(change))).toBeUndefined();
    expect(await attempt(store.destroy([id], ending))).toBeUndefined();
    expect(await attempt(store.read(id))).toMatchObject({ version: 'v1', user: 'joe' });
  }
  await cluster.reshard({ from, to, slots: [slot] });

  for (const user of users) expect(await store.list(user, 100)).toHaveLength(8);
  expect(await store.destroyOf('ann', ending)).toBe(8);
  expect(await store.list('ann', 100)).toEqual([]);
  for (const [i, id] of ids.entries()) expect((await store.read(id)) === undefined).toBe(userOf(i) === 'ann');
});
