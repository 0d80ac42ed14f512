import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker, NewJob, TakenJob, TakeRequest } from '@parley/bus';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedis, until, type FaultProxy, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Hearer } from '../support/bus.ts';
import { connect, failure, standalone } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

let server: RedisServer;
let proxy: FaultProxy;
let broker: Broker;
let queue: string;
let numbers = 0;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startProxy({ target: server });
});
afterAll(() => Promise.all([proxy.close(), server.stop()]));

beforeEach(() => {
  numbers += 1;
  queue = `work:${numbers}`;
  broker = redisBroker(connect(standalone(proxy)));
});

const job = (id: string, more: Partial<NewJob> = {}): NewJob => ({
  queue,
  id,
  body: `body of ${id}`,
  delayMs: 0,
  ...more,
});

const take = (token: string, more: Partial<TakeRequest> = {}): Promise<readonly TakenJob[]> =>
  broker.jobs.take({ queue, limit: 10, leaseMs: 60_000, maxAttempts: 3, token, ...more });

const keysOfQueue = async (): Promise<string[]> =>
  String(await server.command('KEYS', `parley:jobs:{${queue}}:*`))
    .split(',')
    .filter(Boolean);

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `j${i}`);

describe('a reply that was lost', () => {
  test('of adding: the job is there once', async () => {
    // So that the server knows the script.
    await broker.jobs.add([{ ...job('before'), queue: 'elsewhere' }]);
    proxy.dropNextReply((request) => request.includes('body of j0'));
    expect(isParleyError(await failure(broker.jobs.add([job('j0')])), 'STORE_UNAVAILABLE')).toBe(true);
    const again = await until(
      () => broker.jobs.add([job('j0', { again: true }), job('j1', { again: true })]),
      {
        what: 'the connection is back',
      },
    );
    expect(again).toEqual([
      { id: 'j0', repeated: true },
      { id: 'j1', repeated: false },
    ]);
    expect((await take('t')).map(({ id }) => id)).toEqual(['j0', 'j1']);
  });

  test('of taking: whoever asks again with the token is given the same jobs', async () => {
    await broker.jobs.add(numbered(30).map((id) => job(id)));
    await take('elsewhere', { queue: 'elsewhere' });
    proxy.dropNextReply((request) => request.includes('my-token'));
    expect(isParleyError(await failure(take('my-token')), 'STORE_UNAVAILABLE')).toBe(true);
    const again = await until(() => take('my-token'), { what: 'the connection is back' });
    expect(again.map(({ id, attempt }) => [id, attempt])).toEqual(numbered(10).map((id) => [id, 1]));
    expect((await take('another')).map(({ id }) => id)).toEqual(numbered(20).slice(10));
    const [first] = again;
    await broker.jobs.settle([{ queue, id: first?.id ?? '', token: 'my-token', outcome: 'done' }]);
    expect((await take('my-token')).map(({ id }) => id)).toEqual(numbered(10).slice(1));
  });
});

describe('what stays', () => {
  test('is nothing when all jobs are done', async () => {
    await broker.jobs.add(numbered(5).map((id) => job(id)));
    const taken = await take('t');
    await broker.jobs.settle(taken.map(({ id }) => ({ queue, id, token: 't', outcome: 'done' })));
    const left = await keysOfQueue();
    expect(left).toEqual([`parley:jobs:{${queue}}:taken:t`]);
    expect(Number(await server.command('PTTL', left[0] ?? ''))).toBeGreaterThan(0);
  });

  test('is nothing of dead ones that are discarded', async () => {
    await broker.jobs.add(numbered(600).map((id) => job(id)));
    for (let taken = await take('t0', { limit: 200 }), i = 1; taken.length > 0; i++) {
      const token = `t${i - 1}`;
      await broker.jobs.settle(taken.map(({ id }) => ({ queue, id, token, outcome: 'dead', reason: 'r' })));
      taken = await take(`t${i}`, { limit: 200 });
    }
    expect(await broker.jobs.counts(queue)).toMatchObject({ ready: 0, taken: 0, dead: 600 });
    expect(await broker.jobs.redrive(queue, { limit: 550 })).toBe(550);
    expect(await broker.jobs.discard(queue, { limit: 1_000 })).toBe(50);
    expect(await broker.jobs.counts(queue)).toMatchObject({ ready: 550, taken: 0, dead: 0 });
  });

  test('is no half of a job that was evicted', async () => {
    await broker.jobs.add(numbered(3).map((id) => job(id)));
    await server.command('HDEL', `parley:jobs:{${queue}}:bodies`, 'j0');
    await server.command('HDEL', `parley:jobs:{${queue}}:state`, 'j1');
    expect((await take('t')).map(({ id }) => id)).toEqual(['j2']);
    expect(await broker.jobs.counts(queue)).toMatchObject({ ready: 0, taken: 1 });
  });
});

describe('leases', () => {
  test('that ran out are given to others, in pieces, and the old ones change nothing', async () => {
    const ids = numbered(250);
    await broker.jobs.add(ids.map((id) => job(id)));
    await take('first', { limit: 250, leaseMs: 50 });
    await until(async () => (await broker.jobs.counts(queue)).ready === 250, { what: 'all ran out' });
    const seen = new Set<string>();
    for (let i = 0; seen.size < 250; i++) {
      const taken = await take(`next-${i}`, { limit: 250 });
      expect(taken.length).toBeGreaterThan(0);
      for (const { id, attempt } of taken) {
        expect([seen.has(id), attempt]).toEqual([false, 2]);
        seen.add(id);
      }
    }
    const late = await broker.jobs.settle(ids.map((id) => ({ queue, id, token: 'first', outcome: 'done' })));
    expect(late).toEqual(ids.map(() => false));
    expect(await broker.jobs.extend([{ queue, id: 'j0', token: 'first' }], 1_000)).toEqual([false]);
  });

  test('are ended by the clock of the server, and jobs that outlive too many are dead', async () => {
    await broker.jobs.add([job('j0')]);
    for (const token of ['a', 'b', 'c']) {
      const taken = await until(
        async () => {
          const some = await take(token, { leaseMs: 30 });
          return some.length > 0 && some;
        },
        { what: 'it is handed out' },
      );
      expect(taken[0]?.attempt).toBe(['a', 'b', 'c'].indexOf(token) + 1);
    }
    await until(
      async () =>
        (await take('d', { leaseMs: 30 })).length === 0 && (await broker.jobs.counts(queue)).dead === 1,
      {
        what: 'it is dead',
      },
    );
    expect(await broker.jobs.dead(queue, { limit: 5 })).toMatchObject([
      { id: 'j0', attempts: 3, body: 'body of j0' },
    ]);
  });
});

test('workers hear when jobs become due, each of several moments, and not before', async () => {
  const hearer = new Hearer(broker);
  await hearer.feed.join('queue', [queue]);
  const begun = performance.now();
  const delays = [600, 200, 400, 400_000];
  await broker.jobs.add(delays.map((delayMs, i) => job(`j${i}`, { delayMs })));
  const due: string[] = [];
  for (let heard = 0; due.length < 3; heard = hearer.work.length) {
    await until(() => hearer.work.length > heard, { what: 'the next moment is heard' });
    const taken = await take(`t${heard}`);
    for (const { id } of taken) {
      due.push(id);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(delays[Number(id.slice(1))] ?? Infinity);
    }
  }
  // A machine that stands still may hear of several moments together, and never of one too early.
  expect(due).toEqual(['j1', 'j2', 'j0']);
  const heard = hearer.work.length;
  await broker.jobs.add([job('now')]);
  await until(() => hearer.work.length > heard, { what: 'the next one is heard' });
});

test('any text is a body, an id, a key and a reason', async () => {
  const odd = 'a b\n{c}*%"\\ü🜁 1 2 3';
  await broker.jobs.add([job(odd, { body: odd, once: { key: odd, forMs: 60_000 } })]);
  expect(await broker.jobs.add([job('other', { once: { key: odd, forMs: 60_000 } })])).toEqual([
    { id: odd, repeated: true },
  ]);
  expect(await take(odd)).toMatchObject([{ id: odd, body: odd }]);
  expect(await broker.jobs.settle([{ queue, id: odd, token: odd, outcome: 'dead', reason: odd }])).toEqual([
    true,
  ]);
  expect(await broker.jobs.dead(queue, { limit: 1 })).toMatchObject([{ id: odd, body: odd, reason: odd }]);
});
