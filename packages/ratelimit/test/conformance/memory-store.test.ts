import { virtualClock } from '@parley/cache-core/kernel';
import { memoryLimitStore } from '@parley/ratelimit';
import { limitStoreLaws, modelNumbers, modelStep, playModel } from '@parley/ratelimit/conformance';
import fc from 'fast-check';
import { describe, test } from 'vitest';

const harness = () => {
  const clock = virtualClock();
  const store = memoryLimitStore({ clock });
  return { store, other: store, advance: (ms: number) => clock.advance(ms) };
};

describe('the memory store', () => {
  test.each(limitStoreLaws.map((law) => [law.name, law] as const))('%s', (_, law) => law.verify(harness()));

  test('answers as the functions of the rules do, whatever happens', async () => {
    const numbers = fc.array(fc.nat(1_000), { minLength: modelNumbers, maxLength: modelNumbers });
    await fc.assert(
      fc.asyncProperty(fc.array(numbers.map(modelStep), { minLength: 50, maxLength: 150 }), (steps) =>
        playModel(harness(), steps),
      ),
      { numRuns: 50 },
    );
  }, 60_000);
});
