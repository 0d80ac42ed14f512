import { describe, expect, it } from 'vitest';
import { answering } from '../support/answering.ts';
import { FakeHub } from '../support/fake-hub.ts';
import { live } from '../support/live.ts';
import { expectSame } from '../support/same.ts';
import { clientOf } from '../support/sockets.ts';
import { bot, general, random } from '../support/values.ts';

/** Does something once, when a route was answered, before the answer comes. */
function after(fake: FakeHub, path: string, work: () => void): ReturnType<typeof answering> {
  let done = false;
  return answering(fake, {
    after: (address) => {
      if (done || !address.includes(path)) return;
      done = true;
      work();
    },
  });
}

const readingOf = (hub: ReturnType<typeof clientOf>['hub'], id = general) =>
  hub.snapshot().channels.get(id)?.reading;

describe('what is unread is right', () => {
  it('when messages come between reading the channels and reading the counts', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    for (let i = 0; i < 3; i += 1) room.say(bot, `before ${i}`);
    const options = after(fake, '/channels?', () => {
      for (let i = 0; i < 2; i += 1) room.say(bot, `between ${i}`);
    });
    const { hub, clock } = clientOf(fake, options);
    await clock.advance(10);
    expect(room.unread(hub.snapshot().me ?? '')).toBe(5);
    expect(readingOf(hub)).toMatchObject({ unread: 5 });
    room.say(bot, 'after');
    await clock.settle();
    expect(readingOf(hub)).toMatchObject({ unread: 6 });
    expectSame(hub, room);
    hub.close();
  });

  it('before the messages that were counted have come', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    room.say(bot, 'before');
    const options = after(fake, '/channels?', () => {
      fake.mangle = () => [];
      room.say(bot, 'counted, and lost on its way');
    });
    const { hub, clock } = clientOf(fake, options);
    await clock.advance(10);
    expect(hub.snapshot().channels.get(general)).toMatchObject({ position: 1, reading: { unread: 2 } });
    fake.mangle = (frames) => frames;
    fake.beacon();
    await clock.settle();
    expect(hub.snapshot().channels.get(general)).toMatchObject({ position: 2, reading: { unread: 2 } });
    hub.close();
  });

  it('when messages come while the counts are read again after a new connection', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    for (let i = 0; i < 8; i += 1) room.say(bot, `number ${i}`);
    let held: PromiseWithResolvers<void> | undefined;
    const { hub, clock } = clientOf(
      fake,
      answering(fake, { after: (address) => (address.includes('/unreads') ? held?.promise : undefined) }),
    );
    await clock.advance(10);
    held = Promise.withResolvers();
    fake.cut();
    await clock.advance(5_000);
    for (let i = 0; i < 3; i += 1) room.say(bot, `live ${i}`);
    await clock.settle();
    held.resolve();
    await clock.settle();
    expect(readingOf(hub)).toMatchObject({ unread: 11 });
    hub.close();
  });

  it('when messages that are not here are deleted', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    const said = Array.from({ length: 5 }, (_, i) => room.say(bot, `number ${i}`));
    const { hub, clock } = await live(fake);
    const asked = (): number => fake.requests.filter((request) => request.includes('/unreads')).length;
    const before = asked();
    for (const { id } of said.slice(0, 3)) room.delete(id);
    await clock.settle();
    expect(asked()).toBe(before);
    await clock.advance(10_000);
    expect(readingOf(hub)).toMatchObject({ unread: 2 });
    expect(asked()).toBe(before + 1);
    room.say(bot, 'here');
    await clock.settle();
    room.delete(room.timeline().at(-1)?.id ?? '');
    await clock.advance(10_000);
    expect(readingOf(hub)).toMatchObject({ unread: 2 });
    expect(asked()).toBe(before + 1);
    room.delete(said[3]?.id ?? '');
    await clock.settle();
    hub.close();
    expect(clock.pending).toBe(0);
  });

  it('for archived channels as well, which are there from the beginning', async () => {
    const fake = new FakeHub();
    fake.room(general);
    const old = fake.room(random, 'old');
    old.say(bot, 'the last word');
    old.channel = { ...old.channel, archivedAt: 1 };
    const { hub, clock } = await live(fake);
    expect(hub.snapshot().channels.get(random)).toMatchObject({
      channel: { archivedAt: 1 },
      reading: { unread: 1 },
    });
    fake.beacon();
    await clock.advance(1_000);
    expect(fake.requests.filter((request) => request.includes(random))).toEqual([]);
    hub.close();
  });
});
