import { connectRedis } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { startRedis, type Chaos, type ChaosContext, type RedisServer } from '@parley/services';
import { runBehindProxies, type Fault } from './behind-proxies.ts';

/** Two processes on one Redis. */
export const chaos: Chaos = { name: 'bus-redis', run };

const faults: readonly (readonly [string, Fault<RedisServer>])[] = [
  ['lost replies', (_, proxy, random) => void proxy.dropReplies({ count: random.between(1, 20) })],
  ['restart without data', (server) => server.restart({ data: 'wipe' })],
  ['flush', (server) => server.command('FLUSHALL')],
  ['scripts gone', (server) => server.command('SCRIPT', 'FLUSH')],
  ['subscribers cut', (server) => server.killClients('pubsub')],
];

async function run(context: ChaosContext): Promise<void> {
  await using server = await startRedis({ config: { appendonly: 'yes', appendfsync: 'always' } });
  await runBehindProxies(
    {
      server,
      faults,
      open: ({ host, port }) => {
        const connection = connectRedis({ mode: 'standalone', host, port });
        return { broker: redisBroker(connection), close: () => connection.close() };
      },
    },
    context,
  );
}
