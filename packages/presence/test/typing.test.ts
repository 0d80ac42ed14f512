import type { TypingNow } from '@parley/presence';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { World } from './world.ts';

let world: World;
let told: string[];

beforeEach(() => {
  world = new World();
  told = [];
});
afterEach(() => world.close());

const note = ({ users, several }: TypingNow): void =>
  void told.push(several ? 'several people' : users.join(' '));

/** A process in which somebody types, and one that watches. */
async function pair() {
  const [one, two] = [world.process(), world.process()];
  const watch = two.presence.typing.watch('general', note);
  await world.settle(watch.ready());
  expect(told.splice(0)).toEqual(['']);
  return { one, two, watch };
}

test('somebody types until they stop, or what they typed is sent', async () => {
  const { one } = await pair();
  await world.settle(one.presence.typing.start('general', { user: 'ann' }));
  await world.settle(one.presence.typing.start('general', { user: 'bob' }));
  await world.clock.settle();
  expect(told.splice(0)).toEqual(['ann', 'ann bob']);
  await world.settle(one.presence.typing.stop('general', { user: 'ann' }));
  await world.clock.settle();
  expect(told.splice(0)).toEqual(['bob']);
});

test('who goes on typing is told once, and to the store every three seconds', async () => {
  const { one, watch } = await pair();
  const before = one.presence.stats().changes;
  for (let i = 0; i < 200; i++) {
    await one.presence.typing.start('general', { user: 'ann' });
    await world.clock.advance(100);
  }
  expect(told.splice(0)).toEqual(['ann']);
  expect(one.presence.stats().changes - before).toBeLessThanOrEqual(8);
  expect(watch.current.users).toEqual(['ann']);
});

test('typing ends by itself after ten seconds', async () => {
  const { one } = await pair();
  await world.settle(one.presence.typing.start('general', { user: 'ann' }));
  await world.clock.advance(9_500);
  expect(told.splice(0)).toEqual(['ann']);
  await world.clock.advance(1_500);
  expect(told.splice(0)).toEqual(['']);
});

test.each(['hung', 'cut'] as const)('typing ends when its process is %s', async (state) => {
  const { one } = await pair();
  await world.settle(one.presence.typing.start('general', { user: 'ann' }));
  one.cable.state = state;
  await world.clock.advance(11_000);
  expect(told.splice(0)).toEqual(['ann', '']);
});

test('typing ends for who watches also when the store is away', async () => {
  const { one, two } = await pair();
  await world.settle(one.presence.typing.start('general', { user: 'ann' }));
  two.cable.state = 'cut';
  await world.clock.advance(20_000);
  expect(told.at(-1)).toBe('');
});

test('typing ends with the connection', async () => {
  const { one } = await pair();
  const ann = one.presence.connect({ user: 'ann', connection: 'tab' });
  await world.settle(one.presence.typing.start('general', { user: 'ann', connection: 'tab' }));
  await world.settle(ann.close());
  await world.clock.settle();
  expect(told.splice(0)).toEqual(['ann', '']);
});

test('who comes later sees who types, and many are not named', async () => {
  const { one, two } = await pair();
  for (const user of ['ann', 'bob', 'cy', 'dee'])
    await world.settle(one.presence.typing.start('general', { user }));
  await world.clock.settle();
  expect(told.splice(0)).toEqual(['ann', 'ann bob', 'ann bob cy', 'several people']);
  expect(await two.presence.typing.list('general')).toMatchObject({ several: true });
  expect(await world.settle(world.presence().typing.list('general'))).toEqual({
    users: [],
    several: true,
    stale: false,
  });
  await world.settle(one.presence.typing.stop('general', { user: 'bob' }));
  const late = await world.settle(world.presence().typing.list('general'));
  expect(late.users.toSorted()).toEqual(['ann', 'cy', 'dee']);
});

test('what was typed while the store was away is not told later', async () => {
  const { one } = await pair();
  one.cable.state = 'cut';
  const started = one.presence.typing.start('general', { user: 'ann' });
  const outcome = Promise.allSettled([started]);
  await world.clock.advance(12_000);
  one.cable.state = 'fine';
  await world.clock.advance(3_000);
  expect(await outcome).toMatchObject([{ reason: { code: 'DEADLINE_EXCEEDED' } }]);
  expect(told.filter((words) => words !== '')).toEqual([]);
});

test.each(['hung', 'cut'] as const)(
  'nobody waits longer than the limit for a store that is %s',
  async (state) => {
    const { one } = await pair();
    await world.settle(one.presence.typing.start('general', { user: 'ann' }));
    one.cable.state = state;
    const all = Promise.allSettled([
      one.presence.typing.start('general', { user: 'bob' }),
      one.presence.typing.stop('general', { user: 'ann' }),
    ]);
    expect(await world.settle(all, 5_010)).toMatchObject([
      { reason: { code: 'DEADLINE_EXCEEDED' } },
      { reason: { code: 'DEADLINE_EXCEEDED' } },
    ]);
  },
);
