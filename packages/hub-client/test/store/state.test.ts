import type { ServerFrame } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { FakeHub } from '../support/fake-hub.ts';
import { live, seqsOf } from '../support/live.ts';
import { Saved } from '../support/saved.ts';
import { expectSame } from '../support/same.ts';
import { clientOf } from '../support/sockets.ts';
import { ada, bot, general, idOf, random, userOf } from '../support/values.ts';

describe('the state', () => {
  it('begins with the channels of the user, without their messages', async () => {
    const fake = new FakeHub();
    fake.room(general).say(bot, 'hello');
    fake.room(random, 'random', [bot]);
    const { hub } = await live(fake);
    await hub.ready;
    const { ready, me, channels, users } = hub.snapshot();
    expect({ ready, me, channels: [...channels.keys()] }).toEqual({
      ready: true,
      me: ada,
      channels: [general],
    });
    expect(users.get(bot)?.handle).toBe('bot');
    expect(channels.get(general)).toMatchObject({
      position: 1,
      older: true,
      messages: [],
      reading: { unread: 1 },
    });
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
    expect(hub.snapshot().channels.get(general)).toMatchObject({
      position: 81,
      older: true,
      members: undefined,
    });
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
    expect(
      hub
        .snapshot()
        .channels.get(general)
        ?.messages.map(({ content }) => content),
    ).toEqual(['kept', 'another']);
    expectSame(hub, room);
  });

  it('knows users in another epoch as they are there, though it has read them a moment ago', async () => {
    const { fake, hub, clock } = await live();
    const user = fake.users.get(bot);
    if (user === undefined) throw new Error('the bot is a user');
    fake.users.set(bot, { ...user, displayName: 'As it was in the backup' });
    fake.turn('epoch-2', () => undefined);
    fake.beacon();
    await clock.settle();
    expect(hub.snapshot().users.get(bot)?.displayName).toBe('As it was in the backup');
  });

  it('takes nothing that came early into another epoch', async () => {
    const { fake, room, hub, clock } = await live();
    room.say(bot, 'kept');
    let lost = true;
    fake.mangle = (frames) => (lost ? [] : frames);
    room.say(bot, 'lost');
    lost = false;
    room.say(bot, 'early, and of a history that is gone');
    lost = true;
    await clock.settle();
    fake.turn('epoch-2', (room) => {
      room.log.length = 1;
      for (const { id, seq } of room.messages.values()) if (seq > 1) room.messages.delete(id);
      room.channel = { ...room.channel, seq: 1 };
    });
    fake.beacon();
    await clock.settle();
    room.say(bot, 'second');
    room.say(bot, 'third');
    lost = false;
    room.say(bot, 'fourth');
    await clock.advance(60_000);
    expect(room.head).toBe(4);
    expectSame(hub, room);
  });

  it('counts nothing as read in another epoch that was not', async () => {
    const { fake, room, hub, clock } = await live();
    for (let i = 0; i < 5; i += 1) room.say(bot, `number ${i}`);
    await clock.settle();
    hub.markRead(general);
    await clock.settle();
    fake.turn('epoch-2', (room) => room.lastRead.set(ada, 2));
    fake.cut();
    await clock.advance(5_000);
    expect(hub.snapshot().channels.get(general)?.reading).toMatchObject({ lastReadSeq: 2, unread: 3 });
    expect(room.lastRead.get(ada)).toBe(2);
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
    expect(seqsOf(hub, general)).toEqual([1]);
  });

  it('typing and custom events reach who listens, also after a new connection', async () => {
    const { fake, hub, clock } = await live();
    const seen: string[] = [];
    hub.on('channel.typing', ({ state }) => seen.push(state));
    const stop = hub.listen('marketplace');
    fake.moment(
      { type: 'channel.typing', channelId: general, userId: bot, state: 'start', threadId: null },
      general,
    );
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
    room.join(idOf(77));
    const second = clientOf(fake, { positions });
    const heard: string[] = [];
    second.hub.on('channel.message', ({ message }) => heard.push(message.content));
    await second.clock.advance(5_000);
    expect(heard).toEqual(['missed']);
    expect(positions.latest).toEqual({ epoch: 'epoch-1', positions: { [general]: 3 } });
    expectSame(second.hub, room);
  });
});
