import { virtualClock } from '@parley/cache-core/kernel';
import { createLimiter } from '@parley/ratelimit';
import type { Caller } from '../../src/access/caller.ts';
import { expect, test } from 'vitest';
import { HubLimits } from '../../src/limits/hub-limits.ts';
import { farLimits } from '../support/far-limits.ts';

const seconds = 900;

function limitsOf(limit: number) {
  const clock = virtualClock();
  const far = farLimits(clock);
  const { store } = far;
  const options = { limit, per: seconds, whenAway: 'share' } as const;
  const limiter = createLimiter<string>({
    store,
    clock,
    rules: { address: options, 'message.agent': options },
  });
  const rule = { limit, seconds, options };
  const rules = new Map([
    ['address', rule],
    ['message.agent', rule],
  ]);
  const limits = new HubLimits({ limiter, rules, clock });
  /** Of requests one after another, how many were let in, and for how many the store was asked. */
  const requests = async (count: number, address = '192.0.2.1') => {
    const before = limiter.stats().storeCalls;
    let admitted = 0;
    for (let i = 0; i < count; i += 1) if ((await limits.request(address))?.ok !== false) admitted += 1;
    return { admitted, asked: limiter.stats().storeCalls - before };
  };
  /** The same of messages of one agent, under such ids. */
  const messages = async (ids: readonly (string | undefined)[], node = limits) => {
    const before = limiter.stats().storeCalls;
    const verdicts = await Promise.all(ids.map(async (id) => node.often('message', bot, id)));
    const admitted = verdicts.filter((verdict) => verdict?.ok !== false).length;
    return { admitted, asked: limiter.stats().storeCalls - before };
  };
  const another = () => new HubLimits({ limiter, rules, clock });
  return { clock, far, limits, requests, messages, another };
}

const bot: Caller = {
  userId: 'bot',
  handle: 'bot',
  kind: 'agent',
  role: 'member',
  scopes: [],
  by: { kind: 'token', id: 't' },
  rev: 1,
};
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `id-${from + i}`);

test('an address that may come very often is charged for several requests at once, and is told of as often as it came', async () => {
  const { limits, requests } = limitsOf(60_000);
  expect(await requests(160)).toEqual({ admitted: 160, asked: 10 });
  expect(await requests(1, '198.51.100.1')).toEqual({ admitted: 1, asked: 1 });
  expect(limits.figures().limits).toMatchObject([{ name: 'address', admitted: 161, denied: 0 }, {}]);
});

test('what was paid ahead is worth nothing after a minute', async () => {
  const { clock, requests } = limitsOf(60_000);
  expect(await requests(2)).toEqual({ admitted: 2, asked: 1 });
  await clock.advance(60_000);
  expect(await requests(2)).toEqual({ admitted: 2, asked: 1 });
});

test('never more come than the limit says, and the last of them one by one', async () => {
  const { requests } = limitsOf(4_001);
  expect(await requests(4_100)).toMatchObject({ admitted: 4_001 });
});

test('where few may come each of them is charged by itself', async () => {
  const { requests } = limitsOf(100);
  expect(await requests(50)).toEqual({ admitted: 50, asked: 50 });
});

test('an agent that says much is charged for several messages at once, and is told of as often as it spoke', async () => {
  const { limits, messages } = limitsOf(900);
  let asked = 0;
  for (const id of ids(0, 100)) asked += (await messages([id])).asked;
  expect(asked).toBe(25);
  expect(limits.figures().limits[1]).toMatchObject({ name: 'message.agent', admitted: 100, denied: 0 });
});

test('a message that comes again is charged once, however it was paid', async () => {
  const { limits, messages } = limitsOf(900);
  for (const id of ids(0, 8)) await messages([id]);
  expect(await messages(ids(0, 8))).toEqual({ admitted: 8, asked: 0 });
  expect(limits.figures().limits[1]).toMatchObject({ admitted: 8 });
});

test('of many at the same moment one pays ahead, and what two nodes let in is what is allowed', async () => {
  const { messages, another } = limitsOf(900);
  expect((await messages(ids(0, 500))).admitted).toBe(500);
  const { admitted } = await messages(ids(500, 1_000), another());
  // What was paid for nobody is few, and never too many come.
  expect(admitted).toBeLessThanOrEqual(400);
  expect(admitted).toBeGreaterThanOrEqual(400 - 2 * 3);
});

test('towards the end each goes by itself: nobody is denied for what was to be paid ahead', async () => {
  const { limits, messages } = limitsOf(900);
  let admitted = 0;
  for (const id of ids(0, 900)) admitted += (await messages([id])).admitted;
  expect(admitted).toBe(900);
  expect(limits.figures().limits[1]).toMatchObject({ admitted: 900, denied: 0 });
  expect((await messages(['one-more'])).admitted).toBe(0);
});

test('of a store that is away nothing is paid ahead', async () => {
  const { far, limits, messages } = limitsOf(900);
  far.away = true;
  for (const id of ids(0, 20)) await messages([id]);
  // It was decided without the store, twenty times.
  expect(limits.figures().away).toBe(20);
});

test('without the store an address has its whole share, one by one', async () => {
  const { far, limits, requests } = limitsOf(60_000);
  far.away = true;
  expect((await requests(4_000)).admitted).toBe(4_000);
  expect(limits.figures().away).toBeGreaterThanOrEqual(4_000);
  far.away = false;
});
