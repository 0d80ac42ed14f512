import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 90_000 });

describe.each(databases)('of what somebody wants to be told, on %s', (kind) => {
  let world: World;
  let [ann, bob, eve]: Caller[] = [];

  beforeAll(async () => {
    world = await openWorld(kind);
    ann = await world.user('ann');
    bob = await world.user('bob');
    eve = await world.user('eve', { role: 'observer' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  let rooms = 0;
  const room = async (): Promise<string> =>
    (
      await world.chat.channels.create(as(ann), {
        kind: 'private',
        name: `r-${(rooms += 1)}`,
        members: [as(bob).userId],
      })
    ).id;
  const levelOf = async (who: Caller, channelId: string): Promise<unknown> =>
    (await world.chat.readings.list(who)).items.find((one) => one.channelId === channelId)?.level;

  test('they choose for each channel alone, all of their connections hear of it, and of what is so already none', async () => {
    const [id, other] = [await room(), await room()];
    expect(await levelOf(as(bob), id)).toBeNull();
    await world.chat.notifications.set(as(bob), id, 'muted');
    expect(await levelOf(as(bob), id)).toBe('muted');
    expect([await levelOf(as(bob), other), await levelOf(as(ann), id)]).toEqual([null, null]);
    expect(world.told.moments.at(-1)).toMatchObject({
      to: `agent:${as(bob).userId}`,
      channelId: id,
      event: { type: 'notifications.update', channelId: id, level: 'muted' },
    });
    const told = world.told.moments.length;
    await world.chat.notifications.set(as(bob), id, 'muted');
    expect(world.told.moments.length).toBe(told);
    await world.chat.notifications.set(as(bob), id, null);
    expect(await levelOf(as(bob), id)).toBeNull();
  });

  test('they choose what is usual, also before they are in any channel', async () => {
    const defaultOf = async (): Promise<unknown> => (await world.chat.readings.list(as(eve))).defaultLevel;
    expect(await world.chat.readings.list(as(eve))).toEqual({ items: [], defaultLevel: null });
    await world.chat.notifications.setDefault(as(eve), 'all');
    expect(await defaultOf()).toBe('all');
    expect(world.told.moments.at(-1)).toMatchObject({
      to: `agent:${as(eve).userId}`,
      channelId: null,
      event: { type: 'notifications.update', channelId: null, level: 'all' },
    });
    await world.chat.notifications.setDefault(as(eve), null);
    expect(await defaultOf()).toBeNull();
  });

  test('what is counted does not depend on it, and reading on leaves it', async () => {
    const id = await room();
    await world.chat.notifications.set(as(bob), id, 'muted');
    const { seq } = await world.chat.messages.send(as(ann), id, { content: 'hello @bob' });
    const list = async () =>
      (await world.chat.readings.list(as(bob))).items.find((one) => one.channelId === id);
    expect(await list()).toMatchObject({ unread: 1, mentions: 1, level: 'muted' });
    await world.chat.readings.mark(as(bob), id, seq);
    expect(await list()).toMatchObject({ unread: 0, mentions: 0, level: 'muted' });
  });

  test('only who is in the channel chooses, also who only reads, and in one that is archived; who comes back begins anew', async () => {
    const id = await room();
    const { set } = world.chat.notifications;
    expect(await codeOf(set(as(eve), id, 'all'))).toBe('NOT_FOUND');
    await world.chat.channels.putMember(as(ann), id, as(eve).userId, undefined);
    await set(as(eve), id, 'all');
    await world.chat.channels.archive(as(ann), id, true);
    await set(as(eve), id, 'muted');
    expect(await levelOf(as(eve), id)).toBe('muted');
    await world.chat.channels.archive(as(ann), id, false);
    await world.chat.channels.kick(as(ann), id, as(eve).userId);
    await world.chat.channels.putMember(as(ann), id, as(eve).userId, undefined);
    expect(await levelOf(as(eve), id)).toBeNull();
  });

  test('lists tell when something was last said in conversations, and of rooms nothing', async () => {
    const { id, createdAt } = await world.chat.channels.openDirect(as(ann), [as(bob).userId]);
    const lastIn = async (channelId: string): Promise<unknown> =>
      (await world.chat.channels.list(as(ann))).find((one) => one.id === channelId)?.lastMessageAt;
    expect(await lastIn(id)).toBe(createdAt);
    const { timestamp } = await world.chat.messages.send(as(bob), id, { content: 'hello' });
    expect(await lastIn(id)).toBe(timestamp);
    expect(await lastIn(await room())).toBeUndefined();
  });
});
