import { HubError, type ServerFrame } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { FakeHub } from '../support/fake-hub.ts';
import { live, seqsOf } from '../support/live.ts';
import { expectSame } from '../support/same.ts';
import { clientOf } from '../support/sockets.ts';
import { ada, bot, general, idOf, random } from '../support/values.ts';

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

  it('are told of from where the user came in, however late they are read', async () => {
    const { fake, hub, clock } = await live();
    const told: string[] = [];
    hub.on('channel.message', ({ message }) => told.push(message.content));
    const room = fake.openRoom(random, 'random');
    for (const content of ['for you', 'and you', 'and you']) room.say(bot, content);
    await clock.advance(10);
    expect(told).toEqual(['for you', 'and you', 'and you']);
    expect(seqsOf(hub, random)).toEqual([2, 3, 4]);
    expect(hub.snapshot().channels.get(random)?.reading.unread).toBe(3);
    expectSame(hub, room);
  });

  it('are told of from where the user came in, however late their logs come', async () => {
    const { fake, hub, clock } = await live();
    const told: string[] = [];
    hub.on('channel.message', ({ message }) => told.push(message.content));
    const late: ServerFrame[] = [];
    fake.mangle = (frames) => {
      const ofLogs = frames.filter((frame) => frame.type === 'event' && frame.seq !== undefined);
      late.push(...ofLogs);
      return frames.filter((frame) => !ofLogs.includes(frame));
    };
    const room = fake.openRoom(random, 'random');
    room.say(bot, 'for you');
    await clock.advance(10);
    expect(hub.snapshot().channels.get(random)?.channel.name).toBe('random');
    fake.mangle = (frames) => [...late.splice(0), ...frames];
    room.say(bot, 'and you');
    await clock.advance(10);
    expect(told).toEqual(['for you', 'and you']);
    expectSame(hub, room);
  });

  it('that the user was taken in to twice meanwhile are told of from the last time on', async () => {
    const { fake, hub, clock } = await live();
    const room = fake.openRoom(random, 'random');
    room.leave(ada);
    room.join(ada);
    room.say(bot, 'welcome back');
    await clock.advance(10);
    expect(seqsOf(hub, random)).toEqual([4]);
    expectSame(hub, room);
  });

  it('that were left while there was no connection are gone', async () => {
    const { fake, hub, clock } = await live();
    const room = fake.openRoom(random, 'random');
    await clock.advance(10);
    fake.cut();
    fake.saysGone = false;
    room.leave(ada);
    fake.mangle = () => [];
    await clock.advance(5_000);
    expect([...hub.snapshot().channels.keys()]).toEqual([general]);
  });

  it('are read again until that works', async () => {
    const { fake, hub, clock } = await live();
    fake.refuseRequest = (route) =>
      route.endsWith(random) ? new HubError('UNAVAILABLE', 'no database') : undefined;
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
    expect(seqsOf(hub, general)).toEqual([1]);
    expectSame(hub, room);
  });

  it('does not go back to what was before it', async () => {
    const fake = new FakeHub();
    const root = fake.room(general).say(bot, 'first');
    const { room, hub, clock } = await live(fake);
    const frames: ServerFrame[] = [];
    fake.mangle = (told) => {
      frames.push(...told);
      return [];
    };
    room.edit(root.id, 'second');
    room.edit(root.id, 'third');
    const reply = room.say(bot, 'reply', { threadId: root.id });
    room.edit(reply.id, 'another reply');
    await hub.loadOlder(general);
    await hub.loadThread(general, root.id);
    const shown = () => {
      const { messages = [], threads } = hub.snapshot().channels.get(general) ?? {};
      return [...messages, ...(threads?.get(root.id)?.messages ?? [])].map(({ content }) => content);
    };
    for (const frame of frames) {
      expect(shown()).toEqual(['third', 'another reply']);
      fake.say(frame);
      await clock.settle();
    }
    expect(shown()).toEqual(['third', 'another reply']);
    expectSame(hub, room);
  });

  it('is read again when it is older than what is here', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    room.say(bot, 'first');
    room.say(bot, 'second');
    let stale = true;
    const { hub, clock } = clientOf(fake, {
      fetch: async (...args) => {
        const response = await fake.fetch(...args);
        const body: unknown = await response.json();
        if (typeof body !== 'object' || body === null || !('older' in body) || !stale)
          return Response.json(body);
        stale = false;
        return Response.json({ ...body, items: [], seq: 1 });
      },
    });
    await clock.advance(1);
    await hub.loadOlder(general);
    expect(seqsOf(hub, general)).toEqual([1, 2]);
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
