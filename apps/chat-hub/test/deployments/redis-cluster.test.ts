import { startPostgres, startRedisCluster, type RedisCluster } from '@parley/services';
import { deployed, deploymentLaws } from './deployed.ts';
import { presenceFaultLaws } from './laws/presence.ts';
import { webhookLaws } from './laws/webhooks.ts';
import { withoutBusLaws, type Fault } from './laws/without-bus.ts';

let redis: RedisCluster;

const hub = deployed(async (own) => {
  const postgres = own(await startPostgres());
  redis = own(await startRedisCluster());
  const nodes = redis.urls.map((url) => new URL(url).host).join(',');
  return {
    nodes: 2,
    env: { DATABASE_URL: postgres.url, REDIS_CLUSTER_NODES: nodes, HUB_WEBHOOK_NETWORKS: '127.0.0.0/8' },
  };
});

const faults: readonly Fault[] = [
  {
    name: 'the Cluster loses a master, whose replica takes over',
    begin: async () => {
      const [master] = await redis.masters();
      await master?.server.kill();
      await redis.settled();
    },
    end: async () => {
      for (const { server } of redis.nodes) if (!server.serving()) await server.restart({ data: 'wipe' });
      await redis.settled();
    },
  },
  {
    name: 'all of the Cluster hangs',
    begin: () => Promise.all(redis.nodes.map(({ server }) => server.pause())),
    end: async () => {
      await Promise.all(redis.nodes.map(({ server }) => server.resume()));
      await redis.settled();
    },
  },
];

deploymentLaws(hub, () => {
  withoutBusLaws(hub, faults);
  presenceFaultLaws(hub, faults);
  webhookLaws(hub);
});
