import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Seen, World } from './world.ts';

let world: World;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

describe('who is in a channel', () => {
  test('is seen in every process, from the first look on', async () => {
    const [one, two] = [world.presence(), world.presence()];
    const seen = new Seen();
    const watch = two.watch('general', seen.listener);
    await world.settle(watch.ready());
    expect(seen.take()).toEqual(['snapshot']);
    const ann = one.connect({ user: 'ann' });
    await world.settle(ann.join('general'));
    await world.clock.settle();
    expect(seen.take()).toEqual(['join ann online']);
    expect(watch.current).toMatchObject({ users: 1, complete: true, stale: false });
    await world.settle(ann.leave('general'));
    await world.clock.settle();
    expect(seen.take()).toEqual(['leave ann']);
  });

  test('somebody with two connections comes once and goes once', async () => {
    const [one, two] = [world.presence(), world.presence()];
    const seen = new Seen();
    await world.settle(two.watch('general', seen.listener).ready());
    const tabs = [one.connect({ user: 'ann' }), two.connect({ user: 'ann' })];
    for (const tab of tabs) await world.settle(tab.join('general'));
    expect((await world.settle(one.counts(['general'])))[0]).toEqual({ users: 1, connections: 2 });
    await world.settle(tabs[0]?.close() ?? Promise.resolve());
    await world.settle(tabs[1]?.close() ?? Promise.resolve());
    await world.clock.advance(1_000);
    expect(seen.take()).toEqual(['snapshot', 'join ann online', 'leave ann']);
  });

  test('of a process that crashed goes when its lease is over, within 11 seconds', async () => {
    const [one, two] = [world.process(), world.presence()];
    const seen = new Seen();
    await world.settle(two.watch('general', seen.listener).ready());
    await world.settle(one.presence.connect({ user: 'ann' }).join('general'));
    await world.clock.advance(1_000);
    expect(seen.take()).toEqual(['snapshot', 'join ann online']);
    one.cable.state = 'hung';
    await world.clock.advance(6_400);
    expect(seen.take()).toEqual([]);
    await world.clock.advance(4_600);
    expect(seen.take()).toEqual(['leave ann']);
  });
});

describe('what is followed', () => {
  test('is followed no more when it is closed, also where a user was named twice, or one cannot be named', async () => {
    const presence = world.presence();
    const watch = presence.watchUsers(['ann', 'bob', 'ann'], () => undefined);
    await world.settle(watch.ready());
    expect([...watch.current.keys()]).toEqual(['ann', 'bob']);
    const before = presence.stats().followed;
    watch.close();
    expect(before - presence.stats().followed).toBe(2);
    expect(() => presence.watchUsers(['cy', ''], () => undefined)).toThrow('user');
    expect(before - presence.stats().followed).toBe(2);
  });

  test('is nothing after the end', async () => {
    const presence = world.presence();
    await world.settle(presence.close());
    expect(() => presence.typing.watch('general', () => undefined)).toThrow('is closed');
    expect(() => presence.agents.watch(() => undefined)).toThrow('is closed');
    expect([presence.stats().followed, world.clock.pending]).toEqual([0, 0]);
  });
});
