import { EventEmitter } from 'node:events';
import type { Notice } from '@parley/cache-core';
import { virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import { beforeEach, expect, test } from 'vitest';
import { Feed, type Position } from '../../src/cache/feed.ts';

/** The connection of a subscription, as far as a feed uses it. */
class FakeClient extends EventEmitter {
  disconnected = false;
  connect = async (): Promise<void> => undefined;
  subscribe = async (): Promise<void> => undefined;
  ssubscribe = async (): Promise<void> => undefined;
  disconnect(): void {
    this.disconnected = true;
  }
}

let clock: VirtualClock;
let client: FakeClient;
let position: Position;
let ask: () => Promise<Position>;
let heard: Notice[];
let live: boolean;
let feed: Feed;
let reason: string | undefined;

const body = (name: string): string => JSON.stringify(['origin', [[name, 1]], []]);

beforeEach(() => {
  clock = virtualClock();
  client = new FakeClient();
  position = { epoch: '1', number: 5, history: 'abc' };
  ask = async () => position;
  heard = [];
  live = false;
  reason = undefined;
  feed = new Feed(client, {
    clock,
    random: () => 0.5,
    channel: 'c',
    sharded: false,
    checkEveryMs: 1_000,
    detectionMs: 3_000,
    ask: () => ask(),
    isOwn: (text) => text.startsWith('["own"'),
    onNotice: (notice) => heard.push(notice),
    onLive: () => {
      live = true;
    },
  });
});

async function begin(): Promise<void> {
  void feed.run().then((doubt) => {
    reason = doubt;
  });
  await clock.advance(0);
}

/** A message of the channel; the sequence counts it too. */
async function tell(number: number, { epoch = '1', text = body(`k${number}`) } = {}): Promise<void> {
  if (epoch === position.epoch) position = { ...position, number: Math.max(position.number, number) };
  client.emit('message', 'c', `${epoch} ${number} ${text}`);
  await clock.advance(0);
}

test('it is live once it is subscribed and knows where the sequence stands', async () => {
  let answer: (found: Position) => void = () => undefined;
  ask = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  await begin();
  expect(live).toBe(false);
  answer(position);
  await clock.advance(0);
  expect(live).toBe(true);
});

test('messages in their order keep it live for ever', async () => {
  await begin();
  for (let number = 6; number < 200; number++) {
    await tell(number);
    await clock.advance(100);
  }
  expect(reason).toBeUndefined();
  expect(heard).toHaveLength(194);
  expect(heard[0]).toEqual({ origin: 'origin', keys: [['k6', 1]], guards: [] });
});

test('silence keeps it live while the sequence stands still', async () => {
  await begin();
  await clock.advance(60_000);
  expect(reason).toBeUndefined();
});

test('a message that was told before the first look, and came after it, is nothing new', async () => {
  await begin();
  await tell(5);
  await tell(6);
  expect(reason).toBeUndefined();
  expect(heard).toHaveLength(2);
});

test('messages during the first look are heard, and counted', async () => {
  let answer: (found: Position) => void = () => undefined;
  ask = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  await begin();
  await tell(6);
  await tell(7);
  answer({ ...position, number: 6 });
  ask = async () => position;
  await clock.advance(5_000);
  await tell(8);
  expect(reason).toBeUndefined();
  expect(heard).toHaveLength(3);
});

test.each<[string, () => Promise<void>, RegExp]>([
  ['a number is left out', () => tell(7), /missed/],
  [
    'a number comes twice',
    async () => {
      await tell(6);
      await tell(7);
      await tell(6);
    },
    /missed/,
  ],
  ['the epoch is another one', () => tell(6, { epoch: '2' }), /sequence was lost/],
  ['a message cannot be read', () => tell(6, { text: '{"format":2}' }), /could not be read/],
  ['the connection is lost', async () => void client.emit('end'), /connection was lost/],
  ['the connection fails', async () => void client.emit('error', new Error('reset')), /reset/],
  ['the channel has moved', async () => void client.emit('moved'), /moved/],
])('it ends as soon as %s', async (_, happen, doubt) => {
  await begin();
  await happen();
  await clock.advance(0);
  expect(reason).toMatch(doubt);
  expect(client.disconnected).toBe(true);
  expect(clock.pending).toBe(0);
});

test.each<[string, Partial<Position>, RegExp]>([
  ['a message is missing', { number: 6 }, /missed/],
  ['the sequence went back', { number: 4 }, /sequence was lost/],
  ['the sequence was made anew', { epoch: '2', number: 0 }, /sequence was lost/],
  ['another server is the master', { history: 'def' }, /another server/],
])('a check finds that %s', async (_, change, doubt) => {
  await begin();
  position = { ...position, ...change };
  await clock.advance(2_000);
  expect(reason).toMatch(doubt);
});

test('a message that is still under way while the check answers is waited for', async () => {
  await begin();
  position = { ...position, number: 6 };
  await clock.advance(1_100);
  expect(reason).toBeUndefined();
  await tell(6);
  await clock.advance(10_000);
  expect(reason).toBeUndefined();
});

test.each<[string, () => Promise<Position>]>([
  ['fail', () => Promise.reject(new Error('away'))],
  ['hang', () => new Promise(() => undefined)],
])('when checks %s, it is no longer live 3 s after the last good one began', async (_, broken) => {
  await begin();
  await clock.advance(1_500);
  ask = broken;
  // The last good check began at 1 s.
  await clock.advance(2_499);
  expect(reason).toBeUndefined();
  await clock.advance(1);
  expect(reason).toMatch(/could not be checked/);
});

test('a good check counts from its beginning, however long its answer took', async () => {
  ask = async () => {
    await clock.sleep(900);
    return position;
  };
  await begin();
  await clock.advance(900);
  expect(live).toBe(true);
  ask = () => new Promise(() => undefined);
  await clock.advance(2_099);
  expect(reason).toBeUndefined();
  await clock.advance(1);
  expect(reason).toMatch(/could not be checked/);
});

test('it vouches until a loss could have been noticed, and not at all once there is a doubt', async () => {
  expect(feed.vouchedUntil).toBe(-Infinity);
  ask = async () => {
    await clock.sleep(400);
    return position;
  };
  await begin();
  expect(feed.vouchedUntil).toBe(-Infinity);
  await clock.advance(400);
  expect(feed.vouchedUntil).toBe(3_000);
  await clock.advance(1_400);
  // The check after it began at 1.4 s.
  expect(feed.vouchedUntil).toBe(4_400);
  position = { ...position, number: 9 };
  await clock.advance(1_500);
  expect(feed.vouchedUntil).toBe(4_400);
  await clock.advance(400);
  expect([reason, feed.vouchedUntil]).toEqual(['a message was missed', -Infinity]);
});

test('a subscription that does not come about is given up', async () => {
  client.subscribe = () => new Promise(() => undefined);
  await begin();
  await clock.advance(3_000);
  expect(reason).toMatch(/took too long/);
  expect(live).toBe(false);
});

test('what somebody else says on the channel is not ours, and does no harm', async () => {
  await begin();
  client.emit('message', 'c', 'hello');
  await tell(6);
  expect(reason).toBeUndefined();
  expect(heard).toHaveLength(1);
});

test('what it told itself is counted like everything else, and not handed on', async () => {
  await begin();
  await tell(6, { text: JSON.stringify(['own', [['k6', 1]], []]) });
  await tell(7);
  expect(heard.map(({ keys }) => keys)).toEqual([[['k7', 1]]]);
  expect(reason).toBeUndefined();
  await tell(9, { text: JSON.stringify(['own', [['k9', 1]], []]) });
  expect(reason).toMatch(/missed/);
});
