import { afterEach, beforeEach, expect, test } from 'vitest';
import { partedStore, type PartedStore } from './parted-store.ts';
import { Seen, World } from './world.ts';

let world: World;
let store: PartedStore;

beforeEach(() => {
  world = new World();
  store = partedStore(world.clock, ['good', 'bad'], (channel) => (channel.includes('bad') ? 'bad' : 'good'));
});
afterEach(async () => {
  store.away.clear();
  await world.close();
});

/** Somebody in a channel of each part, in a process that may crash, and another process that watches both. */
async function both() {
  const [crashing, watching] = [world.presence({ store: crashable() }), world.presence({ store })];
  const [good, bad] = [new Seen(), new Seen()];
  const watches = { good: watching.watch('good', good.listener), bad: watching.watch('bad', bad.listener) };
  await world.settle(Promise.all([watches.good.ready(), watches.bad.ready()]));
  const ann = crashing.connect({ user: 'ann' });
  await world.settle(Promise.all([ann.join('good'), ann.join('bad')]));
  await world.settle(watching.connect({ user: 'bob' }).join('good'));
  await world.clock.advance(6_000);
  const join = ['snapshot', 'join ann online'];
  expect([good.take(), bad.take()]).toEqual([[...join, 'join bob online'], join]);
  return { watching, ann, good, bad, watches };
}

let crashed = false;

function crashable(): PartedStore {
  crashed = false;
  const alive =
    <Words extends unknown[], T>(work: (...words: Words) => Promise<T>) =>
    (...words: Words): Promise<T> =>
      crashed ? new Promise(() => undefined) : work(...words);
  return {
    ...store,
    open: alive(store.open),
    beat: alive(store.beat),
    change: alive(store.change),
    end: alive(store.end),
    reap: alive(store.reap),
    read: alive(store.read),
  };
}

test('while one part is away, who crashed is seen to leave channels of the others in time', async () => {
  const { good, bad, watches, watching } = await both();
  store.away.add('bad');
  await world.clock.advance(10_000);
  expect(watches.bad.current).toMatchObject({ stale: true, users: 1 });
  crashed = true;
  await world.clock.advance(11_000);
  expect([good.take(), bad.take()]).toEqual([['leave ann'], ['stale']]);
  expect(watching.stats().outages).toBe(1);
});

test('the views of channels in parts that are there are right all the time, and only the others are stale', async () => {
  const { good, bad, watches } = await both();
  store.away.add('bad');
  await world.clock.advance(6_000);
  for (let i = 0; i < 600; i++) {
    await world.clock.advance(100);
    expect([watches.good.current.stale, watches.bad.current.stale]).toEqual([false, true]);
  }
  store.away.clear();
  await world.clock.advance(10_000);
  expect([good.take(), bad.take()]).toEqual([[], ['stale', 'right']]);
});

test('joins and leaves in the parts that are there go on, and the others are made when theirs is back', async () => {
  const { ann, good, bad } = await both();
  store.away.add('bad');
  await world.clock.advance(3_000);
  const left = ann.leave('bad').catch(() => 'not yet');
  for (let i = 0; i < 5; i++) {
    await world.settle(ann.leave('good'), 100);
    await world.settle(ann.join('good'), 100);
  }
  await world.clock.advance(10_000);
  expect(await left).toBe('not yet');
  expect(good.take()).toEqual(Array.from({ length: 5 }, () => ['leave ann', 'join ann online']).flat());
  store.away.clear();
  await world.clock.advance(10_000);
  expect(bad.take().filter((event) => event !== 'stale' && event !== 'right')).toEqual(['leave ann']);
});

test('a process that begins while one part is away is in channels of the others, and in all when that is back', async () => {
  const { watches, good, bad } = await both();
  store.away.add('bad');
  await world.clock.advance(6_000);
  const late = world.presence({ store });
  const cy = late.connect({ user: 'cy' });
  const inBad = cy.join('bad').catch(() => 'not yet');
  await world.settle(cy.join('good'), 1_000);
  expect(await world.settle(inBad)).toBe('not yet');
  await world.clock.settle();
  expect(good.take()).toEqual(['join cy online']);
  store.away.clear();
  await world.clock.advance(10_000);
  expect(watches.bad.current.members.map(({ user }) => user).toSorted()).toEqual(['ann', 'cy']);
  expect(bad.take().filter((event) => event.startsWith('leave'))).toEqual([]);
  expect(good.take()).toEqual([]);
});

test('who is lost by one part while another one is away is registered again there, and not seen to leave', async () => {
  const { watches, good } = await both();
  store.away.add('bad');
  await world.clock.advance(6_000);
  store.forget();
  await world.clock.advance(20_000);
  expect(watches.good.current).toMatchObject({ users: 2, stale: false });
  expect(good.take().filter((event) => event.startsWith('leave'))).toEqual([]);
});
