import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import {
  runBusChaos,
  startPostgres,
  startProxy,
  type Chaos,
  type ChaosContext,
  type FaultProxy,
  type PostgresServer,
  type Random,
} from '@parley/services';
import { openTrafficBus, publishWithinMs } from './traffic-bus.ts';

/** Two processes on one Postgres, each behind a proxy of its own, while Postgres and network misbehave. */
export const chaos: Chaos = { name: 'bus-postgres', run };

interface World {
  readonly server: PostgresServer;
  readonly proxies: readonly [FaultProxy, ...FaultProxy[]];
  down: boolean;
}

type Fault = (world: World, proxy: FaultProxy, random: Random) => unknown;

const faults: readonly [readonly [string, Fault], ...(readonly [string, Fault])[]] = [
  ['refuse and cut', (_, proxy) => (proxy.refuse(), proxy.cut())],
  ['cut', (_, proxy) => proxy.cut()],
  ['black hole', (_, proxy) => proxy.blackHole()],
  [
    'lost replies, then cut',
    (_, proxy, random) => void proxy.dropReplies({ count: random.between(1, 10), afterwards: 'cut' }),
  ],
  ['delay', (_, proxy, random) => proxy.delay(random.between(1, 200), 'both')],
  ['slices', (_, proxy, random) => proxy.slice(random.between(1, 64))],
  ['pause', ({ server }) => server.pause()],
  [
    'kill',
    (world) => {
      world.down = true;
      return world.server.kill();
    },
  ],
  [
    'immediate stop',
    (world) => {
      world.down = true;
      return world.server.stopImmediately();
    },
  ],
  ['restart', ({ server }) => server.restart({ data: 'keep' })],
  ['sessions ended', ({ server }) => server.terminateBackends({ query: 'parley' })],
  ['listeners ended', ({ server }) => server.terminateBackends({ applicationName: 'parley listener' })],
];

async function run(context: ChaosContext): Promise<void> {
  await using server = await startPostgres();
  await using one = await startProxy({ target: server });
  await using two = await startProxy({ target: server });
  const world: World = { server, proxies: [one, two], down: false };
  const databases = world.proxies.map(({ url }) => connectPostgres({ url, schema: 'chaos' }));
  const brokers = databases.map((db) => postgresBroker(db, { heartbeat: '500ms' }));
  const buses = brokers.map((broker, i) => openTrafficBus(`process ${i + 1}`, broker));
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
          if (world.down) await server.restart({ data: 'keep' });
          world.down = false;
          await Promise.all(world.proxies.map((proxy) => proxy.heal()));
        },
      },
      context,
    );
  } finally {
    await Promise.all(buses.map(({ bus }) => bus.close()));
    await Promise.all(brokers.map((broker) => broker.close()));
    await Promise.all(databases.map((db) => db.close()));
  }
}
