import { migrate } from '@parley/adapter-postgres';
import { limitStoreLaws, modelNumbers, modelStep, playModel } from '@parley/ratelimit/conformance';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { backends, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { emptyLimits, limitHarness } from '../support/ratelimit.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const step = fc
  .array(fc.nat(1_000), { minLength: modelNumbers, maxLength: modelNumbers })
  .map((numbers) => modelStep(numbers));

describe.each(Object.keys(backends))('limits on %s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test.each(limitStoreLaws.map((law) => [law.name, law] as const))('keep the law: %s', async (_, law) => {
    await emptyLimits(backend.db);
    await law.verify(limitHarness(backend));
  });

  test('are as the model of them while time really passes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
        await emptyLimits(backend.db);
        await playModel(limitHarness(backend), steps);
      }),
      // What fails here is made smaller where time is virtual: here each step takes its time.
      { numRuns: 8, endOnFailure: true },
    );
  });
});
