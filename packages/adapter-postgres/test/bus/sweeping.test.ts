import type { PostgresBroker } from '@parley/adapter-postgres/bus';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { busOn, entry, hear, job, longMs } from '../support/bus.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(['a server', 'PGlite in memory'])('housekeeping on %s', (name) => {
  let backend: Backend;
  const open: PostgresBroker[] = [];
  beforeAll(async () => {
    backend = await openBackend(name);
  });
  afterAll(async () => {
    await Promise.all(open.map((broker) => broker.close()));
    await backend[Symbol.asyncDispose]();
  });

  const begin = (...args: Parameters<typeof busOn>): PostgresBroker => {
    const broker = busOn(...args);
    open.push(broker);
    return broker;
  };
  const number = async (text: string): Promise<number> => {
    const { rows } = await backend.db.query({ text: text.replaceAll('parley.', `${backend.db.schema}.`) });
    return Number(rows[0]?.[0]);
  };

  test('is done by and by, by processes that write', async () => {
    const broker = begin(backend.db, { sweepEvery: '0.2s' });
    const keep = { count: 5, forMs: longMs };
    await broker.streams.append(Array.from({ length: 50 }, (_, i) => entry('t:by and by', `${i}`, { keep })));
    const rows = (): Promise<number> => number('select count(*) from parley.bus_records');
    await until(async () => (await rows()) === 5, { what: 'the log is trimmed' });
  });

  test('is claimed by one of several processes', async () => {
    const brokers = [begin(backend.db, { sweepEvery: '0.2s' }), begin(backend.other, { sweepEvery: '0.2s' })];
    for (const broker of brokers) await broker.streams.append([entry('t:claimed', 'a')]);
    const what = 'select count(*) from parley.bus_sweeps';
    await until(async () => (await number(what)) === 2, { what: 'both kinds have been claimed' });
    const days = "select extract(epoch from at) from parley.bus_sweeps where what = 'days'";
    const before = await number(days);
    const logs = "select extract(epoch from at) from parley.bus_sweeps where what = 'logs'";
    const first = await number(logs);
    await until(async () => (await number(logs)) > first, { what: 'it is done once more' });
    expect(await number(days)).toBe(before);
  });

  test('health tells of listeners, of the queue of notices and of what is there', async () => {
    const broker = begin(backend.db);
    await using heard = hear(broker);
    await heard.feed.join('channel', ['t:health', 't:more']);
    await broker.jobs.add([job('q:health', 'a')]);
    const health = await broker.health();
    expect(health).toMatchObject({ status: 'up', details: { listening: 1, joined: 2 } });
    expect(health.details?.['noticeQueue']).toBeLessThan(0.1);
    expect(health.details?.['days']).toBeGreaterThanOrEqual(3);
  });
});

test('an embedded database does not grow with jobs that are done', async () => {
  const backend = await openBackend('PGlite in memory');
  const broker = busOn(backend.db);
  try {
    const sizes: number[] = [];
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 10; i++) {
        await broker.jobs.add(Array.from({ length: 100 }, () => job('q:w', 'x'.repeat(100))));
        const token = `${round}-${i}`;
        const taken = await broker.jobs.take({
          queue: 'q:w',
          limit: 100,
          leaseMs: longMs,
          token,
          maxAttempts: 3,
        });
        await broker.jobs.settle(
          taken.map(({ id }) => ({ queue: 'q:w', id, token, outcome: 'done' as const })),
        );
      }
      await broker.sweep();
      const { rows } = await backend.db.query({ text: `select pg_total_relation_size('parley.bus_jobs')` });
      sizes.push(Number(rows[0]?.[0]));
    }
    expect(sizes.at(-1)).toBeLessThan(2 * (sizes[1] ?? 0));
  } finally {
    await broker.close();
    await backend[Symbol.asyncDispose]();
  }
});
