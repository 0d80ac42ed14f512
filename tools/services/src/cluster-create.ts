import type { NodeView } from './cluster-view.ts';
import { clusterView, SLOTS } from './cluster-view.ts';
import { untilSynchronised } from './redis.ts';
import type { RedisServer } from './redis.ts';
import { withRedis } from './redis-admin.ts';
import { until } from './until.ts';

async function busPort(server: RedisServer): Promise<string> {
  const reply = await server.command('CONFIG', 'GET', 'cluster-port');
  return Array.isArray(reply) ? String(reply[1]) : '';
}

async function untilViews(
  servers: readonly RedisServer[],
  what: string,
  holds: (view: readonly NodeView[]) => boolean,
): Promise<void> {
  await Promise.all(
    servers.map((server) =>
      until(async () => holds(await withRedis(server.access, clusterView)), {
        what: `the node on port ${server.port} knows ${what}`,
      }),
    ),
  );
}

/** Makes one cluster of separate nodes: the first are masters with equal shares of the slots, the rest their replicas in turn. */
export async function joinCluster(servers: readonly RedisServer[], masters: number): Promise<void> {
  await Promise.all(
    servers.map((server, index) =>
      withRedis(server.access, async (call) => {
        // Different from the start, so that no two nodes have to agree on an order first.
        await call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
        if (index >= masters) return;
        const share = (position: number): number => Math.floor((SLOTS * position) / masters);
        await call('CLUSTER', 'ADDSLOTSRANGE', share(index), share(index + 1) - 1);
      }),
    ),
  );
  // Everybody meets everybody: hearsay would spread the news as well, but takes seconds.
  const ports = await Promise.all(servers.map(busPort));
  for (const [index, server] of servers.entries())
    await withRedis(server.access, async (call) => {
      for (const [other, { host, port }] of servers.entries())
        if (other > index) await call('CLUSTER', 'MEET', host, port, ports[other] ?? '');
    });
  await untilViews(
    servers,
    'all others',
    (view) => view.length === servers.length && !view.some(({ flags }) => flags.includes('handshake')),
  );
  const ids = await Promise.all(servers.slice(0, masters).map((server) => server.command('CLUSTER', 'MYID')));
  const replicas = servers.slice(masters);
  await Promise.all(
    replicas.map(async (replica, index) => {
      await replica.command('CLUSTER', 'REPLICATE', String(ids[index % masters]));
      await untilSynchronised(replica.access);
    }),
  );
  await untilViews(
    servers,
    'the replicas',
    (view) => view.filter(({ master }) => master !== undefined).length === replicas.length,
  );
}
