import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from './faults/proxy.ts';
import type { Random } from './random.ts';

export interface Mischief {
  /** Between the clients and the server: one for each. */
  readonly proxies: readonly FaultProxy[];
  readonly server: { pause(): Promise<unknown>; resume(): Promise<unknown> };
  readonly random: Random;
  /** Aborted when it is enough. */
  readonly until: AbortSignal;
  /** What else may be done, of which nothing may make the server forget. */
  readonly also?: readonly ((proxy: FaultProxy) => unknown)[];
}

/** One fault after another, until it is enough. Nothing that makes a server forget. All is well when it resolves. */
export async function misbehave({ proxies, server, random, until, also = [] }: Mischief): Promise<void> {
  const faults: readonly ((proxy: FaultProxy) => unknown)[] = [
    (proxy) => proxy.cut(),
    (proxy) =>
      proxy.dropReplies({ count: random.between(1, 3), afterwards: random.pick(['cut', 'silence']) }),
    (proxy) => proxy.blackHole(),
    (proxy) => proxy.delay(random.between(1, 100)),
    () => proxies.map((each) => each.cut()),
    async () => {
      await server.pause();
      await sleep(random.between(50, 900));
      await server.resume();
    },
    ...also,
  ];
  while (!until.aborted) {
    const proxy = proxies[random.between(0, proxies.length - 1)];
    if (proxy === undefined) throw new RangeError('misbehave: it needs a proxy');
    await faults[random.between(0, faults.length - 1)]?.(proxy);
    await sleep(random.between(20, 500));
    await Promise.all(proxies.map((each) => each.heal()));
    await sleep(random.between(20, 300));
  }
}
