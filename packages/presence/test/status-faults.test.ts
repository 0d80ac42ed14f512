import { StoreUnavailable } from '@parley/cache-core/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { partedStore } from './parted-store.ts';
import { Seen, World } from './world.ts';

let world: World;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

/** Ann, in a channel that another process watches. */
async function inGeneral() {
  const [one, two] = [world.presence(), world.presence()];
  await world.settle(two.watch('general', () => undefined).ready());
  const ann = one.connect({ user: 'ann' });
  await world.settle(ann.join('general'));
  return { one, two, ann };
}

describe('a choice that could not be written in time', () => {
  test.each(['invisible', undefined] as const)('is not written later: %s', async (choice) => {
    const { two, ann } = await inGeneral();
    const away = world.process();
    await world.settle(two.setStatus('ann', { availability: 'dnd' }));
    await world.settle(away.presence.users(['ann']));
    away.cable.state = 'cut';
    const late = away.presence
      .setStatus('ann', choice && { availability: choice })
      .catch((error: unknown) => error);
    expect(await world.settle(late)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await world.settle(two.setStatus('ann', { availability: 'away' }));
    away.cable.state = 'fine';
    await world.clock.advance(10_000);
    expect((await world.settle(two.users(['ann'])))[0]).toMatchObject({ status: 'away' });
    expect(ann.open).toBe(true);
  });

  test('is not made again when the store may have lost it', async () => {
    const { one, two } = await inGeneral();
    await world.settle(two.setStatus('bob', { text: 'somewhere' }));
    const { change } = world.store;
    Object.assign(world.store, { change: () => Promise.reject(new StoreUnavailable('it is away')) });
    const late = one.setStatus('ann', { availability: 'dnd' }).catch((error: unknown) => error);
    expect(await world.settle(late)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    Object.assign(world.store, { change });
    world.store.forget();
    await world.clock.advance(15_000);
    expect((await world.settle(two.users(['ann'])))[0]).toMatchObject({ status: 'online' });
  });
});

test('a status that is put back does not replace one that its user has chosen since the store lost it', async () => {
  const { two } = await inGeneral();
  const { store } = world;
  let refusing = false;
  const refused: unknown[] = [];
  const change: typeof store.change = async (...words) => {
    if (!refusing || words[0].changes.every(({ channel }) => channel !== 's:all'))
      return store.change(...words);
    refused.push(words);
    throw new StoreUnavailable('it is not there yet');
  };
  const slow = world.presence({ store: { ...store, change } });
  await world.settle(slow.connect({ user: 'bob' }).join('general'));
  await world.settle(two.setStatus('bob', { availability: 'dnd' }));
  // Until then the other process chooses it again.
  await world.clock.advance(11_000);
  refusing = true;
  store.forget();
  while (refused.length === 0) await world.clock.advance(100);
  await world.settle(two.setStatus('bob', { availability: 'away' }));
  await world.clock.settle();
  refusing = false;
  await world.clock.advance(10_000);
  expect((await world.settle(two.users(['bob'])))[0]).toMatchObject({ status: 'away' });
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

describe('while what users have chosen cannot be read, and the rest can', () => {
  const parts = () =>
    partedStore(world.clock, ['statuses', 'rest'], (channel) => (channel === 's:all' ? 'statuses' : 'rest'));

  test('whoever asks is told at the limit that it takes too long', async () => {
    const store = parts();
    store.away.add('statuses');
    const presence = world.presence({ store });
    const all = Promise.allSettled([presence.members('general'), presence.users(['ann'])]);
    expect(await world.settle(all, 5_010)).toMatchObject([
      { reason: { code: 'DEADLINE_EXCEEDED' } },
      { reason: { code: 'DEADLINE_EXCEEDED' } },
    ]);
  });

  test('views of channels and users are stale, and told to be once', async () => {
    const store = parts();
    const presence = world.presence({ store });
    const seen = new Seen();
    const users: boolean[] = [];
    const watch = presence.watch('general', seen.listener);
    const watched = presence.watchUsers(['ann'], (_, stale) => users.push(stale));
    await world.settle(Promise.all([watch.ready(), watched.ready()]));
    store.away.add('statuses');
    await world.clock.advance(6_000);
    for (let i = 0; i < 100; i++) {
      await world.clock.advance(100);
      expect(watch.current.stale).toBe(true);
    }
    store.away.clear();
    await world.clock.advance(6_000);
    expect([seen.take(), users]).toEqual([
      ['snapshot', 'stale', 'right'],
      [false, true, false],
    ]);
  });
});

describe('more statuses than one view holds', () => {
  test('make every view stale, until there are fewer; who hid before is not shown', async () => {
    Object.assign(world.store, { capabilities: { ...world.store.capabilities, maxMembers: 4 } });
    const presence = world.presence({ largeAbove: 4, sample: 1 });
    const seen = new Seen();
    const watch = presence.watch('general', seen.listener);
    await world.settle(watch.ready());
    for (const user of ['ann', 'bob', 'cy']) {
      await world.settle(presence.connect({ user }).join('general'));
      await world.settle(presence.setStatus(user, { availability: 'invisible' }));
    }
    await world.clock.settle();
    seen.take();
    await world.settle(presence.setStatus('dan', { text: 'away' }));
    await world.settle(presence.setStatus('eve', { text: 'away' }));
    await world.clock.advance(6_000);
    expect(watch.current).toMatchObject({ users: 0, stale: true });
    expect(await world.settle(presence.health())).toMatchObject({ status: 'degraded' });
    const late = world.presence({ largeAbove: 4, sample: 1 });
    expect(await world.settle(late.members('general'))).toMatchObject({ stale: true });
    expect(seen.take()).toEqual(['stale']);
    // One that nobody heard of is known when all are.
    for (const user of ['ann', 'dan', 'eve']) await world.settle(late.setStatus(user, undefined));
    await world.clock.advance(6_000);
    expect(seen.take()).toEqual(['join ann online', 'right']);
    expect(await world.settle(late.members('general'))).toMatchObject({ stale: false, users: 1 });
    expect(await world.settle(presence.health())).toMatchObject({ status: 'up' });
  });
});
