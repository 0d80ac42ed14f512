import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import type { PostgresBroker } from '@parley/adapter-postgres/bus';
import { brokerLaws, busLaws } from '@parley/bus/conformance';
import { systemClock } from '@parley/cache-core/kernel';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { backends, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** How much later than it should a server may notice that time has passed. */
const toleranceMs = 500;

describe.each(Object.keys(backends))('the broker on %s keeps the law:', (name) => {
  let backend: Backend;
  let broker: PostgresBroker;
  let other: PostgresBroker;
  beforeAll(async () => {
    backend = await openBackend(name);
    broker = postgresBroker(backend.db, { heartbeat: '600ms' });
    other = postgresBroker(backend.other, { heartbeat: '600ms' });
  });
  afterAll(async () => {
    await Promise.all([broker.close(), other.close()]);
    await backend[Symbol.asyncDispose]();
  });

  test.each(brokerLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    await law.verify({ broker, other, advance: (ms) => sleep(ms), toleranceMs });
  });

  test.each(busLaws.map((law) => [law.name, law] as const))('as a bus: %s', async (_, law) => {
    await law.verify({ broker, other, clock: systemClock, advance: (ms) => sleep(ms), toleranceMs });
  });
});
