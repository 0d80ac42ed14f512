import { setTimeout as sleep } from 'node:timers/promises';
import type { Chaos, ChaosContext } from '../src/chaos.ts';
import { startProxy } from '../src/faults/proxy.ts';
import { seededRandom } from '../src/random.ts';
import { startRedis, type RedisServer } from '../src/redis.ts';
import { healAll, injectFaults, type RedisWorld } from './redis-faults.ts';
import { RedisLedger, type RedisState } from './redis-ledger.ts';
import { RedisLoad } from './redis-load.ts';

/**
 * ioredis clients work through a proxy on a Redis that keeps a log, while both misbehave at random. Every command settles by its deadline, an
 * increment is counted at most once and never lost once acknowledged, a message arrives at most once, and after every fault all
 * clients work again by themselves.
 */
export const chaos: Chaos = { name: 'proxy-redis', run };

async function run({ seed, minutes, signal, log }: ChaosContext): Promise<void> {
  const random = seededRandom(seed);
  const ledger = new RedisLedger();
  await using server = await startRedis({ config: { appendonly: 'yes' } });
  await using proxy = await startProxy({ target: server });
  const load = new RedisLoad(proxy.url, ledger, random.fork());
  try {
    await load.start();
    const rounds = await misbehave({ server, proxy, ledger }, load, { seed, minutes, signal, log });
    await load.stop();
    load.check();
    await ledger.settle(stateOf(server));
    log(`${rounds} faults; ${ledger.summary()}`);
  } finally {
    await load.stop();
  }
}

async function misbehave(
  world: RedisWorld,
  load: RedisLoad,
  { seed, minutes, signal, log }: ChaosContext,
): Promise<number> {
  const random = seededRandom(seed);
  const end = performance.now() + minutes * 60_000;
  for (let round = 1; ; round += 1) {
    const faults = await injectFaults(world, random);
    // Now and then longer than any deadline of a client.
    const held = random.chance(0.15) ? random.between(1500, 2500) : random.between(20, 600);
    log(`${round}. ${faults}, for ${held} ms`);
    await sleep(held);
    await healAll(world);
    await load.recovered(faults);
    if (signal.aborted || performance.now() >= end) return round;
    await sleep(random.between(0, 200));
  }
}

/** Read past the proxy, when all faults are over. */
function stateOf(server: RedisServer): RedisState {
  return {
    counter: async (key) => Number(await server.command('GET', key)),
    async marks(key) {
      const flat = await server.command('HGETALL', key);
      if (!Array.isArray(flat)) throw new TypeError(`HGETALL answered ${typeof flat}`);
      const entries = flat.flatMap((name: unknown, index) =>
        index % 2 === 0 ? [[String(name), String(flat[index + 1])]] : [],
      );
      return Object.fromEntries(entries);
    },
  };
}
