import { afterEach, beforeEach, expect, test } from 'vitest';
import { Seen, World } from './world.ts';

let world: World;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

/** One process that watches, and another one with somebody in it. */
async function pair() {
  const [one, two] = [world.process(), world.process()];
  const seen = new Seen();
  const watch = two.presence.watch('general', seen.listener);
  await world.settle(watch.ready());
  const ann = one.presence.connect({ user: 'ann', connection: 'tab' });
  await world.settle(ann.join('general'));
  await world.clock.advance(6_000);
  expect(seen.take()).toEqual(['snapshot', 'join ann online']);
  return { one, two, seen, watch, ann };
}

test('a store that lost everything is told again, and nobody leaves who is there', async () => {
  const { one, seen, watch } = await pair();
  const bob = world.presence().connect({ user: 'bob' });
  await world.settle(bob.join('general'));
  await world.clock.settle();
  expect(seen.take()).toEqual(['join bob online']);
  world.store.forget();
  await world.clock.advance(12_000);
  expect(seen.take()).toEqual(['stale', 'right']);
  expect(watch.current.members.map(({ user }) => user).toSorted()).toEqual(['ann', 'bob']);
  expect(one.presence.stats()).toMatchObject({ leasesLapsed: 1, reregistered: 2 });
});

test('who is gone when the store comes back empty leaves once, after the others had the time to come back', async () => {
  const { one, seen, watch } = await pair();
  one.cable.state = 'hung';
  world.store.forget();
  await world.clock.advance(20_000);
  expect(seen.take()).toEqual(['stale', 'leave ann', 'right']);
  expect(watch.current).toMatchObject({ users: 0, stale: false });
});

test('when everybody is cut off for longer than a lease, the last view stays as stale, and nobody leaves', async () => {
  const { seen, watch, ann, one, two } = await pair();
  for (const { cable } of [one, two]) cable.state = 'cut';
  await world.clock.advance(30_000);
  expect(seen.take()).toEqual(['stale']);
  expect(watch.current).toMatchObject({ users: 1, stale: true });
  for (const { cable } of [one, two]) cable.state = 'fine';
  await world.clock.advance(10_000);
  expect(seen.take()).toEqual(['right']);
  await world.settle(ann.leave('general'));
  await world.clock.settle();
  expect(seen.take()).toEqual(['leave ann']);
});

test('when a store that stood still for longer than a lease goes on with what lay before it, nobody leaves', async () => {
  const { seen } = await pair();
  for (let i = 0; i < 10; i++)
    await world.settle(
      world
        .presence()
        .connect({ user: `user ${i}` })
        .ready(),
    );
  await world.clock.advance(8_000);
  for (const { cable } of world.processes) cable.state = 'late';
  await world.clock.advance(30_000);
  expect(seen.take()).toEqual(['stale']);
  world.goOn();
  await world.clock.advance(10_000);
  expect(seen.take()).toEqual(['right']);
});

test('a process that paused for longer than its lease is seen to leave, and to come back once', async () => {
  const { one, seen, watch } = await pair();
  one.cable.state = 'hung';
  await world.clock.advance(15_000);
  expect(seen.take()).toEqual(['leave ann']);
  one.cable.state = 'fine';
  await world.clock.advance(10_000);
  expect(seen.take()).toEqual(['join ann online']);
  expect(watch.current).toMatchObject({ users: 1, connections: 1 });
  expect(one.presence.stats().leases).toBe(2);
});

test('somebody who leaves while the store is away has left when it is back', async () => {
  const { one, seen, ann } = await pair();
  one.cable.state = 'cut';
  const left = ann.leave('general').catch(() => 'not yet');
  await world.clock.advance(6_000);
  expect(await left).toBe('not yet');
  expect(seen.take()).toEqual([]);
  one.cable.state = 'fine';
  await world.clock.advance(3_000);
  expect(seen.take()).toEqual(['leave ann']);
});

test('who joins while the store is away is there when it is back', async () => {
  const { one, seen } = await pair();
  one.cable.state = 'cut';
  const bob = one.presence.connect({ user: 'bob' });
  const joined = bob.join('general').then(() => 'joined');
  await world.clock.advance(3_000);
  one.cable.state = 'fine';
  await world.clock.advance(3_000);
  expect(await joined).toBe('joined');
  expect(seen.take()).toEqual(['join bob online']);
});

test('an end that was lost with the data of a server that took over is told all the same', async () => {
  const { one, seen, ann } = await pair();
  const { store } = world;
  // The store answers as if it had taken the entry away, and tells another epoch from then on.
  let epoch = '';
  const { change, beat, open } = store;
  Object.assign(store, {
    change: async (...[batch, call]: Parameters<typeof change>) => ({
      ...(await change({ ...batch, changes: [] }, call)),
      outcomes: batch.changes.map(() => 'done' as const),
    }),
    open: async (...words: Parameters<typeof open>) => (await open(...words)) + epoch,
    beat: async (...words: Parameters<typeof beat>) => {
      const answer = await beat(...words);
      return { ...answer, epoch: answer.epoch + epoch };
    },
  });
  await world.settle(ann.leave('general'));
  Object.assign(store, { change });
  epoch = ' after the takeover';
  await world.clock.advance(10_000);
  expect(seen.take()).toEqual(['leave ann']);
  expect(one.presence.stats().epochs).toBe(1);
});

test('what the feed does not tell is found at the next look', async () => {
  const { two, seen, one } = await pair();
  two.cable.deaf = true;
  await world.settle(one.presence.connect({ user: 'bob' }).join('general'));
  expect(seen.take()).toEqual([]);
  await world.clock.advance(5_000);
  expect(seen.take()).toEqual(['join bob online']);
  two.cable.deaf = false;
  // Of what was missed in between, the next word tells.
  one.cable.mute = true;
  const cy = one.presence.connect({ user: 'cy' });
  await world.settle(cy.join('general'));
  one.cable.mute = false;
  await world.settle(cy.update({ activity: 'away' }));
  await world.clock.advance(100);
  expect(seen.take()).toEqual(['join cy online', 'update cy away']);
});

test('a connection that comes to another process stays, whatever the first one does', async () => {
  const { one, two, seen, ann } = await pair();
  ann.lost();
  await world.clock.advance(1_000);
  const again = two.presence.connect({ user: 'ann', connection: 'tab' });
  await world.settle(again.join('general'));
  await world.clock.advance(20_000);
  await world.settle(one.presence.close());
  expect(seen.take()).toEqual([]);
  expect((await world.settle(two.presence.counts(['general'])))[0]).toEqual({ users: 1, connections: 1 });
  await world.settle(again.close());
  await world.clock.settle();
  expect(seen.take()).toEqual(['leave ann']);
});

test('what another process has taken over is given up, not taken back', async () => {
  const { one, two, seen, ann } = await pair();
  const again = two.presence.connect({ user: 'ann', connection: 'tab' });
  await world.settle(again.join('general'));
  await world.settle(ann.update({ activity: 'away' }));
  await world.clock.advance(10_000);
  expect(seen.take()).toEqual([]);
  expect([ann.open, [...ann.channels], one.presence.stats().entries]).toEqual([false, [], 0]);
  // The client comes back here, and is taken back.
  await world.settle(one.presence.connect({ user: 'ann', connection: 'tab' }).join('general'));
  await world.settle(again.update({ activity: 'away' }));
  await world.clock.advance(6_000);
  expect(seen.take()).toEqual([]);
  expect([again.open, two.presence.stats().entries]).toEqual([false, 0]);
});

test('of two tabs of which one crashes and the other one leaves, at once or not, one leave is told', async () => {
  const { one, two, seen } = await pair();
  const tab = two.presence.connect({ user: 'ann', connection: 'other tab' });
  await world.settle(tab.join('general'));
  one.cable.state = 'hung';
  await world.clock.advance(8_900);
  await world.settle(tab.leave('general'));
  await world.clock.advance(5_000);
  expect(seen.take()).toEqual(['leave ann']);
  const [counts] = await world.settle(two.presence.counts(['general']));
  expect(counts).toEqual({ users: 0, connections: 0 });
});

test('two hundred processes that come back at once are all there again', async () => {
  const seen = new Seen();
  const watch = world.presence().watch('general', seen.listener);
  const joins = Array.from({ length: 200 }, (_, i) =>
    world
      .presence()
      .connect({ user: `user ${i}` })
      .join('general'),
  );
  await world.settle(Promise.all([watch.ready(), ...joins]));
  await world.clock.advance(3_000);
  seen.take();
  world.store.forget();
  await world.clock.advance(12_000);
  expect(seen.take()).toEqual(['stale', 'right']);
  expect(watch.current).toMatchObject({ users: 200, connections: 200, stale: false });
}, 60_000);

test('closing tells everybody at once, and leaves nothing that could still happen', async () => {
  const { one, seen } = await pair();
  await world.settle(one.presence.close());
  await world.clock.settle();
  expect(seen.take()).toEqual(['leave ann']);
  expect(() => one.presence.connect({ user: 'ann' })).toThrow('is closed');
  await world.close();
  expect(world.clock.pending).toBe(0);
});

test('closing while the store hangs leaves nobody waiting, and no timer', async () => {
  const { one, ann } = await pair();
  const cy = one.presence.connect({ user: 'cy', connection: 'tab' });
  await world.settle(cy.ready());
  cy.lost();
  await world.settle(ann.update({ activity: 'away' }));
  one.cable.state = 'hung';
  const all = [
    one.presence.typing.start('general', { user: 'ann' }),
    ann.join('random'),
    ann.update({ activity: 'online' }),
  ];
  await world.clock.advance(10);
  const closed = one.presence.close({ within: 0.05 });
  await world.settle(Promise.all(all), 20);
  await world.settle(closed, 100);
  await world.close();
  expect(world.clock.pending).toBe(0);
});

test('who comes after an outage and closes at once leaves, and takes nobody along', async () => {
  const { one, two, seen } = await pair();
  for (const { cable } of [one, two]) cable.state = 'cut';
  await world.clock.advance(30_000);
  expect(seen.take()).toEqual(['stale']);
  const brief = world.presence();
  await world.settle(brief.connect({ user: 'cy' }).join('general'));
  await world.settle(brief.close());
  const [counts] = await world.settle(world.presence().counts(['general']));
  expect(counts).toEqual({ users: 1, connections: 1 });
  world.goOn();
  await world.clock.advance(10_000);
  expect(seen.take().filter((event) => event.startsWith('leave ann'))).toEqual([]);
});

test('those who come and go while the store is away leave nothing to be done', async () => {
  const { one, seen } = await pair();
  one.cable.state = 'cut';
  const late = (promise: Promise<unknown>): void => void promise.catch(() => undefined);
  for (let second = 0; second < 60; second++) {
    for (let i = 0; i < 30; i++) {
      const guest = one.presence.connect({ user: `guest ${second} ${i}` });
      const typist = { user: guest.user, connection: guest.id };
      late(guest.join('general'));
      late(one.presence.typing.start('general', typist));
      world.clock.timer(3_000, () => late(guest.close()));
    }
    await world.clock.advance(1_000);
  }
  // A batch of 512, those who are connected now, and those who typed in the last 20 s.
  expect(one.presence.stats().waiting).toBeLessThan(512 + 4 * 30 * 2 + 20 * 30);
  await world.clock.advance(20_000);
  expect(one.presence.stats().waiting).toBeLessThanOrEqual(512);
  one.cable.state = 'fine';
  await world.clock.advance(10_000);
  expect(one.presence.stats()).toMatchObject({ waiting: 0, entries: 2 });
  expect(seen.take().filter((event) => event.includes('guest'))).toEqual([]);
});
