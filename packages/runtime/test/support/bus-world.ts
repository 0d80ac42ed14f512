import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { connectRedis } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { startPostgres, startProxy, startRedis, type FaultProxy } from '@parley/services';

/** A broker on a server of its own, reached over a proxy. */
export interface BusWorld extends AsyncDisposable {
  readonly broker: Broker;
  readonly proxy: FaultProxy;
  /** Ends the connections that listen, and no other. */
  readonly endListeners: () => Promise<unknown>;
  /** The server dies, and comes back with what it had written to its disk, or with nothing. */
  readonly crash: (data: 'keep' | 'wipe') => Promise<void>;
}

export const busWorlds = { redis: openRedis, postgres: openPostgres };

async function openRedis(): Promise<BusWorld> {
  const server = await startRedis({ config: { appendonly: 'yes', appendfsync: 'always' } });
  const proxy = await startProxy({ target: server });
  // Patient, so that a hung server is found by the probes.
  const responseTimeout = '30s';
  const { host, port } = proxy;
  const connection = connectRedis({ mode: 'standalone', host, port, responseTimeout });
  return {
    broker: redisBroker(connection, { probeEveryMs: 1_500 }),
    proxy,
    endListeners: () => server.killClients('pubsub'),
    crash: (data) => server.kill().then(() => server.restart({ data })),
    async [Symbol.asyncDispose]() {
      await connection.close(500);
      await proxy.close();
      await server.stop();
    },
  };
}

async function openPostgres(): Promise<BusWorld> {
  const server = await startPostgres();
  const proxy = await startProxy({ target: server });
  const db = connectPostgres({ url: proxy.url, queryTimeout: '30s' });
  const broker = postgresBroker(db, { heartbeat: '1500ms' });
  return {
    broker,
    proxy,
    endListeners: () => server.terminateBackends({ applicationName: 'parley listener' }),
    crash: (data) => server.kill().then(() => server.restart({ data })),
    async [Symbol.asyncDispose]() {
      await broker.close();
      await db.close();
      await proxy.close();
      await server.stop();
    },
  };
}
