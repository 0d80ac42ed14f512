import { createBus, defineTopic, type Bus } from '@parley/bus';
import { BusTraffic, newSeed, seededRandom, until, type Partition } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openTrafficBus, publishWithinMs } from '../../chaos/traffic-bus.ts';
import { partedBackends, type PartedBackend } from '../support/parted.ts';
import { mails, sums } from '../support/topics.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const texts = defineTopic('text', { class: 'stream', schema: z.string(), checkEvery: '1s' });
const typing = defineTopic('typing', { class: 'ephemeral', schema: z.string() });

/** Timers of a busy machine are late. */
const slackMs = 4_000;

/** Many enough to be on every master. */
const channels = Array.from({ length: 12 }, (_, i) => `c${i}`);

describe.each(Object.entries(partedBackends))('%s', (_, start) => {
  let backend: PartedBackend;
  let partition: Partition | undefined;
  const open: AsyncDisposable[] = [];
  beforeAll(async () => {
    backend = await start();
  });
  afterEach(async () => {
    await partition?.heal();
    for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const member = (side: 'cut' | 'safe') => {
    const one = backend.open(side);
    open.push(one);
    return one;
  };

  it('while some are cut off and afterwards, whoever publishes is answered in time, and everybody gets everything once and in order', async () => {
    const buses = (['cut', 'safe'] as const).map((side) => {
      const { bus, traffic } = openTrafficBus(side, member(side).broker);
      open.push(bus);
      return traffic;
    });
    const live: (() => boolean)[] = [];
    const watched = buses.map((bus): typeof bus => ({
      ...bus,
      subscribe(channel, reader) {
        const subscription = bus.subscribe(channel, reader);
        if (bus.name === 'cut') live.push(subscription.live);
        return subscription;
      },
    }));
    const random = seededRandom(newSeed());
    const settleWithinMs = publishWithinMs + 3_000;
    const traffic = new BusTraffic({ buses: watched, channels, random, settleWithinMs });
    await traffic.start();
    // The second one begins in the middle of the recovery from the first.
    for (const round of [1, 2]) {
      partition = await backend.part();
      await until(() => live.some((isLive) => !isLive()), { what: 'who is cut off knows that it is' });
      const { unknown } = traffic.ledger.totals;
      if (round === 1)
        await until(() => traffic.ledger.totals.unknown > unknown, { what: 'somebody has given up' });
      await partition.heal();
    }
    await traffic.recovered('a partition');
    await traffic.stop();
    await partition?.delivered();
    await traffic.settle();
    expect(traffic.ledger.totals).toMatchObject({ gaps: 0, told: 0 });
  });

  it('what the network held back and was sent again meanwhile is one message, however late it comes', async () => {
    const [near, far] = [member('cut'), member('safe')].map(({ broker }) => createBus({ broker }));
    if (near === undefined || far === undefined) throw new Error('a bus is missing');
    open.push(near, far);
    const got: string[] = [];
    const subscriptions = [near, far].map((bus) =>
      bus.subscribe(texts, ({ data }) => void got.push(data), { channels }),
    );
    await Promise.all(subscriptions.map((each) => each.ready({ within: '30s' })));
    partition = await backend.part();
    const sent = channels.map((channel) => near.publish(texts, channel, { channel, within: '60s' }));
    await until(() => near.stats().resent > 0, { what: 'one is sent again' });
    // The connection was given up before, and what it still has to say is said long after it is whole again.
    await partition.inVain(4);
    await partition.heal();
    await Promise.all(sent);
    await partition.delivered();
    for (const channel of channels) {
      await far.publish(texts, `after ${channel}`, { channel });
      const { messages } = await far.history(texts, { channel, within: '30s' });
      expect(messages.map(({ data }) => data)).toEqual([channel, `after ${channel}`]);
    }
    const all = channels.flatMap((channel) => [channel, channel, `after ${channel}`, `after ${channel}`]);
    await until(() => got.length >= all.length, { what: 'everything is heard' });
    expect(got.toSorted()).toEqual(all.toSorted());
  });

  it('every call of who is cut off settles by its deadline, and those after it healed succeed', async () => {
    const far = createBus({ broker: member('safe').broker });
    open.push(far);
    await far.respond(sums, ({ data }) => data + 1).ready({ within: '30s' });
    for (const channel of channels) await far.publish(texts, 'before', { channel });
    const held = await Promise.all(channels.map((channel) => backend.hasLog(`text:${channel}`)));
    const channel = channels[held.indexOf(true)] ?? '';
    expect(channel).not.toBe('');

    const near = createBus({ broker: member('cut').broker });
    open.push(near);
    const subscription = near.subscribe(texts, () => undefined, { channel });
    await subscription.ready({ within: '30s' });
    // On a busy machine an answer may come too late to be one, and is asked for again.
    const asks = (number: number): Promise<number> =>
      until(() => near.request(sums, number), { what: 'it is answered' });
    expect(await asks(1)).toBe(2);
    partition = await backend.part();
    // A process that begins only now finds nobody at all.
    const late = createBus({ broker: member('cut').broker });
    open.push(late);
    const within = '1s';
    const calls = (bus: Bus): readonly (readonly [string, Promise<unknown>])[] => [
      ['publish', bus.publish(texts, 'x', { channel, within })],
      ['publishMany', bus.publishMany(texts, ['x', 'y'], { channel, within })],
      ['history', bus.history(texts, { channel, within })],
      ['position', bus.position(texts, { channel, within })],
      ['subscribe', bus.subscribe(texts, () => undefined, { channel, from: 'oldest' }).ready({ within })],
      ['publish ephemeral', bus.publish(typing, 'x', { channel, within })],
      ['publish to a queue', bus.publish(mails, 'x', { within })],
      ['counts', bus.queue(mails).counts({ within })],
      ['request', bus.request(sums, 1, { within })],
      ['requestMany', bus.requestMany(sums, 1, { within })],
      ['health', bus.health()],
    ];
    const begun = performance.now();
    for (const bus of [near, late]) {
      const outcomes = await Promise.all(
        calls(bus).map(async ([name, call]) => {
          const outcome = await call.then(
            () => 'succeeded',
            (error: unknown) => Reflect.get(Object(error), 'code'),
          );
          return [name, outcome, performance.now() - begun < 2 * (1_000 + slackMs)] as const;
        }),
      );
      for (const [name, , inTime] of outcomes) expect([name, inTime]).toEqual([name, true]);
      // What else there is may be on a server that is not cut off.
      for (const [name, outcome] of outcomes.slice(0, 4))
        expect([name, outcome]).toEqual([
          name,
          expect.stringMatching(/^(DEADLINE_EXCEEDED|STORE_UNAVAILABLE)$/),
        ]);
    }
    const closing = performance.now();
    await late.close({ within });
    expect(performance.now() - closing).toBeLessThan(1_000 + slackMs);
    await partition.heal();
    await until(() => subscription.state === 'live', { what: 'it is live again' });
    await near.publish(texts, 'after', { channel, within: '30s' });
    expect(await asks(2)).toBe(3);
    await until(async () => (await near.health()).status === 'up', { what: 'it is well' });
  });
});
