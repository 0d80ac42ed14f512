import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { startPostgres, type Chaos, type ChaosContext, type PostgresServer } from '@parley/services';
import { down, runBehindProxies, type Fault } from './behind-proxies.ts';

/** Two processes on one Postgres. */
export const chaos: Chaos = { name: 'bus-postgres', run };

const faults: readonly (readonly [string, Fault<PostgresServer>])[] = [
  ['immediate stop', (server) => server.stopImmediately().then(() => down)],
  ['sessions ended', (server) => server.terminateBackends({ query: 'parley' })],
  ['listeners ended', (server) => server.terminateBackends({ applicationName: 'parley listener' })],
];

async function run(context: ChaosContext): Promise<void> {
  await using server = await startPostgres();
  await runBehindProxies(
    {
      server,
      faults,
      open: ({ url }) => {
        const db = connectPostgres({ url, schema: 'chaos' });
        const broker = postgresBroker(db, { heartbeat: '500ms' });
        return { broker, close: () => broker.close().then(() => db.close()) };
      },
    },
    context,
  );
}
