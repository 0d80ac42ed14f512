import type { Feed, FeedListener } from '@parley/presence';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Seen, World } from './world.ts';

let world: World;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

const tab = { user: 'ann', connection: 'tab' };

/** Two processes, and one that watches a channel. */
async function three() {
  const [one, two] = [world.process(), world.process()];
  const seen = new Seen();
  await world.settle(world.presence().watch('general', seen.listener).ready());
  await world.clock.advance(6_000);
  expect(seen.take()).toEqual(['snapshot']);
  return { one, two, seen };
}

test('who comes back while an earlier change learns that another process had it, is there', async () => {
  const { one, two, seen } = await three();
  const ann = one.presence.connect(tab);
  await world.settle(ann.join('general'));
  one.cable.state = 'late';
  const away = ann.update({ activity: 'away' });
  await world.clock.advance(10);
  await world.settle(two.presence.connect(tab).join('general'));
  expect(one.presence.connect(tab)).toBe(ann);
  world.goOn();
  await world.settle(away);
  await world.settle(ann.join('random'));
  await world.settle(two.presence.close());
  await world.clock.advance(1_000);
  expect([ann.open, [...ann.channels]]).toEqual([true, ['general', 'random']]);
  expect(await world.settle(one.presence.counts(['general', 'random']))).toEqual([
    { users: 1, connections: 1 },
    { users: 1, connections: 1 },
  ]);
  seen.take();
  await world.settle(ann.close());
  await world.clock.settle();
  expect(seen.take()).toEqual(['leave ann']);
});

test('a claim that waited for the store does not take a connection from where its client is by then', async () => {
  const { one, two, seen } = await three();
  for (const { cable } of [one, two]) cable.state = 'cut';
  const first = one.presence.connect(tab);
  first.join('general').catch(() => undefined);
  await world.clock.advance(500);
  first.lost();
  const joined = two.presence.connect(tab).join('general');
  await world.clock.advance(500);
  two.cable.state = 'fine';
  await world.settle(joined);
  one.cable.state = 'fine';
  await world.clock.advance(20_000);
  expect(seen.take()).toEqual(['join ann online']);
  expect((await world.settle(two.presence.counts(['general'])))[0]).toEqual({ users: 1, connections: 1 });
  expect([first.open, one.presence.stats().entries]).toEqual([false, 0]);
});

test('a claim of which the reply was lost does not take back a connection that was lost here', async () => {
  const { one, two, seen } = await three();
  one.cable.state = 'unheard';
  const first = one.presence.connect(tab);
  first.join('general').catch(() => undefined);
  await world.clock.advance(500);
  first.lost();
  await world.settle(two.presence.connect(tab).join('general'));
  one.cable.state = 'fine';
  await world.clock.advance(20_000);
  expect(seen.take()).toEqual(['join ann online']);
  expect((await world.settle(two.presence.counts(['general'])))[0]).toEqual({ users: 1, connections: 1 });
});

test('of a connection that was lost here and is live elsewhere, the live one is there when the store has lost everything', async () => {
  const { one, two, seen } = await three();
  const tabs = Array.from({ length: 8 }, (_, i) => ({ user: `user ${i}`, connection: 'tab' }));
  const before = tabs.map((each) => one.presence.connect(each));
  await world.settle(Promise.all(before.map((each) => each.join('general'))));
  const after = tabs.map((each) => two.presence.connect(each));
  await world.settle(Promise.all(after.map((each) => each.join('general'))));
  await world.clock.advance(1_000);
  seen.take();
  // The one that lost them notices first that the store has.
  two.cable.state = 'cut';
  for (const each of before) each.lost();
  world.store.forget();
  await world.clock.advance(2_600);
  two.cable.state = 'fine';
  await world.clock.advance(20_000);
  expect(seen.take().filter((event) => event.startsWith('leave'))).toEqual([]);
  expect(after.map(({ open }) => open)).toEqual(tabs.map(() => true));
  expect(before.map(({ open }) => open)).toEqual(tabs.map(() => false));
});

test('who has a connection that came to another process gives it up at once, without a word from the client', async () => {
  const { one, two, seen } = await three();
  const before = one.presence.connect(tab);
  await world.settle(before.join('general'));
  const after = two.presence.connect(tab);
  await world.settle(after.join('general'));
  await world.clock.advance(100);
  expect([before.open, [...before.channels]]).toEqual([false, []]);
  await world.clock.advance(5_000);
  expect(one.presence.stats().entries).toBe(0);
  expect([after.open, [...after.channels]]).toEqual([true, ['general']]);
  expect(seen.take()).toEqual(['join ann online']);
});

test('a client that comes to another process, and joins there a moment later, is not seen to leave; what it joins no more, it leaves', async () => {
  const { one, two, seen } = await three();
  const random = new Seen();
  await world.settle(world.presence().watch('random', random.listener).ready());
  const before = one.presence.connect(tab);
  await world.settle(Promise.all([before.join('general'), before.join('random')]));
  const after = two.presence.connect(tab);
  await world.clock.advance(2_000);
  expect([before.open, after.open]).toEqual([false, true]);
  await world.settle(after.join('general'));
  await world.clock.advance(2_000);
  expect([seen.take(), random.take().slice(1)]).toEqual([['join ann online'], ['join ann online']]);
  await world.clock.advance(2_000);
  expect([seen.take(), random.take()]).toEqual([[], ['leave ann']]);
});

test('a client that goes to another process and comes back within the grace is in what it joins on its return', async () => {
  const { one, two, seen } = await three();
  await world.settle(one.presence.connect(tab).join('general'));
  const there = two.presence.connect(tab);
  await world.clock.advance(1_000);
  const back = one.presence.connect(tab);
  await world.settle(back.join('general'));
  await world.clock.advance(20_000);
  expect([there.open, back.open, [...back.channels]]).toEqual([false, true, ['general']]);
  expect(seen.take()).toEqual(['join ann online']);
  expect((await world.settle(one.presence.counts(['general'])))[0]).toEqual({ users: 1, connections: 1 });
});

test('a connection that came to another process while its old socket seemed to be alive stays there when the store has lost everything', async () => {
  const { one, two, seen } = await three();
  const tabs = Array.from({ length: 60 }, (_, i) => ({ user: `user ${i}`, connection: 'tab' }));
  const before = tabs.map((each) => one.presence.connect(each));
  await world.settle(Promise.all(before.map((each) => each.join('general'))));
  const after = tabs.map((each) => two.presence.connect(each));
  await world.settle(Promise.all(after.map((each) => each.join('general'))));
  await world.clock.advance(1_000);
  seen.take();
  // The one that had them notices first that the store has lost everything.
  two.cable.state = 'cut';
  world.store.forget();
  await world.clock.advance(2_600);
  two.cable.state = 'fine';
  await world.clock.advance(20_000);
  expect(seen.take().filter((event) => event.startsWith('leave'))).toEqual([]);
  expect(after.every(({ open }) => open)).toBe(true);
  expect(before.some(({ open }) => open)).toBe(false);
});

test('what is told of a takeover when the client is back already ends nothing', async () => {
  const { one, two } = await three();
  const ann = one.presence.connect(tab);
  await world.settle(ann.join('general'));
  one.cable.deaf = true;
  await world.settle(two.presence.connect(tab).join('general'));
  expect(one.presence.connect(tab)).toBe(ann);
  await world.settle(ann.join('general'));
  one.cable.deaf = false;
  for (const body of [JSON.stringify([['ann', 'tab']]), 'nonsense', '[[1]]', '{}'])
    await world.feed.send([{ channel: `p:${one.presence.processId}`, body }]);
  await world.clock.advance(10_000);
  expect([ann.open, [...ann.channels]]).toEqual([true, ['general']]);
  expect((await world.settle(two.presence.counts(['general'])))[0]).toEqual({ users: 1, connections: 1 });
});

test('a process that has heard nothing for a while asks whether its connections have come to another one meanwhile', async () => {
  const { two } = await three();
  const follows: FeedListener[] = [];
  const feed: Feed = {
    ...world.feed,
    follow: (channel, listener) => {
      if (!channel.startsWith('p:')) return world.feed.follow(channel, listener);
      listener.hearing(true);
      follows.push(listener);
      return { close: () => undefined };
    },
  };
  const deaf = world.presence({ feed });
  const [before, other] = [deaf.connect(tab), deaf.connect({ user: 'bob' })];
  await world.settle(Promise.all([before.join('general'), other.join('general')]));
  const after = two.presence.connect(tab);
  await world.settle(after.join('general'));
  await world.clock.advance(1_000);
  for (const hears of [false, true]) for (const listener of follows) listener.hearing(hears);
  await world.clock.advance(3_000);
  expect([before.open, other.open, after.open]).toEqual([false, true, true]);
});
