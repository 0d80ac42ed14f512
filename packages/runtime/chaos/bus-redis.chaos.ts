import { connectRedis } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import {
  runBusChaos,
  startProxy,
  startRedis,
  type Chaos,
  type ChaosContext,
  type FaultProxy,
  type Random,
  type RedisServer,
} from '@parley/services';
import { openTrafficBus, publishWithinMs } from './traffic-bus.ts';

/** Two processes on one Redis, each behind a proxy of its own, while Redis and network misbehave. */
export const chaos: Chaos = { name: 'bus-redis', run };

interface World {
  readonly server: RedisServer;
  readonly proxies: readonly [FaultProxy, ...FaultProxy[]];
}

type Fault = (world: World, proxy: FaultProxy, random: Random) => unknown;

const faults: readonly [readonly [string, Fault], ...(readonly [string, Fault])[]] = [
  ['refuse and cut', (_, proxy) => (proxy.refuse(), proxy.cut())],
  ['cut', (_, proxy) => proxy.cut()],
  ['black hole', (_, proxy) => proxy.blackHole()],
  [
    'lost replies, then cut',
    (_, proxy, random) => void proxy.dropReplies({ count: random.between(1, 20), afterwards: 'cut' }),
  ],
  ['lost replies', (_, proxy, random) => void proxy.dropReplies({ count: random.between(1, 20) })],
  ['delay', (_, proxy, random) => proxy.delay(random.between(1, 300), 'both')],
  ['slices', (_, proxy, random) => proxy.slice(random.between(1, 16))],
  ['pause', ({ server }) => server.pause()],
  ['kill', ({ server }) => server.kill()],
  ['restart', ({ server }) => server.restart({ data: 'keep' })],
  ['restart without data', ({ server }) => server.restart({ data: 'wipe' })],
  ['flush', ({ server }) => server.command('FLUSHALL')],
  ['scripts gone', ({ server }) => server.command('SCRIPT', 'FLUSH')],
  ['subscribers cut', ({ server }) => server.killClients('pubsub')],
];

async function run(context: ChaosContext): Promise<void> {
  await using server = await startRedis({ config: { appendonly: 'yes', appendfsync: 'always' } });
  await using one = await startProxy({ target: server });
  await using two = await startProxy({ target: server });
  const world: World = { server, proxies: [one, two] };
  const connections = world.proxies.map(({ host, port }) => connectRedis({ mode: 'standalone', host, port }));
  const buses = connections.map((connection, i) =>
    openTrafficBus(`process ${i + 1}`, redisBroker(connection)),
  );
  try {
    await runBusChaos(
      {
        buses: buses.map(({ traffic }) => traffic),
        channels: ['a', 'b', 'c'],
        settleWithinMs: publishWithinMs + 2_000,
        async break(random) {
          const [name, fault] = random.pick(faults);
          await fault(world, random.pick(world.proxies), random);
          return name;
        },
        async heal() {
          await server.resume();
          if (!server.serving()) await server.restart({ data: 'keep' });
          await Promise.all(world.proxies.map((proxy) => proxy.heal()));
        },
      },
      context,
    );
  } finally {
    await Promise.all(buses.map(({ bus }) => bus.close()));
    await Promise.all(connections.map((connection) => connection.close()));
  }
}
