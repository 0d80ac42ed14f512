import type { Hub } from '@parley/hub-client';
import { HubError, type ServerFrame } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { FakeHub } from './support/fake-hub.ts';
import { Saved } from './support/saved.ts';
import { expectSame } from './support/same.ts';
import { clientOf } from './support/sockets.ts';
import { ada, bot, general, idOf, random, userOf } from './support/values.ts';

const seqsOf = (hub: Hub, channelId: string): number[] =>
  (hub.snapshot().channels.get(channelId)?.messages ?? []).map(({ seq }) => seq);

async function live(fake = new FakeHub()) {
  const room = fake.room(general);
  const { hub, clock } = clientOf(fake);
  await clock.advance(1);
  return { fake, room, hub, clock };
}

describe('the state', () => {
  it('begins with the channels of the user, without their messages', async () => {
    const fake = new FakeHub();
    fake.room(general).say(bot, 'hello');
    fake.room(random, 'random', [bot]);
    const { hub } = await live(fake);
    await hub.ready;
    const { ready, me, channels, users } = hub.snapshot();
    expect({ ready, me, channels: [...channels.keys()] }).toEqual({ ready: true, me: ada, channels: [general] });
    expect(users.get(bot)?.handle).toBe('bot');
    expect(channels.get(general)).toMatchObject({ position: 1, older: true, messages: [], reading: { unread: 1 } });
  });

  it('takes events in the order of their numbers, and none twice', async () => {
    const { fake, room, hub, clock } = await live();
    let held: readonly ServerFrame[] = [];
    fake.mangle = (frames) => {
      held = [...held, ...frames];
      return [];
    };
    for (let i = 0; i < 4; i += 1) room.say(bot, `number ${i}`);
    fake.mangle = (frames) => frames;
    fake.say(...held.toReversed(), ...held);
    await clock.settle();
    expect(seqsOf(hub, general)).toEqual([1, 2, 3, 4]);
    expectSame(hub, room);
  });

  it('finds a lost last event by the heads that the hub tells', async () => {
    const { fake, room, hub, clock } = await live();
    fake.mangle = () => [];
    room.say(bot, 'lost');
    fake.mangle = (frames) => frames;
    await clock.settle();
    expect(seqsOf(hub, general)).toEqual([]);
    fake.beacon();
    await clock.settle();
    expect(seqsOf(hub, general)).toEqual([1]);
  });

  it('asks again, and ever less often, while what it asks for is lost', async () => {
    const { fake, room, hub, clock } = await live();
    fake.mangle = () => [];
    room.say(bot, 'lost');
    fake.beacon();
    await clock.advance(60_000);
    const asked = fake.heard.filter(({ type }) => type === 'subscribe').length;
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(20);
    expect(hub.snapshot().channels.get(general)?.current).toBe(false);
    fake.mangle = (frames) => frames;
    await clock.advance(15_000);
    expectSame(hub, room);
  });

  it('is made anew when too much was missed', async () => {
    const { fake, room, hub, clock } = await live();
    room.say(bot, 'first');
    await hub.loadOlder(general);
    await hub.loadMembers(general);
    fake.longestGap = 5;
    fake.cut();
    for (let i = 0; i < 80; i += 1) room.say(bot, `number ${i}`);
    await clock.advance(5_000);
    expect(hub.snapshot().channels.get(general)).toMatchObject({ position: 81, older: true, members: undefined });
    expectSame(hub, room);
    expect(seqsOf(hub, general)).toHaveLength(50);
  });

  it('is made anew in another epoch, in which numbers mean other events', async () => {
    const { fake, room, hub, clock } = await live();
    room.say(bot, 'kept');
    const lost = room.say(bot, 'lost');
    await hub.loadOlder(general);
    fake.turn('epoch-2', (room) => {
      room.log.length = 1;
      room.messages.delete(lost.id);
      room.channel = { ...room.channel, seq: 1 };
    });
    fake.cut();
    room.say(bot, 'another');
    await clock.advance(5_000);
    expect(hub.snapshot().channels.get(general)?.messages.map(({ content }) => content)).toEqual(['kept', 'another']);
    expectSame(hub, room);
  });

  it('keeps what did not change as the same object', async () => {
    const { fake, room, hub, clock } = await live();
    const other = fake.openRoom(random, 'random');
    const first = room.say(bot, 'first');
    room.say(bot, 'second');
    other.say(bot, 'elsewhere');
    await clock.settle();
    const before = hub.snapshot();
    expect(hub.snapshot()).toBe(before);
    room.react(first.id, ada, 'yes', true);
    await clock.settle();
    const after = hub.snapshot();
    expect(after).not.toBe(before);
    expect(after.users).toBe(before.users);
    expect(after.channels.get(random)).toBe(before.channels.get(random));
    expect(after.channels.get(general)?.messages[1]).toBe(before.channels.get(general)?.messages[1]);
    expect(before.channels.get(general)?.messages[0]?.reactions).toEqual([]);
    room.join(idOf(77));
    await clock.settle();
    expect(hub.snapshot().channels.get(general)?.messages).toBe(after.channels.get(general)?.messages);
  });

  it('tells listeners of a change once for all frames of one message', async () => {
    const { fake, hub, clock, room } = await live();
    let held: readonly ServerFrame[] = [];
    fake.mangle = (frames) => {
      held = [...held, ...frames];
      return [];
    };
    for (let i = 0; i < 10; i += 1) room.say(bot, 'x');
    let told = 0;
    const stop = hub.subscribe(() => (told += 1));
    fake.say(...held);
    await clock.settle();
    expect(told).toBe(1);
    stop();
    fake.say(...held);
    await clock.settle();
    expect(told).toBe(1);
  });
});

describe('channels', () => {
  it('come when the user is taken in, and go when they leave', async () => {
    const { fake, hub, clock } = await live();
    const room = fake.openRoom(random, 'random');
    room.say(bot, 'welcome');
    await clock.advance(10);
    expect(hub.snapshot().channels.get(random)?.channel.name).toBe('random');
    expectSame(hub, room);
    room.leave(ada);
    await clock.settle();
    expect(hub.snapshot().channels.has(random)).toBe(false);
  });

  it('that were left while there was no connection are gone', async () => {
    const { fake, hub, clock } = await live();
    const room = fake.openRoom(random, 'random');
    await clock.advance(10);
    fake.cut();
    room.leave(ada);
    fake.mangle = () => [];
    await clock.advance(5_000);
    expect([...hub.snapshot().channels.keys()]).toEqual([general]);
  });

  it('are read again until that works', async () => {
    const { fake, hub, clock } = await live();
    fake.refuseRequest = (route) => (route.endsWith(random) ? new HubError('UNAVAILABLE', 'no database') : undefined);
    fake.openRoom(random, 'random');
    await clock.advance(30_000);
    expect(hub.snapshot().channels.has(random)).toBe(false);
    fake.refuseRequest = () => undefined;
    await clock.advance(60_000);
    expect(hub.snapshot().channels.has(random)).toBe(true);
  });
});

describe('what is read when somebody asks', () => {
  it('older messages come before the others, without gaps', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    for (let i = 0; i < 12; i += 1) room.say(bot, `number ${i}`);
    const { hub, clock } = await live(fake);
    room.say(bot, 'live');
    await clock.settle();
    expect(await hub.loadOlder(general, 5)).toBe(true);
    expect(seqsOf(hub, general)).toEqual([8, 9, 10, 11, 12, 13]);
    expect(await hub.loadOlder(general, 100)).toBe(false);
    expect(seqsOf(hub, general)).toHaveLength(13);
    expect(await hub.loadOlder(general)).toBe(false);
    expectSame(hub, room);
  });

  it('does not undo what was heard while it was on its way', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    const message = room.say(bot, 'old');
    const { fetch } = fake;
    const held = Promise.withResolvers<void>();
    const options = {
      fetch: (async (...args) => {
        const response = await fetch(...args);
        const text = await response.text();
        if (text.includes('"older"')) await held.promise;
        return new Response(text, response);
      }) satisfies typeof globalThis.fetch,
    };
    const { hub, clock } = clientOf(fake, options);
    await clock.advance(1);
    const loading = hub.loadOlder(general);
    await clock.settle();
    room.edit(message.id, 'new');
    room.react(message.id, bot, 'yes', true);
    await clock.settle();
    held.resolve();
    await loading;
    expectSame(hub, room);
  });

  it('threads and pins and members are whole', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    const root = room.say(bot, 'root');
    room.say(bot, 'reply', { threadId: root.id });
    room.pin(root.id, true);
    const { hub, clock } = await live(fake);
    await hub.loadThread(general, root.id);
    await hub.loadPins(general);
    await hub.loadMembers(general);
    room.say(bot, 'second', { threadId: root.id });
    room.join(idOf(77));
    await clock.settle();
    const shown = hub.snapshot().channels.get(general);
    expect(shown?.threads.get(root.id)?.messages.map(({ content }) => content)).toEqual(['reply', 'second']);
    expect(shown?.threads.get(root.id)?.complete).toBe(true);
    expect(shown?.pins.map(({ id }) => id)).toEqual([root.id]);
    expect([...(shown?.members?.keys() ?? [])]).toEqual([ada, bot, idOf(77)]);
    // They stand further back: the messages between are not here.
    expect(shown?.messages).toEqual([]);
  });

  it('lets go of old messages beyond what is to be kept', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    const { hub, clock } = clientOf(fake, { keep: 10 });
    await clock.advance(1);
    for (let i = 0; i < 50; i += 1) room.say(bot, `number ${i}`);
    await clock.settle();
    const shown = hub.snapshot().channels.get(general);
    expect(shown?.messages.length).toBeLessThanOrEqual(13);
    expect(shown?.older).toBe(true);
    expect(shown?.reading.unread).toBe(50);
    expectSame(hub, room);
  });
});

describe('what is unread', () => {
  it('counts messages of others, and neither deleted ones nor own ones nor replies', async () => {
    const { room, hub, clock } = await live();
    const root = room.say(bot, 'one');
    room.say(bot, 'two', { mentions: { users: [ada], roles: [], here: false } });
    room.say(ada, 'own');
    room.say(bot, 'thought', { kind: 'thought' });
    room.say(bot, 'reply', { threadId: root.id });
    await clock.settle();
    const reading = () => hub.snapshot().channels.get(general)?.reading;
    expect(reading()).toMatchObject({ unread: 2, mentions: 1 });
    room.delete(root.id);
    await clock.settle();
    expect(reading()?.unread).toBe(1);
    hub.markRead(general);
    expect(reading()).toMatchObject({ unread: 0, mentions: 0, lastReadSeq: room.head });
    room.say(bot, 'next');
    await clock.settle();
    expect(reading()?.unread).toBe(1);
    expect(room.lastRead.get(ada)).toBe(room.head - 1);
  });

  it('is what the hub counts where the messages are not here', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    for (let i = 0; i < 8; i += 1) room.say(bot, `number ${i}`);
    room.lastRead.set(ada, 2);
    const { hub, clock } = await live(fake);
    const unread = () => hub.snapshot().channels.get(general)?.reading.unread;
    expect(unread()).toBe(6);
    room.say(bot, 'live');
    await clock.settle();
    expect(unread()).toBe(7);
    await hub.loadOlder(general, 3);
    expect(unread()).toBe(7);
    await hub.loadOlder(general);
    expect(unread()).toBe(7);
  });

  it('a marker that was moved without a connection reaches the hub with the next one', async () => {
    const { fake, room, hub, clock } = await live();
    room.say(bot, 'one');
    await clock.settle();
    fake.cut();
    await clock.settle();
    hub.markRead(general);
    await clock.advance(5_000);
    expect(room.lastRead.get(ada)).toBe(1);
  });
});

describe('events', () => {
  it('are told by type, each once, and those of a later version with their number', async () => {
    const { fake, room, hub, clock } = await live();
    const typed: string[] = [];
    const all: (number | undefined)[] = [];
    hub.on('channel.message', ({ message }) => typed.push(message.content));
    hub.on('event', ({ type }, { seq }) => all.push(type === 'unknown' ? -(seq ?? 0) : seq));
    room.say(bot, 'one');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    room.tell({ type: 'channel.poll', channelId: general } as never);
    room.say(bot, 'two');
    fake.moment({ type: 'user.update', user: { ...userOf(bot, 'robot') } });
    await clock.settle();
    expect(typed).toEqual(['one', 'two']);
    expect(all).toEqual([1, -2, 3, undefined]);
    expect(hub.snapshot().users.get(bot)?.handle).toBe('robot');
  });

  it('a listener that throws harms nobody', async () => {
    const { room, hub, clock } = await live();
    hub.on('event', () => {
      throw new Error('mine');
    });
    room.say(bot, 'one');
    await clock.settle();
    expectSame(hub, room);
  });

  it('typing and custom events reach who listens, also after a new connection', async () => {
    const { fake, hub, clock } = await live();
    const seen: string[] = [];
    hub.on('channel.typing', ({ state }) => seen.push(state));
    const stop = hub.listen('marketplace');
    fake.moment({ type: 'channel.typing', channelId: general, userId: bot, state: 'start', threadId: null }, general);
    hub.typing(general, 'start');
    await clock.settle();
    expect(seen).toEqual(['start']);
    fake.cut();
    await clock.advance(5_000);
    expect(fake.heard.filter(({ type }) => type === 'listen')).toHaveLength(2);
    stop();
    await clock.settle();
    expect(fake.heard.at(-1)).toEqual({ type: 'unlisten', topic: 'marketplace' });
  });
});

describe('positions that are kept', () => {
  it('let a client that starts anew hear what it missed', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    const positions = new Saved();
    const first = clientOf(fake, { positions });
    await first.clock.advance(1);
    room.say(bot, 'heard');
    await first.clock.settle();
    first.hub.close();
    room.say(bot, 'missed');
    const second = clientOf(fake, { positions });
    const heard: string[] = [];
    second.hub.on('channel.message', ({ message }) => heard.push(message.content));
    await second.clock.advance(5_000);
    expect(heard).toEqual(['missed']);
    expect(positions.latest).toEqual({ epoch: 'epoch-1', positions: { [general]: 2 } });
    expectSame(second.hub, room);
  });
});
