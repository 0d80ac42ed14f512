import { memoryPresenceStore } from '@parley/presence';
import { modelNumbers, modelStep, playModel, type ModelStep } from '@parley/presence/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import fc from 'fast-check';
import { test } from 'vitest';

const step = fc
  .array(fc.nat(1_000), { minLength: modelNumbers, maxLength: modelNumbers })
  .map((numbers): ModelStep => modelStep(numbers));

test('the memory store is as the model of it, whatever happens', async () => {
  const seed = Date.now() % 2 ** 31;
  process.stdout.write(`presence model: seed ${seed}\n`);
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 100, maxLength: 200 }), async (some) => {
      const clock = virtualClock();
      const store = memoryPresenceStore({ clock });
      steps += some.length;
      await playModel(
        {
          store,
          other: store,
          advance: (ms) => clock.advance(ms),
          toleranceMs: 0,
          lose: async () => store.forget(),
        },
        some,
      );
    }),
    { numRuns: 100, seed },
  );
  process.stdout.write(`presence model: ${steps} steps\n`);
}, 60_000);
