import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { connectRedis, type RedisConfig } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import type { Broker } from '@parley/bus';
import type { CacheStore } from '@parley/cache-core';
import {
  partitionHost,
  startPartition,
  startPostgres,
  startRedis,
  startRedisCluster,
  type Partition,
} from '@parley/services';

/** As the servers see it, a process of its own. */
interface Member extends AsyncDisposable {
  readonly broker: Broker;
  readonly store: CacheStore;
}

/** Servers of their own, that some reach at an address which is cut off, and others at one which is not. */
export interface PartedBackend extends AsyncDisposable {
  readonly open: (side: 'cut' | 'safe') => Member;
  /** Cuts off one of the servers: in Cluster one master, which is well as the others see it. */
  readonly part: () => Promise<Partition>;
  /** Whether the server that will be cut off has this entry of a cache. */
  readonly hasEntry: (key: string) => Promise<boolean>;
  /** Whether it has this log, to which something was appended. */
  readonly hasLog: (channel: string) => Promise<boolean>;
}

const bothHosts = ['127.0.0.1', partitionHost] as const;
const hostOf = (side: 'cut' | 'safe'): string => (side === 'cut' ? partitionHost : '127.0.0.1');

/** Found by its probes sooner than by default, so that a test is. */
const probeEveryMs = 1_000;

function redisMember(config: RedisConfig): Member {
  const connection = connectRedis({ ...config, connectTimeout: '2s' });
  return {
    broker: redisBroker(connection, { probeEveryMs }),
    store: redisCacheStore(connection),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

async function openRedis(): Promise<PartedBackend> {
  const server = await startRedis({ config: { bind: bothHosts.join(' ') } });
  const { port } = server;
  return {
    open: (side) => redisMember({ mode: 'standalone', host: hostOf(side), port }),
    part: () => startPartition({ host: partitionHost, port }),
    hasEntry: () => Promise.resolve(true),
    hasLog: () => Promise.resolve(true),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

async function openCluster(): Promise<PartedBackend> {
  // A machine that is busy must not bring a failover about.
  const cluster = await startRedisCluster({ nodeTimeout: 15_000, config: { bind: bothHosts.join(' ') } });
  const [master] = await cluster.masters();
  if (master === undefined) throw new Error('a cluster must have a master');
  const ports = cluster.nodes.map(({ server }) => server.port);
  const natMap = Object.fromEntries(
    ports.map((port) => [`127.0.0.1:${port}`, { host: partitionHost, port }]),
  );
  return {
    open: (side) => {
      const nodes = ports.map((port) => ({ host: hostOf(side), port }));
      return redisMember({ mode: 'cluster', nodes, ...(side === 'cut' && { natMap }) });
    },
    part: () => startPartition({ host: partitionHost, port: master.server.port }),
    hasEntry: async (key) => (await cluster.ownerOf(`parley:cache:{cache:${key}}`)).id === master.id,
    async hasLog(channel) {
      const found = await master.server.command('KEYS', `parley:log:*:${channel}`);
      return Array.isArray(found) && found.length > 0;
    },
    [Symbol.asyncDispose]: () => cluster.stop(),
  };
}

async function openPostgres(): Promise<PartedBackend> {
  const server = await startPostgres({ settings: { listen_addresses: bothHosts.join(',') } });
  return {
    open: (side) => {
      const url = Object.assign(new URL(server.url), { hostname: hostOf(side) }).href;
      const db = connectPostgres({ url, connectTimeout: '2s', queryTimeout: '2s' });
      const broker = postgresBroker(db, { heartbeat: '1s' });
      const store = postgresCacheStore(db);
      return {
        broker,
        store,
        async [Symbol.asyncDispose]() {
          await Promise.all([broker.close(), store.close()]);
          await db.close();
        },
      };
    },
    part: () => startPartition({ host: partitionHost, port: server.port }),
    hasEntry: () => Promise.resolve(true),
    hasLog: () => Promise.resolve(true),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

export const partedBackends: Readonly<Record<string, () => Promise<PartedBackend>>> = {
  Redis: openRedis,
  'one master of a Redis Cluster': openCluster,
  Postgres: openPostgres,
};
