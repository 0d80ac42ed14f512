import { memoryBroker } from '@parley/bus';
import { busLaws } from '@parley/bus/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, test } from 'vitest';

describe('buses over the memory broker', () => {
  test.each(busLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    const clock = virtualClock();
    const broker = memoryBroker({ clock });
    await law.verify({ broker, other: broker, clock, advance: (ms) => clock.advance(ms), toleranceMs: 0 });
  });
});
