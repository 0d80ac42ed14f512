import { migrate } from '@parley/adapter-postgres';
import { modelNumbers, modelStep, playModel } from '@parley/presence/conformance';
import type { ModelStep } from '@parley/presence/conformance';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { emptyPresence, presenceHarness } from '../support/presence.ts';

const step = fc
  .array(fc.nat(1_000), { minLength: modelNumbers, maxLength: modelNumbers })
  .map((numbers): ModelStep => modelStep(numbers));

describe.each(['a server', 'PGlite in memory'])('presence on %s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test('is as the model of it, whatever happens', async () => {
    const seed = Date.now() % 2 ** 31;
    process.stdout.write(`presence model on ${name}: seed ${seed}\n`);
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 150, maxLength: 200 }), async (some) => {
        await emptyPresence(backend.db);
        steps += some.length;
        await playModel(presenceHarness(backend, 3), some);
      }),
      { numRuns: 40, seed },
    );
    process.stdout.write(`presence model on ${name}: ${steps} steps\n`);
  }, 600_000);
});
