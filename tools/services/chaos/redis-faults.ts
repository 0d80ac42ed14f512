import type { FaultProxy } from '../src/faults/proxy.ts';
import type { Random } from '../src/random.ts';
import type { RedisServer } from '../src/redis.ts';
import type { RedisLedger } from './redis-ledger.ts';

/** What the faults are done to. */
export interface RedisWorld {
  readonly server: RedisServer;
  readonly proxy: FaultProxy;
  readonly ledger: RedisLedger;
}

type Fault = (world: RedisWorld, random: Random) => Promise<unknown> | void;
type Faults = readonly [readonly [string, Fault], ...(readonly [string, Fault])[]];

const NETWORK: Faults = [
  ['refuse', ({ proxy }) => proxy.refuse()],
  [
    'down',
    ({ proxy }) => {
      proxy.refuse();
      proxy.cut();
    },
  ],
  ['black hole', ({ proxy }) => proxy.blackHole()],
  ['no replies', ({ proxy }) => void proxy.dropReplies()],
  [
    'lost replies, cut',
    ({ proxy }, random) => void proxy.dropReplies({ count: random.between(1, 5), afterwards: 'cut' }),
  ],
  ['lost replies, silence', ({ proxy }, random) => void proxy.dropReplies({ count: random.between(1, 5) })],
  ['cut', ({ proxy }) => proxy.cut()],
  [
    'delay',
    ({ proxy }, random) => proxy.delay(random.between(1, 400), random.pick(['requests', 'replies', 'both'])),
  ],
  ['slice', ({ proxy }, random) => proxy.slice(random.between(1, 16))],
];

const SERVER: Faults = [
  ['pause', ({ server }) => server.pause()],
  ['kill', ({ server }) => server.kill()],
  ['restart', ({ server }) => server.restart({ data: 'keep' })],
  ['cut subscribers', ({ server }) => server.killClients('pubsub')],
  ['wipe', ({ server, ledger }) => ledger.whileWiping(() => server.restart({ data: 'wipe' }))],
];

/** Injects a fault of the network, of the server, or one of each; answers with their names. */
export async function injectFaults(world: RedisWorld, random: Random): Promise<string> {
  const kinds = random.pick([[NETWORK], [NETWORK], [SERVER], [SERVER, NETWORK]]);
  const names: string[] = [];
  for (const kind of kinds) {
    const [name, fault] = random.pick(kind);
    await fault(world, random);
    names.push(name);
  }
  return names.join(' + ');
}

/** Ends all faults: the server runs and nothing stands between it and its clients. */
export async function healAll({ server, proxy }: RedisWorld): Promise<void> {
  await server.resume();
  if (!server.serving()) await server.restart({ data: 'keep' });
  await proxy.heal();
}
