import { virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import { beforeEach, expect, test } from 'vitest';
import { Alarms } from '../../src/bus/alarms.ts';

let clock: VirtualClock;
let rung: [queue: string, at: number][];
let alarms: Alarms;
let begun: number;

beforeEach(() => {
  clock = virtualClock();
  begun = clock.monotonic();
  rung = [];
  alarms = new Alarms(clock, (queue) => rung.push([queue, clock.monotonic() - begun]));
});

test('what is due rings at once', () => {
  alarms.set('q', 0);
  expect(rung).toEqual([['q', 0]]);
});

test('each queue rings at each of its moments, never early and hardly late', async () => {
  for (const ms of [500, 100, 300]) alarms.set('q', ms);
  alarms.set('other', 200);
  await clock.advance(1_000);
  const expected = [
    ['q', 100],
    ['other', 200],
    ['q', 300],
    ['q', 500],
  ];
  expect(rung.map(([queue]) => queue)).toEqual(expected.map(([queue]) => queue));
  for (const [i, [, at]] of rung.entries()) {
    expect(at).toBeGreaterThanOrEqual(Number(expected[i]?.[1]));
    expect(at).toBeLessThan(Number(expected[i]?.[1]) + 25);
  }
});

test('moments that are close to one another are one', async () => {
  for (let i = 0; i < 10; i++) alarms.set('q', 101 + i / 10);
  await clock.advance(1_000);
  expect(rung.length).toBeLessThanOrEqual(2);
});

test('of too many moments the soonest are kept', async () => {
  for (let i = 1_000; i > 0; i--) alarms.set('q', i * 100);
  await clock.advance(2_000);
  expect(rung).toHaveLength(20);
});

test('a queue that was left does not ring', async () => {
  alarms.set('q', 100);
  alarms.set('other', 100);
  alarms.forget('q');
  await clock.advance(200);
  expect(rung.map(([queue]) => queue)).toEqual(['other']);
  alarms.set('other', 100);
  alarms.clear();
  await clock.advance(1_000);
  expect(rung).toHaveLength(1);
});

test('what is due in days is left to those who look now and then', async () => {
  alarms.set('q', 40 * 86_400_000);
  await clock.advance(1_000);
  expect(rung).toEqual([]);
});
