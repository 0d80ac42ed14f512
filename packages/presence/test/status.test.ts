import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Seen, World } from './world.ts';

let world: World;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

async function inGeneral() {
  const [one, two] = [world.presence(), world.presence()];
  const seen = new Seen();
  const watch = two.watch('general', seen.listener);
  await world.settle(watch.ready());
  const ann = one.connect({ user: 'ann', avatar: 'a.png', details: { team: 'red' } });
  await world.settle(ann.join('general'));
  await world.clock.settle();
  expect(seen.take()).toEqual(['snapshot', 'join ann online']);
  return { one, two, seen, watch, ann };
}

describe('what connections say', () => {
  test('any that is online makes its user online', async () => {
    const { two, seen, ann } = await inGeneral();
    const phone = two.connect({ user: 'ann', activity: 'away' });
    await world.settle(phone.join('general'));
    await world.settle(ann.update({ activity: 'away' }));
    await world.clock.advance(100);
    expect(seen.take()).toEqual(['update ann away']);
    await world.settle(phone.update({ activity: 'online' }));
    await world.settle(ann.close());
    await world.clock.advance(100);
    expect(seen.take()).toEqual(['update ann online']);
  });

  test('of a burst the first change goes at once, and the others together', async () => {
    const { one, seen, ann } = await inGeneral();
    const before = one.stats().changes;
    const updates = [ann.update({ activity: 'away' })];
    await world.clock.settle();
    expect(seen.take()).toEqual(['update ann away']);
    for (let i = 0; i < 20; i++) updates.push(ann.update({ activity: i % 2 === 0 ? 'online' : 'away' }));
    updates.push(ann.update({ activity: 'online' }));
    await world.clock.advance(50);
    expect(seen.take()).toEqual([]);
    await world.clock.advance(50);
    expect(seen.take()).toEqual(['update ann online']);
    await world.settle(Promise.all(updates));
    // Each goes to the channel and to the user.
    expect(one.stats().changes - before).toBe(4);
  });

  test('avatar and details are told, and what is no activity is refused', async () => {
    const { watch, ann } = await inGeneral();
    expect(watch.current.members[0]).toEqual({
      user: 'ann',
      status: 'online',
      avatar: 'a.png',
      details: { team: 'red' },
    });
    // @ts-expect-error there is no such activity
    expect(() => ann.update({ activity: 'busy' })).toThrow('activity must be online or away');
    expect(() => ann.update({ details: { long: 'x'.repeat(100_000) } })).toThrow('at most 65536 bytes');
  });
});

describe('what a user chooses', () => {
  test('is told as it was chosen, by any process and whether they are there or not', async () => {
    const [one, two] = [world.presence(), world.presence()];
    expect(await world.settle(two.chosen('ann'))).toBeUndefined();
    await world.settle(one.setStatus('ann', { availability: 'invisible', text: 'Away', expires: '1h' }));
    await world.clock.settle();
    const until = world.clock.now() + 3_600_000;
    for (const presence of [one, two])
      expect(await world.settle(presence.chosen('ann'))).toEqual({
        availability: 'invisible',
        text: 'Away',
        until,
      });
    await world.settle(two.setStatus('ann', undefined));
    expect(await world.settle(two.chosen('ann'))).toBeUndefined();
    await expect(two.chosen('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  test('is seen in every channel and process, over what connections say, until it is taken back', async () => {
    const { one, two, seen, watch } = await inGeneral();
    await world.settle(two.setStatus('ann', { availability: 'dnd', text: 'In a meeting', emoji: '📅' }));
    await world.clock.settle();
    expect(seen.take()).toEqual(['update ann dnd']);
    expect(watch.current.members[0]).toMatchObject({ status: 'dnd', text: 'In a meeting', emoji: '📅' });
    const other = await world.settle(one.members('general'));
    expect(other.members[0]).toMatchObject({ status: 'dnd', text: 'In a meeting' });
    await world.settle(one.setStatus('ann', undefined));
    await world.clock.settle();
    expect(seen.take()).toEqual(['update ann online']);
    expect(watch.current.members[0]).not.toHaveProperty('text');
  });

  test('hides what makes no difference any more', async () => {
    const { one, seen, ann } = await inGeneral();
    await world.settle(one.setStatus('ann', { availability: 'dnd' }));
    await world.settle(ann.update({ activity: 'away' }));
    await world.clock.advance(200);
    expect(seen.take()).toEqual(['update ann dnd']);
  });

  test('ends when it should', async () => {
    const { one, seen, watch } = await inGeneral();
    await world.settle(one.setStatus('ann', { text: 'Lunch', expires: '30s' }));
    await world.clock.advance(29_000);
    expect(watch.current.members[0]).toMatchObject({ text: 'Lunch', until: expect.any(Number) });
    seen.take();
    await world.clock.advance(2_000);
    expect(seen.take()).toEqual(['update ann online']);
    expect(watch.current.members[0]).not.toHaveProperty('text');
  });

  test('may be not to be seen at all', async () => {
    const { one, two, seen, watch } = await inGeneral();
    await world.settle(one.setStatus('ann', { availability: 'invisible' }));
    await world.clock.settle();
    expect(seen.take()).toEqual(['leave ann']);
    expect(watch.current).toMatchObject({ users: 0, members: [] });
    const [user] = await world.settle(two.users(['ann']));
    expect(user).toEqual({ user: 'ann', status: 'offline' });
    await world.settle(one.setStatus('ann', { availability: 'online' }));
    await world.clock.settle();
    expect(seen.take()).toEqual(['join ann online']);
  });

  test('is put back when the store loses it', async () => {
    const { one, two, seen, watch } = await inGeneral();
    await world.settle(two.setStatus('ann', { availability: 'dnd', text: 'Busy' }));
    await world.settle(two.setStatus('bob', { text: 'not here' }));
    // Until then whoever was told that it is chosen chooses it again.
    await world.clock.advance(11_000);
    seen.take();
    world.store.forget();
    await world.clock.advance(20_000);
    expect(seen.take().filter((event) => /join|leave/.test(event))).toEqual([]);
    expect(watch.current.members[0]).toMatchObject({ status: 'dnd', text: 'Busy' });
    const late = world.presence();
    const [ann, bob] = await world.settle(late.users(['ann', 'bob']));
    expect(ann).toMatchObject({ status: 'dnd', text: 'Busy' });
    expect(bob).not.toHaveProperty('text');
    expect(one.stats().leasesLapsed).toBe(1);
  });

  test('is held to its limits', () => {
    const presence = world.presence();
    expect(() => presence.setStatus('ann', { text: 'x'.repeat(300) })).toThrow('text must be');
    // @ts-expect-error there is no such availability
    expect(() => presence.setStatus('ann', { availability: 'asleep' })).toThrow('availability must be');
  });
});

describe('users', () => {
  test('are watched wherever they are, with when they were last seen', async () => {
    const { one, two, ann } = await inGeneral();
    const told: string[] = [];
    const watch = two.watchUsers(['ann', 'bob'], ({ user, status }) => told.push(`${user} ${status}`));
    await world.settle(watch.ready());
    expect(told.splice(0).toSorted()).toEqual(['ann online', 'bob offline']);
    await world.settle(one.setStatus('ann', { availability: 'dnd' }));
    await world.settle(one.connect({ user: 'bob' }).ready());
    await world.clock.settle();
    expect(told.splice(0)).toEqual(['ann dnd', 'bob online']);
    await world.settle(one.setStatus('ann', undefined));
    const leftAt = world.clock.now();
    await world.settle(ann.close());
    await world.clock.advance(60_000);
    expect(told.splice(0)).toEqual(['ann online', 'ann offline']);
    expect(watch.current.get('ann')).toEqual({ user: 'ann', status: 'offline', lastSeen: leftAt });
    watch.close();
    const [again, never] = await world.settle(one.users(['ann', 'dave']));
    expect([again?.lastSeen, never]).toEqual([leftAt, { user: 'dave', status: 'offline' }]);
  });
});

describe('a choice that a server that was behind has lost when it takes over', () => {
  /** Choices are answered as if they were carried out, and are not; then a copy without them takes over. */
  async function losing(work: () => Promise<void>): Promise<void> {
    const { change, read } = world.store;
    Object.assign(world.store, {
      change: async (...[batch]: Parameters<typeof change>) => ({
        ...(await change({ ...batch, changes: [] })),
        outcomes: batch.changes.map(() => 'done' as const),
      }),
    });
    await work();
    Object.assign(world.store, {
      change,
      read: async (...[requests]: Parameters<typeof read>) => {
        const views = await read(requests.map(({ channel, limit }) => ({ channel, limit })));
        return views.map((view) => ({ ...view, epoch: `${view.epoch} after` }));
      },
    });
    await world.clock.advance(12_000);
  }

  test.each([
    { before: 'dnd', later: 'invisible', seen: 'offline' },
    { before: 'dnd', later: undefined, seen: 'online' },
    { before: undefined, later: 'invisible', seen: 'offline' },
  ] as const)('is made again: $later over $before', async ({ before, later, seen }) => {
    const { one, two } = await inGeneral();
    const choose = (availability: 'dnd' | 'invisible' | undefined): Promise<void> =>
      world.settle(one.setStatus('ann', availability && { availability }));
    await choose(before);
    await world.clock.advance(11_000);
    await losing(() => choose(later));
    const [ann] = await world.settle(two.users(['ann']));
    expect(ann?.status).toBe(seen);
  });

  test('is not made again over a later one of another process', async () => {
    const { one, two } = await inGeneral();
    await world.settle(one.setStatus('ann', { availability: 'invisible' }));
    await world.clock.advance(1_000);
    await world.settle(two.setStatus('ann', { availability: 'dnd' }));
    await world.clock.advance(1_000);
    await losing(() => Promise.resolve());
    const [ann] = await world.settle(one.users(['ann']));
    expect(ann?.status).toBe('dnd');
  });
});

describe('a connection that is lost without a word', () => {
  test('is there until the grace is over', async () => {
    const { seen, ann } = await inGeneral();
    ann.lost();
    await world.clock.advance(4_900);
    expect(seen.take()).toEqual([]);
    await world.clock.advance(200);
    expect(seen.take()).toEqual(['leave ann']);
    expect(ann.open).toBe(false);
  });

  test('never was away when it comes back in time, with what it had joined', async () => {
    const { one, seen, ann } = await inGeneral();
    ann.lost();
    await world.clock.advance(4_000);
    const again = one.connect({ user: 'ann', connection: ann.id });
    expect(again).toBe(ann);
    await world.clock.advance(10_000);
    expect(seen.take()).toEqual([]);
    expect([...again.channels]).toEqual(['general']);
  });
});

describe('a large channel', () => {
  test('has counts and a sample, and everybody again when it is small', async () => {
    const options = { largeAbove: 10, sample: 4 };
    const [one, two] = [world.presence(options), world.presence(options)];
    const seen = new Seen();
    const watch = two.watch('all hands', seen.listener);
    await world.settle(watch.ready());
    const people = Array.from({ length: 30 }, (_, i) => one.connect({ user: `u${i}` }));
    await world.settle(Promise.all(people.map((person) => person.join('all hands'))));
    await world.clock.advance(5_000);
    expect(watch.current).toMatchObject({ users: 30, connections: 30, complete: false, stale: false });
    expect(watch.current.members).toHaveLength(4);
    expect(await world.settle(one.members('all hands'))).toMatchObject({ users: 30, complete: false });
    const gone = people.slice(5).map((person) => person.leave('all hands'));
    await world.settle(Promise.all(gone));
    await world.clock.advance(5_000);
    expect(watch.current).toMatchObject({ users: 5, complete: true, stale: false });
    expect(watch.current.members).toHaveLength(5);
    seen.take();
    await world.settle(people[0]?.leave('all hands') ?? Promise.resolve());
    await world.clock.settle();
    expect(seen.take()).toEqual(['leave u0']);
  });
});
