import { migrate } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import type { PostgresCacheStoreOptions } from '@parley/adapter-postgres/cache';
import type { Database } from '@parley/adapter-postgres';
import { busInvalidation, createBus } from '@parley/bus';
import type { CacheStore } from '@parley/cache-core';
import { cacheLaws, cacheStoreLaws } from '@parley/cache-core/conformance';
import { systemClock } from '@parley/cache-core/kernel';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { backends, empty, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';

const variants: [string, keyof typeof backends, PostgresCacheStoreOptions][] = [
  ...Object.keys(backends).map((name): [string, string, object] => [name, name, {}]),
  ['a server, in logged tables', 'a server', { logged: true }],
];

/** Embedded, the two processes of a law are two caches of one. */
const asShared = (store: CacheStore): CacheStore => ({
  ...store,
  capabilities: { ...store.capabilities, shared: true },
});

describe.each(variants)('on %s', (_, name, options) => {
  let backend: Backend;
  const time = { advance: (ms: number) => systemClock.sleep(ms), toleranceMs: 50 };
  const store = (db: Database) => postgresCacheStore(db, options);

  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  it.each(cacheStoreLaws.map((law) => [law.name, law] as const))('the store: %s', async (_name, law) => {
    await empty(backend.db);
    await using first = store(backend.db);
    await using second = store(backend.other);
    await law.verify({ store: first, other: second, ...time });
  });

  it.each(cacheLaws.map((law) => [law.name, law] as const))('a cache: %s', async (_name, law) => {
    await empty(backend.db);
    await using first = store(backend.db);
    await using second = store(backend.other);
    await using broker = postgresBroker(backend.db);
    await using other = postgresBroker(backend.other);
    await using one = createBus({ broker });
    await using two = createBus({ broker: other });
    await law.verify({
      first: { store: asShared(first), invalidation: busInvalidation(one) },
      second: { store: asShared(second), invalidation: busInvalidation(two) },
      clock: systemClock,
      ...time,
    });
  });
});
