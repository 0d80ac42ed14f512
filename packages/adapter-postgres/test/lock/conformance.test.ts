import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '@parley/adapter-postgres';
import { postgresLockStore } from '@parley/adapter-postgres/lock';
import { lockStoreLaws } from '@parley/cache-core/lock/conformance';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { backends, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const claimMs = 1_500;

describe.each(Object.keys(backends))('locks on %s keep the law:', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test.each(lockStoreLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    await law.verify({
      store: postgresLockStore(backend.db, { claimMs }),
      other: postgresLockStore(backend.other, { claimMs }),
      advance: (ms) => sleep(ms),
      toleranceMs: 250,
      claimMs,
    });
  });
});
