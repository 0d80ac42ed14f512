import type { PostgresBroker } from '@parley/adapter-postgres/bus';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { busOn, job, longMs } from '../support/bus.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(['a server', 'PGlite in memory'])('queues on %s', (name) => {
  let backend: Backend;
  let broker: PostgresBroker;
  beforeAll(async () => {
    backend = await openBackend(name);
    broker = busOn(backend.db);
  });
  afterAll(async () => {
    await broker.close();
    await backend[Symbol.asyncDispose]();
  });

  const take = (queue: string, token: string, limit = 10) =>
    broker.jobs.take({ queue, limit, leaseMs: longMs, token, maxAttempts: 5 });

  test('a job that was sent again after it was done is not added again where it has a key', async () => {
    const sent = job('q:key', 'a', { once: { key: 'k', forMs: longMs } });
    await broker.jobs.add([sent]);
    await take('q:key', 'first');
    await broker.jobs.settle([{ queue: 'q:key', id: sent.id, token: 'first', outcome: 'done' }]);
    expect(await broker.jobs.add([{ ...sent, again: true }])).toEqual([{ id: sent.id, repeated: true }]);
    expect(await take('q:key', 'second')).toEqual([]);
  });

  test('of two jobs with one key in one call the first is added', async () => {
    const once = { key: 'k', forMs: longMs };
    const [a, b, c] = [job('q:twice', 'a', { once }), job('q:twice', 'b', { once }), job('q:twice', 'c')];
    expect(await broker.jobs.add([a, b, c])).toEqual([
      { id: a.id, repeated: false },
      { id: a.id, repeated: true },
      { id: c.id, repeated: false },
    ]);
    expect((await take('q:twice', 'twice')).map(({ body }) => body)).toEqual(['a', 'c']);
  });

  test('keys of any length tell jobs apart', async () => {
    const keys = ['k'.repeat(5_000), `${'k'.repeat(4_999)}l`, 'k'.repeat(5_000)];
    const added = await broker.jobs.add(
      keys.map((key) => job('q:long keys', key, { once: { key, forMs: longMs } })),
    );
    expect(added.map(({ repeated }) => repeated)).toEqual([false, false, true]);
  });

  test('a job that is named twice is settled once, as the first says', async () => {
    const sent = job('q:named twice', 'a');
    await broker.jobs.add([sent]);
    await take('q:named twice', 't');
    const lease = { queue: 'q:named twice', id: sent.id, token: 't' };
    expect(
      await broker.jobs.settle([
        { ...lease, outcome: 'dead', reason: 'r' },
        { ...lease, outcome: 'done' },
      ]),
    ).toEqual([true, false]);
    expect(await broker.jobs.dead('q:named twice', { limit: 10 })).toMatchObject([
      { id: sent.id, reason: 'r' },
    ]);
  });

  test('jobs of megabytes, more than a statement should carry, are added and come back', async () => {
    const bodies = ['a', 'b', 'c'].map((letter) => letter.repeat(7 * 1024 * 1024));
    await broker.jobs.add(bodies.map((body) => job('q:large', body)));
    const taken = await take('q:large', 'large');
    expect(taken.map(({ body }, i) => body === bodies[i])).toEqual([true, true, true]);
    const outcomes = taken.map(({ id }) => ({
      queue: 'q:large',
      id,
      token: 'large',
      outcome: 'done' as const,
    }));
    expect(await broker.jobs.settle(outcomes)).toEqual([true, true, true]);
  });
});

describe('queues of a server', () => {
  let backend: Backend;
  let broker: PostgresBroker;
  beforeAll(async () => {
    backend = await openBackend('a server');
    broker = busOn(backend.db);
  });
  afterAll(async () => {
    await broker.close();
    await backend[Symbol.asyncDispose]();
  });

  test('a taking that is repeated while the first is under way waits for it, and is given the same jobs', async () => {
    const { db } = backend;
    await broker.jobs.add(['a', 'b', 'c'].map((body) => job('q:same', body)));
    const session = await db.acquire();
    await session.query({ text: 'begin' });
    const first = await session.query({
      text: `select id from ${db.schema}.bus_take('q:same', 2, 60000, 'same', 5)`,
    });
    const again = broker.jobs.take({
      queue: 'q:same',
      limit: 2,
      leaseMs: longMs,
      token: 'same',
      maxAttempts: 5,
    });
    await session.query({ text: 'commit' });
    session.release();
    expect((await again).map(({ id }) => [id])).toEqual(first.rows);
    expect(await broker.jobs.counts('q:same')).toMatchObject({ ready: 1, taken: 2 });
  });

  test('batches of leases in any order never deadlock', async () => {
    const jobs = Array.from({ length: 40 }, (_, i) => job('q:crossing', `${i}`));
    await broker.jobs.add(jobs);
    await broker.jobs.take({ queue: 'q:crossing', limit: 40, leaseMs: longMs, token: 'c', maxAttempts: 5 });
    const leases = jobs.map(({ id }) => ({ queue: 'q:crossing', id, token: 'c' }));
    const rounds = Array.from({ length: 30 }, (_, i) =>
      broker.jobs.extend(i % 2 === 0 ? leases : leases.toReversed(), longMs),
    );
    const settled = broker.jobs.settle(
      leases.toReversed().map((lease) => ({ ...lease, outcome: 'done' as const })),
    );
    await Promise.all(rounds);
    expect((await settled).every(Boolean)).toBe(true);
  });

  test('a worker passes over what others are taking', async () => {
    const { db } = backend;
    await broker.jobs.add(['a', 'b'].map((body) => job('q:passing', body)));
    const session = await db.acquire();
    await session.query({ text: 'begin' });
    await session.query({ text: `select id from ${db.schema}.bus_take('q:passing', 1, 60000, 'one', 5)` });
    const taken = await broker.jobs.take({
      queue: 'q:passing',
      limit: 10,
      leaseMs: longMs,
      token: 'two',
      maxAttempts: 5,
    });
    expect(taken.map(({ body }) => body)).toEqual(['b']);
    await session.query({ text: 'rollback' });
    session.release();
    expect(await broker.jobs.counts('q:passing')).toMatchObject({ ready: 1, taken: 1 });
  });
});
