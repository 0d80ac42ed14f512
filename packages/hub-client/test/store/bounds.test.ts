import type { Positions } from '@parley/hub-client';
import { describe, expect, it } from 'vitest';
import { answering } from '../support/answering.ts';
import { FakeHub } from '../support/fake-hub.ts';
import { live, seqsOf } from '../support/live.ts';
import { expectSame } from '../support/same.ts';
import { clientOf } from '../support/sockets.ts';
import { bot, general, idOf } from '../support/values.ts';

describe('what a client keeps has a bound', () => {
  it('however often the same thread is opened', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    const root = room.say(bot, 'root');
    for (let i = 0; i < 10; i += 1) room.say(bot, `reply ${i}`, { threadId: root.id });
    const { hub, clock } = clientOf(fake, { keep: 10 });
    await clock.advance(1);
    for (let i = 0; i < 30; i += 1) await hub.loadThread(general, root.id);
    for (let i = 0; i < 200; i += 1) room.say(bot, `number ${i}`);
    await clock.settle();
    expect(seqsOf(hub, general).length).toBeLessThan(40);
    expectSame(hub, room);
    hub.close();
  });
});

describe('another epoch', () => {
  it('has all channels read anew, a few at a time', async () => {
    const fake = new FakeHub();
    const ids = Array.from({ length: 50 }, (_, i) => idOf(100 + i));
    for (const id of ids) fake.room(id);
    let [open, most] = [0, 0];
    const isOne = (address: string): boolean => /channels\/[^?]/.test(address);
    const options = answering(fake, {
      before: (address) => {
        if (isOne(address)) most = Math.max(most, (open += 1));
      },
      after: async (address) => {
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        if (isOne(address)) open -= 1;
      },
    });
    const { hub, clock } = clientOf(fake, options);
    await clock.advance(10);
    for (const id of ids) fake.room(id).say(bot, 'before');
    fake.turn('epoch-2');
    fake.cut();
    await clock.advance(5_000);
    expect(most).toBe(4);
    for (const id of ids) expectSame(hub, fake.room(id));
    hub.close();
    await clock.settle();
    expect(clock.pending).toBe(0);
  });

  it('that begins while the channels are read for the first time has them read again', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    room.say(bot, 'kept');
    room.say(bot, 'lost');
    let turned = false;
    const options = answering(fake, {
      after: (address) => {
        if (turned || !address.includes('/unreads')) return;
        turned = true;
        fake.turn('epoch-2', (room) => {
          room.log.length = 1;
          for (const { id, seq } of room.messages.values()) if (seq > 1) room.messages.delete(id);
          room.channel = { ...room.channel, seq: 1 };
        });
        fake.say({ type: 'heads', epoch: 'epoch-2', heads: { [general]: 1 } });
      },
    });
    const { hub, clock } = clientOf(fake, options);
    const heard: string[] = [];
    hub.on('channel.message', ({ message }) => heard.push(message.content));
    await clock.advance(10_000);
    expect(turned).toBe(true);
    room.say(bot, 'another');
    await clock.advance(20_000);
    expect(heard).toEqual(['another']);
    await hub.loadOlder(general);
    expectSame(hub, room);
    expect(
      hub
        .snapshot()
        .channels.get(general)
        ?.messages.map(({ content }) => content),
    ).toEqual(['kept', 'another']);
    hub.close();
  });
});

describe('positions', () => {
  it('are saved one after another, the latest last, however slow their store is', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    const saving: { positions: Positions; done: () => void }[] = [];
    const { hub, clock } = clientOf(fake, {
      positions: {
        load: () => undefined,
        save: (positions) =>
          new Promise<void>((resolve) => void saving.push({ positions, done: () => resolve() })),
      },
    });
    await clock.advance(1);
    for (let i = 0; i < 20; i += 1) {
      room.say(bot, `number ${i}`);
      await clock.settle();
    }
    expect(saving).toHaveLength(1);
    saving[0]?.done();
    await clock.settle();
    expect(saving).toHaveLength(2);
    expect(saving[1]?.positions.positions[general]).toBe(20);
    saving[1]?.done();
    hub.close();
  });

  it('beyond those that the hub takes are left out, and what was missed there is found', async () => {
    const fake = new FakeHub();
    const ids = Array.from({ length: 2_010 }, (_, i) => idOf(10_000 + i));
    for (const id of ids) fake.room(id);
    const { hub, clock } = await live(fake);
    fake.cut();
    for (const id of ids) fake.room(id).say(bot, 'missed');
    await clock.advance(5_000);
    fake.beacon();
    await clock.advance(20_000);
    expect(hub.snapshot().connection.phase).toBe('live');
    for (const id of ids) expect(hub.snapshot().channels.get(id)?.position).toBe(1);
    hub.close();
  });
});
