import { randomUUID } from 'node:crypto';
import { joinCluster } from './cluster-create.ts';
import { moveSlots } from './cluster-reshard.ts';
import type { NodeView } from './cluster-view.ts';
import { clusterView, fingerprint, isSuspected, owns, slotsOf } from './cluster-view.ts';
import type { RedisServer } from './redis.ts';
import { REDIS_ADMIN, startRedisNode } from './redis.ts';
import type { RedisConfig } from './redis-config.ts';
import { redisInfo, withRedis } from './redis-admin.ts';
import { startTogether, stopTogether } from './start-together.ts';
import { until } from './until.ts';

/** A manual failover that was lost (the nodes give up after 5 s) is asked for again. */
const ASK_AGAIN_MS = 6_000;

export interface RedisClusterOptions {
  /** @default 3 */
  readonly masters?: number;
  /** @default 1 */
  readonly replicasPerMaster?: number;
  /** Milliseconds without an answer after which a node is held to be dead. @default 2000 */
  readonly nodeTimeout?: number;
  /** Directives for every node. */
  readonly config?: RedisConfig;
}

export interface ClusterNode {
  readonly id: string;
  /** To pause, kill and restart it. `wipe` takes its data, not its place in the cluster. */
  readonly server: RedisServer;
  /** Now, as the serving nodes see it: a failover swaps the roles. */
  role(): Promise<'master' | 'replica'>;
}

export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly ClusterNode[];
  /** Of all nodes: where a client may begin. */
  readonly urls: readonly string[];
  masters(): Promise<ClusterNode[]>;
  /** All replicas, or those of one master. */
  replicas(of?: ClusterNode): Promise<ClusterNode[]>;
  /** The master that holds a key. */
  ownerOf(key: string): Promise<ClusterNode>;
  /** Makes a replica the master of its shard; resolves when all serving nodes know. `force` does not wait for the old master: for a dead one. */
  failover(replica: ClusterNode, options?: { force?: boolean }): Promise<void>;
  /** Moves slots between masters while clients go on: so many, or just these. */
  reshard(move: { from: ClusterNode; to: ClusterNode; slots: number | readonly number[] }): Promise<void>;
  /** Resolves when all slots are held by serving nodes, and all serving nodes agree about it: after a failover, say. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

async function isHealthy(serving: readonly ClusterNode[]): Promise<boolean> {
  const seen = await Promise.all(
    serving.map(({ server }) =>
      withRedis(server.access, async (call) => {
        const state = String(await call('CLUSTER', 'INFO'));
        return { ok: state.includes('cluster_state:ok'), view: await clusterView(call) };
      }),
    ),
  );
  const ids = new Set(serving.map(({ id }) => id));
  const owners = seen[0]?.view.filter(({ slots }) => slots.length > 0) ?? [];
  return (
    seen.every(({ ok }) => ok) &&
    new Set(seen.map(({ view }) => fingerprint(view))).size === 1 &&
    // Who is still held to be dead when it becomes a master is replaced again at once.
    seen.every(({ view }) => view.every((node) => !ids.has(node.id) || !isSuspected(node))) &&
    owners.every(({ id }) => ids.has(id))
  );
}

/** Masters and replicas on free ports of 127.0.0.1, ready for use. */
export async function startRedisCluster({
  masters: count = 3,
  replicasPerMaster = 1,
  nodeTimeout = 2_000,
  config = {},
}: RedisClusterOptions = {}): Promise<RedisCluster> {
  const secret = randomUUID();
  const cluster = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': String(nodeTimeout),
    'cluster-announce-ip': '127.0.0.1',
    // A replica stays where the test has put it.
    'cluster-allow-replica-migration': 'no',
    'cluster-replica-validity-factor': '0',
    masteruser: REDIS_ADMIN,
    masterauth: secret,
  };
  const starting = Array.from({ length: count * (1 + replicasPerMaster) }, () =>
    startRedisNode({ config, cluster, secret }),
  );
  const servers = await startTogether(starting);
  const stop = (): Promise<void> => stopTogether(servers);
  try {
    await joinCluster(servers, count);
    const ids = await Promise.all(servers.map((server) => server.command('CLUSTER', 'MYID')));
    const result = redisCluster(
      servers.map((server, index) => ({ id: String(ids[index]), server })),
      stop,
    );
    await result.settled();
    return result;
  } catch (error) {
    await stop();
    throw error;
  }
}

function redisCluster(
  members: readonly Pick<ClusterNode, 'id' | 'server'>[],
  stop: () => Promise<void>,
): RedisCluster {
  /** What the first node says that serves. */
  async function view(): Promise<NodeView[]> {
    const witness = members.find(({ server }) => server.serving());
    if (witness === undefined) throw new Error('no node of the cluster is serving');
    return withRedis(witness.server.access, clusterView);
  }

  async function viewOf(id: string): Promise<NodeView> {
    const found = (await view()).find((node) => node.id === id);
    if (found === undefined) throw new Error(`the cluster knows no node ${id}`);
    return found;
  }

  const nodes = members.map(({ id, server }): ClusterNode => ({
    id,
    server,
    role: async () => ((await viewOf(id)).master === undefined ? 'master' : 'replica'),
  }));

  async function nodesWhere(holds: (node: NodeView) => boolean): Promise<ClusterNode[]> {
    const ids = new Set((await view()).filter(holds).map(({ id }) => id));
    return nodes.filter(({ id }) => ids.has(id));
  }

  async function settled(): Promise<void> {
    await until(() => isHealthy(nodes.filter(({ server }) => server.serving())), {
      what: 'the nodes agree on a healthy cluster',
      every: 50,
    });
  }

  return {
    nodes,
    urls: nodes.map(({ server }) => server.url),
    masters: () => nodesWhere(({ master }) => master === undefined),
    replicas: (of) =>
      nodesWhere(({ master }) => (of === undefined ? master !== undefined : master === of.id)),
    async ownerOf(key) {
      const slot = Number(
        await nodes.find(({ server }) => server.serving())?.server.command('CLUSTER', 'KEYSLOT', key),
      );
      const [owner] = await nodesWhere((node) => owns(node, slot));
      if (owner === undefined) throw new Error(`no master holds slot ${slot}`);
      return owner;
    },
    async failover(replica, { force = false } = {}) {
      const mode = force ? ['FORCE'] : [];
      let asked = -Infinity;
      await until(
        () =>
          withRedis(replica.server.access, async (call) => {
            if ((await redisInfo(call, 'replication')).get('role') === 'master') return true;
            if (performance.now() - asked < ASK_AGAIN_MS) return false;
            await call('CLUSTER', 'FAILOVER', ...mode);
            asked = performance.now();
            return false;
          }),
        { what: `the replica on port ${replica.server.port} is a master` },
      );
      await settled();
    },
    async reshard({ from, to, slots }) {
      const list = typeof slots === 'number' ? slotsOf(await viewOf(from.id)).slice(0, slots) : slots;
      const masters = await nodesWhere(({ master }) => master === undefined);
      const others = masters.filter(({ id, server }) => id !== from.id && id !== to.id && server.serving());
      await moveSlots(
        list,
        from,
        to,
        others.map(({ server }) => server),
      );
      await settled();
    },
    settled,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
