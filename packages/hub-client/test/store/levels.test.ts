import { describe, expect, it } from 'vitest';
import { answering } from '../support/answering.ts';
import { FakeHub } from '../support/fake-hub.ts';
import { live } from '../support/live.ts';
import { clientOf } from '../support/sockets.ts';
import { bot, general } from '../support/values.ts';

const levelOf = (hub: ReturnType<typeof clientOf>['hub']) =>
  hub.snapshot().channels.get(general)?.reading.level;

describe('of what the user wants to be told', () => {
  it('is what the hub says, and then what its events say', async () => {
    const fake = new FakeHub();
    fake.room(general).level = 'muted';
    fake.defaultLevel = 'all';
    const { hub, clock } = await live(fake);
    expect([levelOf(hub), hub.snapshot().defaultLevel]).toEqual(['muted', 'all']);

    fake.moment({ type: 'notifications.update', channelId: general, level: null }, general);
    fake.moment({ type: 'notifications.update', channelId: null, level: 'muted' }, null);
    await clock.settle();
    expect([levelOf(hub), hub.snapshot().defaultLevel]).toEqual([null, 'muted']);
    hub.close();
  });

  it('stays when something is read, which says nothing of it', async () => {
    const fake = new FakeHub();
    fake.room(general).level = 'muted';
    const { hub, room, clock } = await live(fake);
    const { seq } = room.say(bot, 'hello');
    await clock.settle();
    const reading = { channelId: general, lastReadSeq: seq, unread: 0, mentions: 0 };
    fake.moment({ type: 'channel.read', channelId: general, reading }, general);
    await clock.settle();
    expect(hub.snapshot().channels.get(general)?.reading).toMatchObject({ lastReadSeq: seq, level: 'muted' });
    hub.close();
  });

  it('is learned with the next connection, when it was chosen elsewhere meanwhile', async () => {
    const { hub, fake, room, clock } = await live();
    room.say(bot, 'hello');
    await clock.settle();
    fake.refuse = (frame) => (frame.type === 'read' ? 'silence' : undefined);
    hub.markRead(general);
    room.level = 'all';
    fake.defaultLevel = 'muted';
    fake.cut();
    await clock.advance(60_000);
    expect([levelOf(hub), hub.snapshot().defaultLevel]).toEqual(['all', 'muted']);
    hub.close();
  });

  it('is not taken back by what was read before it was chosen', async () => {
    const fake = new FakeHub();
    const room = fake.room(general);
    room.level = 'all';
    let reads = 0;
    const options = answering(fake, {
      after: (address) => {
        if (!address.includes('/unreads')) return;
        reads += 1;
        if (reads !== 2) return;
        room.level = 'muted';
        fake.moment({ type: 'notifications.update', channelId: general, level: 'muted' }, general);
      },
    });
    const { hub, clock } = clientOf(fake, options);
    await clock.advance(10);
    fake.cut();
    await clock.advance(60_000);
    expect(reads).toBeGreaterThanOrEqual(2);
    expect(levelOf(hub)).toBe('muted');
    hub.close();
  });

  it('is what is usual where the hub knows nothing of it', async () => {
    const { hub } = await live();
    expect([levelOf(hub), hub.snapshot().defaultLevel]).toEqual([null, null]);
    hub.close();
  });
});
