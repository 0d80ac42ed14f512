import { connectRedis } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import {
  runBusChaos,
  startRedisCluster,
  type Chaos,
  type ChaosContext,
  type ClusterNode,
  type Random,
  type RedisCluster,
} from '@parley/services';
import { openTrafficBus, publishWithinMs } from './traffic-bus.ts';

/** Two processes on a cluster whose masters hang, die, change places and hand slots around. */
export const chaos: Chaos = { name: 'bus-cluster', run };

type Fault = (cluster: RedisCluster, random: Random) => Promise<unknown>;

async function someMaster(cluster: RedisCluster, random: Random): Promise<ClusterNode> {
  const [first, ...others] = await cluster.masters();
  if (first === undefined) throw new Error('a cluster must have a master');
  return random.pick([first, ...others]);
}

const faults: readonly [readonly [string, Fault], ...(readonly [string, Fault])[]] = [
  ['a master hangs', async (cluster, random) => (await someMaster(cluster, random)).server.pause()],
  ['a master dies', async (cluster, random) => (await someMaster(cluster, random)).server.kill()],
  [
    'subscribers cut',
    async (cluster, random) => (await someMaster(cluster, random)).server.killClients('pubsub'),
  ],
  [
    'failover by order',
    async (cluster, random) => {
      const [replica] = await cluster.replicas(await someMaster(cluster, random));
      if (replica !== undefined) await cluster.failover(replica);
    },
  ],
  [
    'slots move',
    async (cluster, random) => {
      const [from, to] = [await someMaster(cluster, random), await someMaster(cluster, random)];
      if (from !== to) await cluster.reshard({ from, to, slots: 200 });
    },
  ],
];

async function run(context: ChaosContext): Promise<void> {
  await using cluster = await startRedisCluster({ nodeTimeout: 1_500 });
  const nodes = cluster.nodes.map(({ server: { host, port } }) => ({ host, port }));
  const connections = [1, 2].map(() => connectRedis({ mode: 'cluster', nodes }));
  const buses = connections.map((connection, i) =>
    openTrafficBus(`process ${i + 1}`, redisBroker(connection)),
  );
  try {
    await runBusChaos(
      {
        buses: buses.map(({ traffic }) => traffic),
        channels: ['a', 'b', 'c', 'd', 'e', 'f'],
        settleWithinMs: publishWithinMs + 2_000,
        async break(random) {
          const [name, fault] = random.pick(faults);
          await fault(cluster, random);
          return name;
        },
        async heal() {
          for (const { server } of cluster.nodes) {
            await server.resume();
            if (!server.serving()) await server.restart({ data: 'keep' });
          }
          await cluster.settled();
        },
      },
      context,
    );
  } finally {
    await Promise.all(buses.map(({ bus }) => bus.close()));
    await Promise.all(connections.map((connection) => connection.close()));
  }
}
