import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '@parley/adapter-postgres';
import { postgresSessionStore } from '@parley/adapter-postgres/session';
import { sessionStoreLaws } from '@parley/cache-core/session/conformance';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { backends, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.each(Object.keys(backends))('sessions on %s keep the law:', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test.each(sessionStoreLaws.map((law) => [law.name, law] as const))('%s', (_, law) =>
    law.verify({
      store: postgresSessionStore(backend.db),
      other: postgresSessionStore(backend.other),
      advance: (ms) => sleep(ms),
      toleranceMs: 50,
    }),
  );
});
