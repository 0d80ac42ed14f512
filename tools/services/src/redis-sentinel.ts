import { randomUUID } from 'node:crypto';
import type { RedisServer } from './redis.ts';
import { REDIS_ADMIN, startRedisNode } from './redis.ts';
import type { RedisConfig } from './redis-config.ts';
import { redisInfo, withRedis } from './redis-admin.ts';
import type { SentinelServer } from './redis-sentinel-process.ts';
import { startSentinel } from './redis-sentinel-process.ts';
import { seesMaster, seesReplica, sentinelView } from './sentinel-view.ts';
import { startTogether, stopTogether } from './start-together.ts';
import { until } from './until.ts';

const NAME = 'main';
/** An ordered failover that failed is given up after a while, and ordered again. */
const ORDER_AGAIN_MS = 12_000;
/** Longer than two failover timeouts, after which Sentinels try again. */
const FAILOVER_MS = 45_000;

export interface RedisSentinelOptions {
  /** @default 1 */
  readonly replicas?: number;
  /** @default 3 */
  readonly sentinels?: number;
  /** Milliseconds without an answer after which a Sentinel holds the master to be dead. @default 2000 */
  readonly downAfter?: number;
  /** Directives for master and replicas. */
  readonly config?: RedisConfig;
}

export interface RedisSentinel extends AsyncDisposable {
  /** The name under which clients ask for the master. */
  readonly name: string;
  readonly sentinels: readonly SentinelServer[];
  /** Master and replicas; which is which changes with a failover. */
  readonly servers: readonly RedisServer[];
  /** The one that most serving Sentinels name. */
  master(): Promise<RedisServer>;
  replicas(): Promise<RedisServer[]>;
  /** Another master: by order, or because the old one is killed or hangs. Resolves when Sentinels, new master and serving replicas agree. */
  failover(options?: { by?: 'order' | 'kill' | 'pause' }): Promise<RedisServer>;
  /** Resolves when all that serves agrees. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** The port of the master by the word of one Sentinel. */
async function masterPort(sentinel: SentinelServer): Promise<number> {
  const reply = await withRedis(sentinel.access, (call) => call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME));
  return Array.isArray(reply) ? Number(reply[1]) : 0;
}

async function follows(replica: RedisServer, port: number): Promise<boolean> {
  const replication = await withRedis(replica.access, (call) => redisInfo(call, 'replication'));
  return (
    replication.get('role') === 'slave' &&
    replication.get('master_port') === String(port) &&
    replication.get('master_link_status') === 'up'
  );
}

/** A master, replicas and Sentinels on free ports of 127.0.0.1, ready for use. */
export async function startRedisSentinel({
  replicas: replicaCount = 1,
  sentinels: sentinelCount = 3,
  downAfter = 2_000,
  config = {},
}: RedisSentinelOptions = {}): Promise<RedisSentinel> {
  const secret = randomUUID();
  const replication = { masteruser: REDIS_ADMIN, masterauth: secret };
  const starting = Array.from({ length: 1 + replicaCount }, () =>
    startRedisNode({ config: { ...replication, ...config }, secret }),
  );
  const servers = await startTogether(starting);
  const sentinels: SentinelServer[] = [];
  const stop = (): Promise<void> => stopTogether([...servers, ...sentinels]);
  try {
    const [master, ...replicas] = servers;
    if (master === undefined) throw new Error('no master was started');
    await Promise.all(replicas.map((replica) => replica.replicate(master)));
    const options = { name: NAME, master, quorum: Math.floor(sentinelCount / 2) + 1, downAfter };
    sentinels.push(
      ...(await startTogether(Array.from({ length: sentinelCount }, () => startSentinel(options)))),
    );
    const result = redisSentinel(servers, sentinels, stop);
    await result.settled();
    await Promise.all(sentinels.map((sentinel) => sentinel.acquainted()));
    return result;
  } catch (error) {
    await stop();
    throw error;
  }
}

function redisSentinel(
  servers: readonly RedisServer[],
  sentinels: readonly SentinelServer[],
  stop: () => Promise<void>,
): RedisSentinel {
  /** Undefined while the serving Sentinels are divided, as in the middle of a failover. */
  async function elected(): Promise<RedisServer | undefined> {
    const serving = sentinels.filter((sentinel) => sentinel.serving());
    const named = await Promise.all(serving.map(masterPort));
    return servers.find(({ port }) => named.filter((name) => name === port).length > named.length / 2);
  }

  function master(): Promise<RedisServer> {
    return until(elected, { what: 'most Sentinels name the same master' });
  }

  async function agree(): Promise<boolean> {
    const chosen = await elected();
    if (chosen === undefined || !chosen.serving()) return false;
    const { port, access } = chosen;
    const replicas = servers.filter((server) => server.port !== port && server.serving());
    const watching = sentinels.filter((sentinel) => sentinel.serving());
    const views = await Promise.all(watching.map((sentinel) => sentinelView(sentinel, NAME)));
    const role = (await withRedis(access, (call) => redisInfo(call, 'replication'))).get('role');
    return (
      role === 'master' &&
      views.every((view) => seesMaster(view, port, servers.length - 1, sentinels.length - 1)) &&
      views.every((view) => replicas.every((replica) => seesReplica(view, replica.port, port))) &&
      (await Promise.all(replicas.map((replica) => follows(replica, port)))).every(Boolean)
    );
  }

  async function settled(): Promise<void> {
    await until(agree, { what: 'Sentinels, master and replicas agree', deadline: FAILOVER_MS, every: 50 });
  }

  async function order(): Promise<void> {
    const sentinel = sentinels.find((candidate) => candidate.serving());
    if (sentinel === undefined) throw new Error('no Sentinel is serving');
    // Refused while another failover is under way, or before the replicas are known to be fit.
    await until(
      async () => (await withRedis(sentinel.access, (call) => call('SENTINEL', 'FAILOVER', NAME))) === 'OK',
      {
        what: 'the Sentinel takes the order',
        every: 100,
      },
    );
  }

  return {
    name: NAME,
    sentinels,
    servers,
    master,
    async replicas() {
      const { port } = await master();
      return servers.filter((server) => server.port !== port);
    },
    async failover({ by = 'order' } = {}) {
      const old = await master();
      if (by === 'kill') await old.kill();
      else if (by === 'pause') await old.pause();
      let ordered = -Infinity;
      await until(
        async () => {
          if (by === 'order' && performance.now() - ordered > ORDER_AGAIN_MS) {
            await order();
            ordered = performance.now();
          }
          return ![undefined, old.port].includes((await elected())?.port);
        },
        { what: 'the Sentinels have chosen another master', deadline: FAILOVER_MS, every: 50 },
      );
      await settled();
      return master();
    },
    settled,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
