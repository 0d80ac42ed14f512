import type { Activity, Connection } from '@parley/presence';
import { createPresence, memoryFeed, memoryPresenceStore } from '@parley/presence';
import { virtualClock } from '@parley/cache-core/kernel';
import { expect, test, vi } from 'vitest';
import { Here } from '../../src/presence/here.ts';
import { PresenceLine } from '../support/presence-line.ts';

const graceMs = 5_000;

test('what only the socket before has followed is left when that one ends', async () => {
  const { presence, clock } = new PresenceLine();
  const here = new Here({ presence, clock, graceMs });
  const members = async (channelId: string): Promise<string[]> => {
    await clock.settle();
    return (await presence.members(channelId)).members.map(({ user }) => user);
  };
  const socket = (follows: string[]) =>
    here.begin({ userId: 'ann', session: 'tab', follows: (channelId) => follows.includes(channelId) });
  const before = socket(['old', 'both']);
  before.enter('old');
  before.enter('both');
  before.settled();
  // It is lost, and the hub does not know it yet.
  const now = socket(['both', 'new']);
  now.enter('both');
  now.enter('new');
  now.settled();
  expect(await members('old')).toEqual(['ann']);
  before.end('lost');
  expect(await Promise.all(['old', 'both', 'new'].map(members))).toEqual([[], ['ann'], ['ann']]);
});

test('who comes back is never away from what they are about to follow again', async () => {
  const { presence, clock } = new PresenceLine();
  const here = new Here({ presence, clock, graceMs });
  const before = here.begin({ userId: 'ann', session: 'tab', follows: () => true });
  before.enter('lab');
  before.settled();
  await clock.settle();
  const told: string[] = [];
  const watch = presence.watch('lab', ({ type }) => told.push(type));
  await watch.ready();
  let follows = false;
  const now = here.begin({ userId: 'ann', session: 'tab', follows: () => follows });
  before.end('lost');
  await clock.settle();
  follows = true;
  now.enter('lab');
  now.settled();
  await clock.settle();
  expect(told).toEqual(['snapshot']);
  follows = false;
  now.settled();
  await clock.settle();
  expect(told).toEqual(['snapshot', 'leave']);
});

test('whoever changes all the time whether they are away is told of now and then, and as they were last', async () => {
  const { presence, clock } = new PresenceLine();
  const made: Connection[] = [];
  const connect: typeof presence.connect = (options) => {
    const connection = presence.connect(options);
    made.push(connection);
    return connection;
  };
  const stay = new Here({ presence: { connect }, clock, graceMs }).begin({
    userId: 'ann',
    session: undefined,
    follows: () => true,
  });
  const [connection] = made;
  if (connection === undefined) throw new Error('nobody is here');
  const update = vi.spyOn(connection, 'update');
  const told = (): (Activity | undefined)[] => update.mock.calls.map(([{ activity }]) => activity);
  stay.seem('away');
  expect(told()).toEqual(['away']);
  for (let times = 0; times < 2_000; times += 1) stay.seem(times % 2 === 0 ? 'online' : 'away');
  stay.seem('online');
  expect(told()).toEqual(['away']);
  await clock.advance(10_000);
  expect(told()).toEqual(['away', 'online']);
  stay.seem('away');
  expect(told()).toEqual(['away', 'online', 'away']);
  stay.seem('online');
  stay.end('left');
  await clock.advance(10_000);
  expect(told()).toHaveLength(3);
});

test('a node that ends waits for those it has lost until they are at another one, and no longer', async () => {
  const clock = virtualClock();
  const [store, feed] = [memoryPresenceStore({ clock }), memoryFeed()];
  const [one, two] = [1, 2]
    .map(() => createPresence({ clock, store, feed }))
    .map((presence) => {
      return new Here({ presence, clock, graceMs });
    });
  if (one === undefined || two === undefined) throw new Error('there are two nodes');
  const arrive = (here: Here) => here.begin({ userId: 'ann', session: 'tab', follows: () => true });
  const stay = arrive(one);
  await clock.settle();
  stay.end('lost', 1_000);
  let rested = false;
  void one.rest().then(() => (rested = true));
  await clock.advance(1_500);
  expect(rested).toBe(false);
  arrive(two);
  await clock.advance(1_000);
  expect(rested).toBe(true);

  arrive(one);
  await clock.settle();
  const gone = arrive(two);
  await clock.settle();
  gone.end('lost');
  rested = false;
  void two.rest().then(() => (rested = true));
  await clock.advance(graceMs - 500);
  expect(rested).toBe(false);
  await clock.advance(1_000);
  expect(rested).toBe(true);
});
