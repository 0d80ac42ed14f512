import { createBus, memoryBroker } from '@parley/bus';
import { systemClock, virtualClock } from '@parley/cache-core/kernel';
import { parseServerFrames } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { describe, expect, test } from 'vitest';
import { createFeed, type Audience } from '../../src/live/create-feed.ts';
import type { LogEntry } from '../../src/live/feed.ts';
import { channelTopic, userTopic } from '../../src/live/topics.ts';
import { Wire } from '../../src/live/wire.ts';

const ids = {
  channel: '01890a5d-ac96-774b-bcce-b302099a8057',
  user: '01890a5d-ac96-774b-bcce-b302099a8058',
};

const entry = (seq: number, more: Partial<LogEntry> = {}): LogEntry => ({
  seq,
  at: 5,
  actorId: ids.user,
  type: 'channel.update',
  event: '{"type": "channel.delete", "channelId": "01890a5d-ac96-774b-bcce-b302099a8057"}',
  ...more,
});

function listener() {
  const told: unknown[] = [];
  const note =
    (what: string) =>
    (...args: unknown[]): void =>
      void told.push([what, ...args]);
  const audience: Audience = {
    entries: note('entries'),
    channelMoment: note('channel'),
    userMoment: note('user'),
    globalMoment: note('global'),
    accessChanged: note('access'),
    joined: note('joined'),
    unsure: note('unsure'),
  };
  return { told, audience };
}

describe('a feed', () => {
  test('tells this node at once, and publishes nothing where there is no other', () => {
    const wire = new Wire({ bus: undefined, clock: virtualClock() });
    const feed = createFeed({ wire, epoch: () => 'e', clock: virtualClock() });
    const { told, audience } = listener();
    feed.committed(ids.channel, [entry(1)]);
    feed.attach(audience);
    feed.committed(ids.channel, [
      entry(2, { type: 'channel.create' }),
      entry(3, { type: 'channel.member.join', userId: ids.user }),
    ]);
    feed.accessChanged(ids.user);
    expect(told).toEqual([
      ['entries', ids.channel, [expect.objectContaining({ seq: 2 }), expect.objectContaining({ seq: 3 })]],
      // From the beginning of a channel that begins with that.
      ['joined', ids.user, ids.channel, 1],
      ['access', ids.user],
    ]);
    expect(wire.steady).toBe(true);
  });

  test('tells nothing under an epoch that may have ended until that is known, and never if it has', async () => {
    const wire = new Wire({ bus: undefined, clock: virtualClock() });
    const asked: PromiseWithResolvers<void>[] = [];
    const confirm = (): Promise<void> => {
      const one = Promise.withResolvers<void>();
      asked.push(one);
      return one.promise;
    };
    let doubtful = true;
    const feed = createFeed({
      wire,
      epoch: () => 'e',
      confirm,
      doubtful: () => doubtful,
      clock: virtualClock(),
    });
    const { told, audience } = listener();
    feed.attach(audience);
    feed.committed(ids.channel, [entry(1)]);
    feed.committed(ids.channel, [entry(2)]);
    expect(told).toEqual([]);
    asked[0]?.resolve();
    asked[1]?.reject(new Error('it was another epoch'));
    await until(() => told.length === 2, { what: 'both are decided' });
    expect(told).toEqual([['entries', ids.channel, [expect.objectContaining({ seq: 1 })]], ['unsure']]);
    doubtful = false;
    feed.committed(ids.channel, [entry(3)]);
    expect(told.at(-1)).toEqual(['entries', ids.channel, [expect.objectContaining({ seq: 3 })]]);
  });

  test('writes lines that are frames of the protocol, with the event as it was', () => {
    const wire = new Wire({ bus: undefined, clock: virtualClock() });
    const feed = createFeed({ wire, epoch: () => 'e', clock: virtualClock() });
    const lines: string[] = [];
    feed.attach({
      ...listener().audience,
      entries: (_, entries) => lines.push(...entries.map(({ line }) => line)),
    });
    feed.committed(ids.channel, [entry(7)]);
    expect(parseServerFrames(lines.join('\n'))).toEqual([
      {
        type: 'event',
        timestamp: 5,
        senderId: ids.user,
        channelId: ids.channel,
        seq: 7,
        epoch: 'e',
        event: {
          type: 'channel.delete',
          channelId: ids.channel,
        },
      },
    ]);
  });

  test('never fails whoever tells it something, though the bus is closed', async () => {
    const bus = createBus({ broker: memoryBroker() });
    await bus.close();
    const wire = new Wire({ bus, clock: systemClock });
    const feed = createFeed({ wire, epoch: () => 'e', clock: systemClock });
    feed.committed(ids.channel, [entry(1)]);
    feed.accessChanged(ids.user);
    feed.moment({
      event: {
        type: 'custom',
        topic: 't',
        name: 'n',
        data: {},
      },
      actorId: null,
      channelId: null,
      to: 'somewhere:else',
    });
    await until(() => wire.unsent === 2, { what: 'it is counted' });
    expect(wire.steady).toBe(false);
  });
});

describe('news of another node', () => {
  test('of another form are dropped, and those behind them are heard', async () => {
    const broker = memoryBroker();
    const [one, two] = [createBus({ broker }), createBus({ broker })];
    const wire = new Wire({ bus: two, clock: systemClock });
    const heard: unknown[] = [];
    const ear = wire.hearChannel(ids.channel, (news) => heard.push(news));
    await ear.ready(5_000);
    const strange: readonly unknown[] = [
      null,
      7,
      [],
      { epoch: 1, entries: [] },
      { epoch: 'e', entries: [{ seq: -1, line: 'x' }] },
      { epoch: 'e', entries: [{ seq: 1, line: 'two\nlines' }] },
      { epoch: 'e', entries: [{ seq: 1, line: 'x', news: { type: 1 } }] },
      { epoch: 'e', entries: {} },
      { moment: 7 },
    ];
    for (const data of strange) {
      // As a node of another version would publish it.
      const body = JSON.stringify({ v: 1, s: 'other', n: 2, d: data });
      await broker.send([{ channel: `${channelTopic.name}:${ids.channel}`, body, wide: false }]);
    }
    await one.publish(
      channelTopic,
      { epoch: 'e', entries: [{ seq: 1, line: 'x' }] },
      { channel: ids.channel },
    );
    await until(() => heard.length > 0, { what: 'the last is heard' });
    expect(heard).toEqual([{ epoch: 'e', entries: [{ seq: 1, line: 'x' }] }]);
    expect(two.stats().poison).toBe(strange.length);
    await Promise.all([one.close(), two.close()]);
  });

  test('go in parcels that the bus can carry', async () => {
    const broker = memoryBroker();
    const [one, two] = [createBus({ broker }), createBus({ broker })];
    const wire = new Wire({ bus: two, clock: systemClock });
    const heard: number[] = [];
    const ear = wire.hearChannel(ids.channel, (news) => {
      if ('entries' in news) heard.push(...news.entries.map(({ seq }) => seq));
    });
    await ear.ready(5_000);
    const feed = createFeed({
      wire: new Wire({
        bus: one,
        clock: systemClock,
      }),
      epoch: () => 'e',
      clock: systemClock,
    });
    const event = JSON.stringify({ type: 'x', text: 'y'.repeat(60_000) });
    feed.committed(
      ids.channel,
      Array.from({ length: 64 }, (_, i) => entry(i + 1, { event })),
    );
    await until(() => heard.length === 64, { what: 'all are heard' });
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    await Promise.all([one.close(), two.close()]);
  });

  test('that are its own are not heard by a node', async () => {
    const bus = createBus({ broker: memoryBroker() });
    const wire = new Wire({ bus, clock: systemClock });
    const heard: unknown[] = [];
    const ear = wire.hearUser(ids.user, (news) => heard.push(news));
    await ear.ready(5_000);
    wire.tellUser(ids.user, { access: true });
    await bus.publish(userTopic, { access: true }, { channel: ids.user });
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([]);
    ear.close();
    await bus.close();
  });
});
