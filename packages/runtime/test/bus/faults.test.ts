import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { createBus, defineTopic, type Bus, type BusOptions, type Gap } from '@parley/bus';
import { startPostgres, startPostgresPair, startProxy, until, type FaultProxy } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { busWorlds, type BusWorld } from '../support/bus-world.ts';
import { mails } from '../support/topics.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });

const texts = defineTopic('text', { class: 'stream', schema: z.string(), checkEvery: '1s' });
const typing = defineTopic('typing', { class: 'ephemeral', schema: z.string() });

/** Everything that a subscription is told. */
async function following(bus: Bus) {
  const [got, gaps]: [string[], Gap[]] = [[], []];
  const onGap = (gap: Gap): void => void gaps.push(gap);
  const subscription = bus.subscribe(texts, ({ data }) => void got.push(data), { onGap });
  await subscription.ready({ within: '30s' });
  return {
    got,
    gaps,
    hears: (text: string) => until(() => got.includes(text), { what: `${text} is heard` }),
  };
}

describe.each(['redis', 'postgres'] as const)('on %s', (name) => {
  let world: BusWorld;
  let bus: Bus;
  beforeAll(async () => {
    world = await busWorlds[name]();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const open = (options: Partial<BusOptions> = {}): void => {
    bus = createBus({ broker: world.broker, publishWithin: '60s', ...options });
  };
  afterEach(() => bus.close({ within: 0 }));

  it.each(['keep', 'wipe'] as const)(
    'a server that dies and comes back (%s): what it kept is heard once, what it lost is told, and it goes on',
    async (data) => {
      open();
      const { got, gaps, hears } = await following(bus);
      await bus.publishMany(texts, [`${data} 1`, `${data} 2`]);
      await hears(`${data} 2`);
      await world.crash(data);
      await bus.publishMany(texts, [`${data} 3`, `${data} 4`]);
      await hears(`${data} 4`);
      expect(got).toEqual([1, 2, 3, 4].map((number) => `${data} ${number}`));
      // Redis cannot know whether it has all of it; Postgres does.
      const told = data === 'keep' && name === 'postgres' ? [] : ['epoch'];
      expect(gaps.map(({ reason }) => reason)).toEqual(told);
      const { messages } = await bus.history(texts, { within: '30s' });
      expect(messages.slice(-2).map((message) => message.data)).toEqual([`${data} 3`, `${data} 4`]);
    },
  );

  it('a publication whose reply was lost is one message, and is heard once', async () => {
    open();
    const { got, hears } = await following(bus);
    await bus.publish(texts, 'before');
    world.proxy.dropNextReply((request) => request.includes('unanswered text'));
    const { repeated, position } = await bus.publish(texts, 'unanswered text');
    const last = await bus.publish(texts, 'after');
    await hears('after');
    expect([repeated, got]).toEqual([true, ['before', 'unanswered text', 'after']]);
    expect(last.position?.offset).toBe((position?.offset ?? 0) + 1);
  });

  it.each<[string, (proxy: FaultProxy) => unknown]>([
    ['cut', (proxy) => proxy.cut()],
    ['refused', (proxy) => (proxy.refuse(), proxy.cut())],
    ['swallowed', (proxy) => proxy.blackHole()],
    ['slow, and in small pieces', (proxy) => (proxy.delay(40), proxy.slice(11))],
    ['late by more than its deadline', (proxy) => proxy.delay(3_000, 'replies')],
  ])('when the network is %s, what is published meanwhile is heard once, without a gap', async (_, fault) => {
    open();
    const { got, gaps, hears } = await following(bus);
    await bus.publish(texts, 'before');
    const before = bus.stats();
    fault(world.proxy);
    const sent = ['1', '2', '3'].map((text) => bus.publish(texts, text));
    const noticed = (): boolean => {
      const now = bus.stats();
      return now.resent > before.resent || now.published === before.published + 3;
    };
    await until(noticed, { what: 'they have arrived, or are sent again' });
    await world.proxy.heal();
    await Promise.all(sent);
    await bus.publish(texts, 'after');
    await hears('after');
    expect([got, gaps]).toEqual([['before', '1', '2', '3', 'after'], []]);
  });

  it('a message of a megabyte is carried in every class, and a larger one than allowed is refused with both sizes', async () => {
    // Of class ephemeral it is sent once.
    open({ brokerDeadline: '30s' });
    const large = '\u00fcx'.repeat(333_333);
    const got: string[] = [];
    const take = ({ data }: { readonly data: string }): void => void got.push(data);
    const subscriptions = [bus.subscribe(texts, take), bus.subscribe(typing, take)];
    bus.work(mails, take);
    await Promise.all(subscriptions.map((each) => each.ready({ within: '30s' })));
    for (const topic of [texts, typing, mails]) await bus.publish(topic, large);
    await until(() => got.length === 3, { what: 'all three are heard' });
    expect(got.every((text) => text === large)).toBe(true);
    for (const topic of [texts, typing, mails]) {
      await expect(bus.publish(topic, 'x'.repeat(2_000_000))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'data',
        message: expect.stringMatching(/no larger than 1572864 bytes .* with 2000\d+ bytes/),
      });
    }
  });
});

it('a standby of Postgres that missed the last messages takes over: the gap is told, and nothing after it is missing', async () => {
  await using pair = await startPostgresPair({ synchronous: false });
  await using proxy = await startProxy({ target: pair.primary });
  await using db = connectPostgres({ url: proxy.url, connectTimeout: '2s', queryTimeout: '5s' });
  await using broker = postgresBroker(db);
  await using bus = createBus({ broker, publishWithin: '60s' });
  const { got, gaps, hears } = await following(bus);
  await bus.publishMany(texts, ['1', '2']);
  await pair.caughtUp();
  pair.link.blackHole();
  await bus.publishMany(texts, ['lost 3', 'lost 4']);
  await hears('lost 4');
  await pair.primary.kill();
  await pair.promote();
  proxy.retarget(pair.standby);
  // In the places of those that are lost.
  await bus.publishMany(texts, ['new 3', 'new 4', 'new 5']);
  await hears('new 5');
  expect(got).toEqual(['1', '2', 'lost 3', 'lost 4', 'new 3', 'new 4', 'new 5']);
  expect(gaps).toMatchObject([{ reason: 'epoch', from: { offset: 4 }, to: { offset: 2 } }]);
});

it('a Postgres that is read-only for a while keeps publications and jobs waiting, and takes each of them once', async () => {
  await using server = await startPostgres();
  await using db = connectPostgres({ url: server.url });
  await using broker = postgresBroker(db);
  await using bus = createBus({ broker, publishWithin: '60s' });
  const { got, gaps, hears } = await following(bus);
  await bus.publish(texts, 'before');
  await server.setReadOnly(true);
  const sent: string[] = [];
  const waiting: Promise<unknown>[] = [];
  const refused = (): boolean => {
    // Sessions that are open hear of it a little later, and take some of them.
    if (bus.stats().waiting.messages === 0) {
      const text = `meanwhile ${sent.length}`;
      sent.push(text);
      waiting.push(bus.publish(texts, text), bus.publish(mails, text));
    }
    return bus.stats().resent > 0;
  };
  await until(refused, { what: 'one was refused, and is tried again' });
  await server.setReadOnly(false);
  await Promise.all(waiting);
  await bus.publish(texts, 'after');
  await hears('after');
  expect([got, gaps]).toEqual([['before', ...sent, 'after'], []]);
  expect(await bus.queue(mails).counts()).toMatchObject({ ready: sent.length, taken: 0, dead: 0 });
});
