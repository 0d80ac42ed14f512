import { virtualClock } from '@parley/cache-core/kernel';
import { createLimiter } from '@parley/ratelimit';
import { expect, test } from 'vitest';
import { HubLimits } from '../../src/limits/hub-limits.ts';
import { farLimits } from '../support/far-limits.ts';

const seconds = 900;

function limitsOf(limit: number) {
  const clock = virtualClock();
  const { store } = farLimits(clock);
  const options = { limit, per: seconds, whenAway: 'share' } as const;
  const limiter = createLimiter<string>({ store, clock, rules: { address: options } });
  const rules = new Map([['address', { limit, seconds, options }]]);
  const limits = new HubLimits({ limiter, rules, clock });
  /** Of requests one after another, how many were let in, and for how many the store was asked. */
  const requests = async (count: number, address = '192.0.2.1') => {
    const before = limiter.stats().storeCalls;
    let admitted = 0;
    for (let i = 0; i < count; i += 1) if ((await limits.request(address))?.ok !== false) admitted += 1;
    return { admitted, asked: limiter.stats().storeCalls - before };
  };
  return { clock, limits, requests };
}

test('an address that may come very often is charged for several requests at once, and is told of as often as it came', async () => {
  const { limits, requests } = limitsOf(60_000);
  expect(await requests(160)).toEqual({ admitted: 160, asked: 10 });
  expect(await requests(1, '198.51.100.1')).toEqual({ admitted: 1, asked: 1 });
  expect(limits.figures().limits).toMatchObject([{ name: 'address', admitted: 161, denied: 0 }]);
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
