import { migrate } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { memoryCacheStore } from '@parley/cache-core';
import type { CacheStore } from '@parley/cache-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { empty, openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';

/** One call of the port, and what it must come to whatever the store. Times are long enough not to matter. */
type Step = (store: CacheStore) => Promise<unknown>;

const longMs = 600_000;
const key = fc.constantFrom('a', 'b', 'c', '%_*', '__proto__');
const token = fc.constantFrom('t1', 't2');
const version = fc.integer({ min: 1, max: 4 });
const record = fc.record({
  key,
  version,
  bytes: fc.uint8Array({ maxLength: 8 }),
  freshMs: fc.constantFrom(longMs, 0, -longMs),
  keepMs: fc.constant(longMs),
});
const some = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 4 });

const seen = (found: Awaited<ReturnType<CacheStore['read']>>[number]): unknown =>
  found && [Buffer.from(found.bytes).toString('hex'), found.version, freshness(found.freshForMs)];

/** Of lengths that are minutes apart, whatever the machine was doing meanwhile. */
const freshness = (ms: number): string => (Math.abs(ms) < 60_000 ? 'at its end' : ms > 0 ? 'fresh' : 'stale');

const step: fc.Arbitrary<[name: string, step: Step]> = fc.oneof(
  some(key).map((keys): [string, Step] => [
    `read ${keys.join(' ')}`,
    async (store) => (await store.read(keys)).map(seen),
  ]),
  some(record).map((records): [string, Step] => [
    `write ${records.map((r) => `${r.key}:${r.version}`).join(' ')}`,
    (store) => store.write(records),
  ]),
  some(key).map((keys): [string, Step] => [`remove ${keys.join(' ')}`, (store) => store.remove(keys)]),
  some(record).map((records): [string, Step] => [
    `touch ${records.map((r) => r.key).join(' ')}`,
    (store) => store.touch(records),
  ]),
  some(fc.record({ key, token, seen: fc.option(version, { nil: undefined }) })).map(
    (requests): [string, Step] => [
      `lease ${requests.map((r) => `${r.key}:${r.token}:${r.seen}`).join(' ')}`,
      async (store) =>
        (await store.lease(requests.map((request) => ({ ...request, ttlMs: longMs })))).map((reply) =>
          reply.state === 'changed' ? [reply.state, seen(reply.record)] : reply.state,
        ),
    ],
  ),
  some(fc.tuple(record, token)).map((fills): [string, Step] => [
    `fill ${fills.map(([r, t]) => `${r.key}:${t}`).join(' ')}`,
    (store) => store.fill(fills.map(([one, token]) => ({ ...one, token }))),
  ]),
  some(fc.record({ key, token })).map((leases): [string, Step] => [
    `release ${leases.map((r) => `${r.key}:${r.token}`).join(' ')}`,
    (store) => store.release(leases),
  ]),
  some(key).map((guards): [string, Step] => [
    `epochs of ${guards.join(' ')}`,
    async (store) => (await store.epochs(guards)).map((epoch) => epoch !== undefined && epoch % 2),
  ]),
  some(key).map((guards): [string, Step] => [
    `make ${guards.join(' ')}`,
    async (store) =>
      (await store.epochs(guards, { keepMs: longMs })).map((epoch) => epoch !== undefined && epoch % 2),
  ]),
  some(key).map((guards): [string, Step] => [
    `bump ${guards.join(' ')}`,
    async (store) => (await store.bump(guards, { keepMs: longMs })).map((epoch) => epoch % 2),
  ]),
);

describe.each([
  ['a server', 60],
  ['PGlite in memory', 40],
])('on %s', (name, numRuns) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
    await migrate(backend.db);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test('any sequence of calls comes to the same as on the store in memory', async () => {
    await using store = postgresCacheStore(backend.db);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await empty(backend.db);
        const model = memoryCacheStore();
        for (const [what, call] of steps)
          expect([what, await call(store)]).toEqual([what, await call(model)]);
      }),
      { numRuns },
    );
  }, 120_000);
});
