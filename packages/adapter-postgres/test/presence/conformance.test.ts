import { migrate } from '@parley/adapter-postgres';
import { presenceStoreLaws } from '@parley/presence/conformance';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { backends, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { emptyPresence, presenceHarness } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** How much later than it should a test may notice that time has passed. */
const toleranceMs = 250;

// What needs a server of its own is in `away.test.ts`.
const laws = presenceStoreLaws.filter(({ needs }) => needs === undefined || needs === 'lose');

describe.each(Object.keys(backends))('presence on %s keeps the law:', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test.each(laws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    await emptyPresence(backend.db);
    await law.verify(presenceHarness(backend, toleranceMs));
  });
});
