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
