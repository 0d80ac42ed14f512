import { afterEach, beforeEach, expect, test } from 'vitest';
import { World } from './world.ts';

let world: World;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

const coder = { capabilities: ['code', 'review'], model: 'large', owner: 'ann', load: 0.5 };

test('agents are listed, found by what they can do, the least busy first', async () => {
  const [one, two] = [world.presence(), world.presence()];
  await world.settle(one.agents.register('coder', coder));
  const other = await world.settle(two.agents.register('critic', { capabilities: ['review'], load: 0.9 }));
  expect(await world.settle(two.agents.list())).toContainEqual({ agent: 'coder', online: true, ...coder });
  const named = async (...what: string[]): Promise<string[]> =>
    (await world.settle(one.agents.find(...what))).map(({ agent }) => agent);
  expect(await named('review')).toEqual(['coder', 'critic']);
  await world.settle(other.update({ load: 0 }));
  expect(await named('review')).toEqual(['critic', 'coder']);
  expect(await named('review', 'code')).toEqual(['coder']);
  expect(await named('sing')).toEqual([]);
});

test('an agent whose process is gone is listed as offline for five minutes, and told', async () => {
  const [one, two] = [world.process(), world.presence()];
  const told: string[] = [];
  const watch = two.agents.watch((agent, now) =>
    told.push(`${agent} ${now === undefined ? 'forgotten' : now.online ? 'online' : 'offline'}`),
  );
  await world.settle(watch.ready());
  await world.settle(one.presence.agents.register('coder', coder));
  await world.clock.advance(6_000);
  one.cable.state = 'hung';
  await world.clock.advance(11_000);
  expect(told.splice(0)).toEqual(['coder online', 'coder offline']);
  expect(await world.settle(two.agents.list())).toEqual([{ agent: 'coder', online: false, ...coder }]);
  expect(await world.settle(two.agents.find('code'))).toEqual([]);
  await world.clock.advance(300_000);
  expect(told.splice(0)).toEqual(['coder forgotten']);
  expect(watch.current).toEqual([]);
});

test('an agent that comes back is online, and one that is closed is forgotten at once', async () => {
  const [one, two] = [world.presence(), world.presence()];
  await world.settle(one.agents.register('coder', coder));
  await world.settle(one.close());
  expect(await world.settle(two.agents.list())).toMatchObject([{ agent: 'coder', online: false }]);
  const again = await world.settle(two.agents.register('coder', coder));
  expect(await world.settle(two.agents.list())).toMatchObject([{ agent: 'coder', online: true }]);
  await world.settle(again.close());
  expect(await world.settle(two.agents.list())).toMatchObject([{ agent: 'coder', online: false }]);
});

test('a card is held to its form', async () => {
  const { agents } = world.presence();
  await expect(agents.register('coder', { capabilities: ['code'], load: 2 })).rejects.toThrow('load must be');
  // @ts-expect-error an agent says what it can do
  await expect(agents.register('coder', {})).rejects.toThrow('capabilities must be');
});

test('an agent of which the registration was given up is not registered later', async () => {
  const [one, two] = [world.process(), world.presence()];
  one.cable.state = 'cut';
  const late = one.presence.agents.register('coder', coder).catch((error: unknown) => error);
  expect(await world.settle(late)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  one.cable.state = 'fine';
  await world.clock.advance(6_000);
  expect(await world.settle(two.agents.list())).toEqual([]);
  expect(one.presence.stats()).toMatchObject({ entries: 0, waiting: 0 });
});
