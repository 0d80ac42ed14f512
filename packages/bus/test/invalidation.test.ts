import { busInvalidation, createBus, memoryBroker, type Broker, type CacheNotice } from '@parley/bus';
import { virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';

const notice = (key: string): CacheNotice => ({ origin: 'x', keys: [[key, 1]], guards: [['t:a', 3]] });

function stage(change: (good: Broker) => Broker = (good) => good) {
  const clock = virtualClock();
  const good = memoryBroker({ clock });
  const bus = createBus({ broker: change(good), clock, random: () => 0.5, brokerDeadline: '0.1s' });
  const invalidation = busInvalidation(bus, { checkEvery: '0.4s' });
  const states: string[] = [];
  const heard: string[] = [];
  const subscription = invalidation.subscribe({
    notice: ({ keys }) => void heard.push(...keys.map(([key]) => key)),
    state: (state) => void states.push(state),
  });
  return { clock, good, bus, invalidation, subscription, states, heard };
}

const inTime = async (clock: VirtualClock, check: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !check(); i++) await clock.advance(10);
  expect(check()).toBe(true);
};

test('what is published is heard, and vouched for up to a moment that moves on', async () => {
  const { clock, bus, invalidation, subscription, states, heard } = stage();
  await inTime(clock, () => states.at(-1) === 'live');
  const before = subscription.vouchedUntil();
  expect(before).toBeGreaterThan(clock.monotonic());
  expect(before).toBeLessThanOrEqual(clock.monotonic() + invalidation.detectionMs);
  const published = invalidation.publish(notice('k'));
  await inTime(clock, () => heard.includes('k'));
  await published;
  await clock.advance(3_000);
  expect(subscription.vouchedUntil()).toBeGreaterThan(clock.monotonic());
  expect(states).toEqual(['live']);
  await bus.close({ within: 0 });
});

test('many changes travel in messages of a bounded size', async () => {
  const { clock, bus, invalidation, states, heard } = stage();
  await inTime(clock, () => states.at(-1) === 'live');
  const keys = Array.from({ length: 2_000 }, (_, i): [string, number] => [`k${i}`.padEnd(900, 'x'), i]);
  const published = invalidation.publish({ origin: 'x', keys, guards: [] });
  await inTime(clock, () => heard.length === 2_000);
  await published;
  expect(new Set(heard).size).toBe(2_000);
  await bus.close({ within: 0 });
});

test('when nobody can tell how far the log has come, it does not vouch any more, and does again when somebody can', async () => {
  const state = { hangs: false };
  const never = new Promise<never>(() => undefined);
  const { clock, bus, invalidation, subscription, states } = stage((good) => ({
    ...good,
    streams: { ...good.streams, read: (...call) => (state.hangs ? never : good.streams.read(...call)) },
  }));
  await inTime(clock, () => states.at(-1) === 'live');
  await clock.advance(1_000);
  state.hangs = true;
  const hungAt = clock.monotonic();
  await inTime(clock, () => states.at(-1) === 'suspect');
  expect(clock.monotonic() - hungAt).toBeLessThanOrEqual(invalidation.detectionMs + 20);
  expect(subscription.vouchedUntil()).toBe(-Infinity);
  state.hangs = false;
  // What is known of the log again is not vouched for before everything kept has been given up.
  await inTime(clock, () => {
    const live = states.at(-1) === 'live';
    expect(subscription.vouchedUntil() > -Infinity).toBe(live);
    return live;
  });
  expect(states).toEqual(['live', 'suspect', 'live']);
  await bus.close({ within: 0 });
});

test('after a gap nothing from before is believed', async () => {
  const { clock, good, bus, states } = stage();
  await inTime(clock, () => states.at(-1) === 'live');
  const [page] = await good.streams.read([{ channel: 'cache.notices:main', after: undefined, limit: 0 }]);
  expect(page?.top).toBe(0);
  await good.streams.drop(['cache.notices:main']);
  await inTime(clock, () => states.length >= 3);
  expect(states).toEqual(['live', 'suspect', 'live']);
  await bus.close({ within: 0 });
});

test('what is no notice makes it forget what it knows, as it may have meant anything', async () => {
  const { clock, good, bus, states, heard } = stage();
  await inTime(clock, () => states.at(-1) === 'live');
  const keep = { count: 10, forMs: 60_000 };
  await good.streams.append([{ channel: 'cache.notices:main', id: 'r', body: '{"v":1}', keep, wide: false }]);
  await inTime(clock, () => states.length >= 3);
  expect([states, heard]).toEqual([['live', 'suspect', 'live'], []]);
  await bus.close({ within: 0 });
});

test('several caches may share a bus', async () => {
  const { clock, bus, states, heard } = stage();
  const other = busInvalidation(bus, { checkEvery: '0.4s' });
  await inTime(clock, () => states.at(-1) === 'live');
  const published = other.publish(notice('of the other'));
  await inTime(clock, () => heard.includes('of the other'));
  await expect(published).resolves.toBeUndefined();
  await bus.close({ within: 0 });
});

test('a subscription that is closed says nothing more', async () => {
  const { clock, bus, invalidation, subscription, states, heard } = stage();
  await inTime(clock, () => states.at(-1) === 'live');
  await subscription.close();
  await invalidation.publish(notice('late'));
  await clock.advance(5_000);
  expect([states, heard]).toEqual([['live'], []]);
  expect(subscription.vouchedUntil()).toBe(-Infinity);
  await bus.close({ within: 0 });
});
