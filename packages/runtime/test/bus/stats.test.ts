import { createBus, defineTopic, type Bus, type BusFigures, type BusOptions } from '@parley/bus';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { busWorlds, type BusWorld } from '../support/bus-world.ts';
import { mails, sums } from '../support/topics.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const texts = defineTopic('text', { class: 'stream', schema: z.string(), patterns: true });
const typing = defineTopic('typing', { class: 'ephemeral', schema: z.string() });

describe.each([
  ['redis', 'parley:'],
  ['postgres', 'parley.'],
] as const)('what a bus tells of itself on %s', (name, prefix) => {
  let world: BusWorld;
  let channels = 0;
  const open: Bus[] = [];

  beforeAll(async () => {
    world = await busWorlds[name]();
  });
  afterEach(async () => {
    await world.proxy.heal();
    await Promise.all(open.splice(0).map((bus) => bus.close({ within: 0 })));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function openBus(options: Partial<BusOptions> = {}): { readonly bus: Bus; readonly channel: string } {
    const bus = createBus({ broker: world.broker, ...options });
    open.push(bus);
    channels += 1;
    return { bus, channel: `c${channels}` };
  }

  const figures = {
    async becomes(bus: Bus, expected: Partial<Record<keyof BusFigures, unknown>>): Promise<void> {
      await expect.poll(() => bus.stats(), { timeout: 30_000 }).toMatchObject(expected);
    },
  };

  it('names it, and counts what it follows and what handles it', async () => {
    const { bus, channel } = openBus();
    const one = bus.subscribe(texts, () => undefined, { channel });
    bus.work(mails, () => undefined);
    await one.ready({ within: '30s' });
    await figures.becomes(bus, {
      isInitialized: true,
      activeEventTypes: 2,
      totalHandlers: 2,
      serviceId: bus.source,
      channelPrefix: prefix,
      channels: 1,
    });
    expect(bus.stats().feed).toMatchObject({ subscriptions: 1, subscriptionsLost: 0, probeTimeouts: 0 });
  });

  it('what was published and suppressed, what was delivered and how long that took', async () => {
    const { bus, channel } = openBus();
    const { position } = await bus.publish(texts, 'a', { channel, idempotencyKey: 'once' });
    await bus.publish(texts, 'a', { channel, idempotencyKey: 'once' });
    // By the same clock of one machine, which servers cut to milliseconds.
    const later = Date.now() + 30;
    await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(later);
    const handler = vi.fn(() => new Promise((resolve) => setTimeout(resolve, 20)));
    bus.subscribe(texts, handler, { channel, from: { epoch: position?.epoch ?? '', offset: 0 } });
    await figures.becomes(bus, { published: 1, suppressed: 1, delivered: 1, lagMs: expect.any(Number) });
    await expect.poll(() => bus.stats().handlerMs, { timeout: 30_000 }).toBeGreaterThan(10);
    const { lagMs, longestLagMs } = bus.stats();
    expect([lagMs >= 30, longestLagMs >= lagMs]).toEqual([true, true]);
  });

  it('what is buffered, was dropped, and who was too slow', async () => {
    const { bus, channel } = openBus();
    const never = new Promise<void>(() => undefined);
    const stuck = bus.subscribe(texts, () => never, { channel, buffer: 2, overflow: 'drop-oldest' });
    const slow = bus.subscribe(typing, () => never, { channel, buffer: 1, overflow: 'disconnect' });
    await Promise.all([stuck.ready({ within: '30s' }), slow.ready({ within: '30s' })]);
    await bus.publishMany(texts, ['a', 'b', 'c', 'd', 'e'], { channel });
    await figures.becomes(bus, { buffered: 2, dropped: 2, gaps: 2, overruns: 0 });
    await bus.publishMany(typing, ['a', 'b', 'c'], { channel });
    await expect.poll(() => slow.state, { timeout: 30_000 }).toBe('closed');
    await figures.becomes(bus, { buffered: 2, dropped: 3, overruns: 1 });
  });

  it('what failed in handlers, could not be read, and was lost with its log', async () => {
    const { bus, channel } = openBus();
    const failing = bus.subscribe(texts, () => Promise.reject(new Error('of the handler')), { channel });
    await failing.ready({ within: '30s' });
    await bus.publish(texts, 'a', { channel });
    const keep = { count: 10, forMs: 60_000 };
    const poison = { channel: `text:${channel}`, id: 'p', body: 'no message', keep, wide: true };
    await world.broker.streams.append([poison]);
    await world.broker.streams.drop([`text:${channel}`]);
    await figures.becomes(bus, { delivered: 1, handlerErrors: 1, poison: 1, gaps: 1 });
  });

  it('what was done, tried again and given up of jobs, and asked in vain', async () => {
    const { bus } = openBus();
    bus.work(
      mails,
      ({ data, attempt }) => {
        if (data === 'dead' || attempt === 1) throw new Error('of the handler');
      },
      { attempts: 2, backoff: () => 10, pollEvery: '0.1s' },
    );
    await bus.publishMany(mails, ['done', 'dead']);
    await figures.becomes(bus, { jobsDone: 1, jobsRetried: 2, jobsDead: 1 });
    const error = await bus.request(sums, 1, { within: '0.3s' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    await figures.becomes(bus, { requests: 1, unanswered: 1 });
  });

  it('what waits while the server says nothing, what is refused, and what came too late', async () => {
    const { bus, channel } = openBus({ outbox: { messages: 2 }, publishWithin: '2s' });
    await bus.publish(texts, 'before', { channel });
    world.proxy.blackHole();
    const waiting = ['a', 'b'].map((text) => bus.publish(texts, text, { channel }).catch(String));
    const signal = bus.publish(typing, 'a', { channel });
    await expect(bus.publish(texts, 'c', { channel })).rejects.toMatchObject({ code: 'OVERLOADED' });
    await figures.becomes(bus, { waiting: { messages: 2, bytes: expect.any(Number) }, refused: 1 });
    expect(bus.stats().waiting.bytes).toBeGreaterThan(2);
    await Promise.all(waiting);
    expect(await signal).toMatchObject({ sent: false });
    await figures.becomes(bus, {
      published: 1,
      expired: 2,
      failed: 3,
      unsent: 1,
      waiting: { messages: 0, bytes: 0 },
    });
  });

  it('what was sent again because its reply was lost', async () => {
    const { bus, channel } = openBus({ publishWithin: '60s' });
    await bus.publish(texts, 'before', { channel });
    world.proxy.dropNextReply((request) => request.includes('unanswered text'));
    await bus.publish(texts, 'unanswered text', { channel });
    await figures.becomes(bus, {
      published: 1,
      resent: expect.toSatisfy((times: number) => times >= 1),
      suppressed: 1,
    });
  });

  it('what was lost and joined again, and how long that took', async () => {
    const { bus, channel } = openBus();
    const subscription = bus.subscribe(texts, () => undefined, { channel });
    await subscription.ready({ within: '30s' });
    await world.endListeners();
    await figures.becomes(bus, { recoveries: 1, isInitialized: true });
    const { resubscribeMs, feed } = bus.stats();
    expect(resubscribeMs).toBeGreaterThan(0);
    expect(feed).toMatchObject({ subscriptions: 1, subscriptionsLost: 1, probeTimeouts: 0 });
  });

  it('that a connection which is up says nothing any more', async () => {
    const { bus, channel } = openBus();
    const subscription = bus.subscribe(texts, () => undefined, { channel });
    await subscription.ready({ within: '30s' });
    world.proxy.blackHole();
    await figures.becomes(bus, { isInitialized: false, feed: expect.objectContaining({ probeTimeouts: 1 }) });
  });
});
