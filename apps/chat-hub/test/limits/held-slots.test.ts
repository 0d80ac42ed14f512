import { virtualClock } from '@parley/cache-core/kernel';
import { createLimiter } from '@parley/ratelimit';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { HeldSlots } from '../../src/limits/held-slots.ts';
import { farLimits } from '../support/far-limits.ts';

const clock = virtualClock();
const far = farLimits(clock);
const { memory, store } = far;
const limiter = createLimiter({
  store,
  clock,
  rules: { sockets: { kind: 'concurrency', limit: 2, lease: 300, whenAway: 'open' } },
});
const slots = new HeldSlots({ limiter, clock });
const open = async (): Promise<() => void> =>
  slots.keep(await limiter.check([{ rule: 'sockets', identity: 'ann' }]));
const left = async (): Promise<number> =>
  (await memory.peek([{ rule: limiter.rule('sockets'), identity: 'ann', cost: 1 }]))[0]?.remaining ?? 0;

test('what the store lost, or never had, is counted again with the next renewal', async () => {
  const close = await open();
  expect(await left()).toBe(1);
  memory.forget();
  expect(await left()).toBe(2);
  far.away = true;
  await open();
  far.away = false;
  expect(await left()).toBe(2);
  await clock.advance(100_000);
  await until(async () => (await left()) === 0, { what: 'both are counted' });
  close();
  await until(async () => (await left()) === 1, { what: 'one was given back' });
  slots.close();
});
