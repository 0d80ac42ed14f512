import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { systemClock } from '@parley/cache-core/kernel';
import {
  limitStoreLaws,
  modelNumbers,
  modelStep,
  playModel,
  type LimitHarness,
} from '@parley/ratelimit/conformance';
import fc from 'fast-check';
import { describe, it, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';
import { twoConnections } from '../support/two-connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(kinds))('on %s', (_, configure) => {
  const two = twoConnections(configure);

  const harness = (): LimitHarness => {
    const prefix = two.nextPrefix();
    return {
      store: redisLimitStore(two.first, { prefix }),
      other: redisLimitStore(two.second, { prefix }),
      advance: (ms) => systemClock.sleep(ms),
    };
  };

  it.concurrent.each(limitStoreLaws.map((law) => [law.name, law] as const))('%s', async (_name, law) => {
    await law.verify(harness());
  });

  it('answers as the functions of the rules do, whatever happens', async () => {
    const numbers = fc.array(fc.nat(1_000), { minLength: modelNumbers, maxLength: modelNumbers });
    await fc.assert(
      fc.asyncProperty(fc.array(numbers.map(modelStep), { minLength: 40, maxLength: 80 }), (steps) =>
        playModel(harness(), steps),
      ),
      // What fails here is made smaller over the memory store, or by hand: here each step takes its time.
      { numRuns: 8, endOnFailure: true },
    );
  });
});
