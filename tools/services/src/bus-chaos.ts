import { setTimeout as sleep } from 'node:timers/promises';
import { BusTraffic, type TrafficBus } from './bus-traffic.ts';
import type { ChaosContext } from './chaos.ts';
import { seededRandom, type Random } from './random.ts';

export interface BusChaosWorld {
  /** One for each process that takes part. */
  readonly buses: readonly TrafficBus[];
  readonly channels: readonly string[];
  /** Breaks something; answers with what. */
  readonly break: (random: Random) => Promise<string>;
  /** Ends everything that was broken. */
  readonly heal: () => Promise<void>;
  /** By when a publication must have settled, whatever happens. */
  readonly settleWithinMs: number;
}

/**
 * Traffic over a bus while things break at random: nothing is lost without a gap, nothing comes twice or out of order, every publication
 * settles in time, and after every fault traffic flows again by itself.
 */
export async function runBusChaos(
  world: BusChaosWorld,
  { seed, minutes, signal, log }: ChaosContext,
): Promise<void> {
  const random = seededRandom(seed);
  const { buses, channels, settleWithinMs } = world;
  const traffic = new BusTraffic({ buses, channels, random: random.fork(), settleWithinMs });
  try {
    await traffic.start();
    const end = performance.now() + minutes * 60_000;
    for (let round = 1; !signal.aborted && performance.now() < end; round += 1) {
      const what = await world.break(random);
      // Now and then longer than any deadline.
      const heldMs = random.chance(0.15) ? random.between(2_500, 6_000) : random.between(20, 1_000);
      log(`${round}. ${what}, for ${heldMs} ms`);
      await sleep(heldMs);
      await world.heal();
      await traffic.recovered(what);
    }
  } finally {
    await world.heal();
    await traffic.stop();
  }
  await traffic.settle();
  log(traffic.summary);
}
