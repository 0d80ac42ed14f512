import type { Broker } from '@parley/bus';
import {
  runBusChaos,
  startProxy,
  type ChaosContext,
  type FaultProxy,
  type Random,
  type Server,
} from '@parley/services';
import { openTrafficBus, publishWithinMs } from './traffic-bus.ts';

/** Returned by a fault after which the server does not run. */
export const down = Symbol('down');

/** @param proxy of one of the two processes */
export type Fault<S> = (server: S, proxy: FaultProxy, random: Random) => unknown;

export interface ProxiedChaos<S extends Server> {
  readonly server: S;
  readonly open: (proxy: FaultProxy) => { readonly broker: Broker; readonly close: () => Promise<unknown> };
  /** Beside those of the network, and a server that hangs, dies or starts again. */
  readonly faults: readonly (readonly [string, Fault<S>])[];
}

const common: readonly [readonly [string, Fault<Server>], ...(readonly [string, Fault<Server>])[]] = [
  ['refuse and cut', (_, proxy) => (proxy.refuse(), proxy.cut())],
  ['cut', (_, proxy) => proxy.cut()],
  ['black hole', (_, proxy) => proxy.blackHole()],
  [
    'lost replies, then cut',
    (_, proxy, random) => void proxy.dropReplies({ count: random.between(1, 20), afterwards: 'cut' }),
  ],
  ['delay', (_, proxy, random) => proxy.delay(random.between(1, 300), 'both')],
  ['slices', (_, proxy, random) => proxy.slice(random.between(1, 64))],
  ['pause', (server) => server.pause()],
  ['kill', (server) => server.kill().then(() => down)],
  ['restart', (server) => server.restart({ data: 'keep' })],
];

/** Two processes on one server, each behind a proxy of its own, while server and network misbehave. */
export async function runBehindProxies<S extends Server>(
  { server, open, faults }: ProxiedChaos<S>,
  context: ChaosContext,
): Promise<void> {
  await using one = await startProxy({ target: server });
  await using two = await startProxy({ target: server });
  const proxies = [one, two] as const;
  const opened = proxies.map(open);
  const buses = opened.map(({ broker }, i) => openTrafficBus(`process ${i + 1}`, broker));
  let isDown = false;
  try {
    await runBusChaos(
      {
        buses: buses.map(({ traffic }) => traffic),
        channels: ['a', 'b', 'c'],
        settleWithinMs: publishWithinMs + 2_000,
        async break(random) {
          const [name, fault] = random.pick([...common, ...faults]);
          isDown = (await fault(server, random.pick(proxies), random)) === down;
          return name;
        },
        async heal() {
          await server.resume();
          if (isDown) await server.restart({ data: 'keep' });
          isDown = false;
          await Promise.all(proxies.map((proxy) => proxy.heal()));
        },
      },
      context,
    );
  } finally {
    await Promise.all(buses.map(({ bus }) => bus.close()));
    await Promise.all(opened.map(({ close }) => close()));
  }
}
