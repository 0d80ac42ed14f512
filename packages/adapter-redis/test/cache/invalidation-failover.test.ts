import type { RedisConfig } from '@parley/adapter-redis';
import {
  startRedisCluster,
  startRedisSentinel,
  until,
  type RedisCluster,
  type RedisSentinel,
} from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { slotOf } from '../../src/slot.ts';
import { connect } from '../support/connections.ts';
import { arrives, Listener, notice } from '../support/listener.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

describe('in Cluster', () => {
  let cluster: RedisCluster;
  let config: RedisConfig;
  const sequence = 'parley:notices:{cache}';

  beforeAll(async () => {
    cluster = await startRedisCluster({ nodeTimeout: 1_000 });
    config = {
      mode: 'cluster',
      nodes: cluster.nodes.map(({ server: { host, port } }) => ({ host, port })),
      responseTimeout: '500ms',
    };
  });

  afterAll(() => cluster.stop());

  test('a notice stays in the shard of its sequence, and arrives', async () => {
    const [one, two] = [new Listener(connect(config)), new Listener(connect(config))];
    await Promise.all([one.live(), two.live()]);
    await one.invalidation.publish(notice('k'));
    await until(() => one.heard('k') && two.heard('k'), { what: 'both heard' });
    const owner = await cluster.ownerOf(sequence);
    expect(String(await owner.server.command('PUBSUB', 'SHARDCHANNELS'))).toBe('parley:notices:{cache}@0');
  });

  test('when the slot of the channel moves, nothing kept is believed, and telling goes on', async () => {
    const [one, two] = [new Listener(connect(config)), new Listener(connect(config))];
    await Promise.all([one.live(), two.live()]);
    const from = await cluster.ownerOf(sequence);
    const to = (await cluster.masters()).find(({ id }) => id !== from.id);
    if (to === undefined) throw new Error('a master is missing');
    await cluster.reshard({ from, to, slots: [slotOf(sequence)] });
    await Promise.all([one.live(2), two.live(2)]);
    expect(await arrives(one.invalidation, two, 'moved')).toBe(true);
  });

  test.each(['planned', 'killed', 'hung'])(
    'after a failover (%s) nothing kept is believed, and telling goes on',
    async (kind) => {
      await cluster.settled();
      const [one, two] = [new Listener(connect(config)), new Listener(connect(config))];
      await Promise.all([one.live(), two.live()]);
      const master = await cluster.ownerOf(sequence);
      const [replica] = await cluster.replicas(master);
      if (replica === undefined) throw new Error('a replica is missing');
      if (kind === 'planned') await cluster.failover(replica);
      if (kind === 'killed') await master.server.kill();
      if (kind === 'hung') await master.server.pause();
      await Promise.all([one.live(2), two.live(2)]);
      expect(await arrives(one.invalidation, two, `after ${kind}`)).toBe(true);
      if (kind === 'killed') await master.server.restart({ data: 'wipe' });
      if (kind === 'hung') await master.server.resume();
      await cluster.settled();
    },
  );
});

describe('with Sentinels', () => {
  let sentinel: RedisSentinel;
  let config: RedisConfig;

  beforeAll(async () => {
    sentinel = await startRedisSentinel({ downAfter: 1_000 });
    config = {
      mode: 'sentinel',
      sentinels: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
      name: sentinel.name,
      responseTimeout: '500ms',
    };
  });

  afterAll(() => sentinel.stop());

  test.each(['order', 'kill', 'pause'] as const)(
    'after a failover by %s nothing kept is believed, and telling goes on',
    async (by) => {
      await sentinel.settled();
      const [one, two] = [new Listener(connect(config)), new Listener(connect(config))];
      await Promise.all([one.live(), two.live()]);
      const old = await sentinel.master();
      await sentinel.failover({ by });
      await Promise.all([one.live(2), two.live(2)]);
      expect(await arrives(one.invalidation, two, `after ${by}`)).toBe(true);
      if (by === 'kill') await old.restart({ data: 'keep' });
      if (by === 'pause') await old.resume();
      await sentinel.settled();
    },
  );
});
