import { StoreUnavailable, virtualClock } from '@parley/cache-core/kernel';
import { createLimiter, memoryLimitStore, type LimitStore } from '@parley/ratelimit';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { HeldSlots } from '../../src/limits/held-slots.ts';

const clock = virtualClock();
const memory = memoryLimitStore({ clock });
let away = false;
// As a store that is reached over a network, and may be away.
const store: LimitStore = {
  name: memory.name,
  capabilities: memory.capabilities,
  take: async (...about) => {
    if (away) throw new StoreUnavailable('the store is away');
    return memory.take(...about);
  },
  peek: memory.peek,
  adjust: memory.adjust,
  block: memory.block,
  reset: memory.reset,
  release: memory.release,
  renew: memory.renew,
  health: memory.health,
};
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
  away = true;
  await open();
  away = false;
  expect(await left()).toBe(2);
  await clock.advance(100_000);
  await until(async () => (await left()) === 0, { what: 'both are counted' });
  close();
  await until(async () => (await left()) === 1, { what: 'one was given back' });
  slots.close();
});
