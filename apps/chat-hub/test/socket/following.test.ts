import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { numbers } from '../support/client.ts';
import { LiveWorld, type Backend } from '../support/live-world.ts';

const backends: readonly { readonly backend: Backend; readonly nodes: number }[] = [
  { backend: 'embedded', nodes: 1 },
  { backend: 'postgres', nodes: 2 },
  { backend: 'redis', nodes: 3 },
  { backend: 'redis cluster', nodes: 2 },
];

describe.each(backends)('on $backend, with $nodes nodes', ({ backend, nodes }) => {
  let world: LiveWorld;
  beforeAll(async () => {
    world = await LiveWorld.open({ backend, nodes });
  }, 60_000);
  afterAll(() => world[Symbol.asyncDispose]());
  const last = (): (typeof world.nodes)[number] => world.nodes.at(-1) ?? world.node;

  test('what one says all hear once, in order, and their own as well', async () => {
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const channelId = await world.node.chat.create('private', [ada.id, bob.id]);
    const one = await world.node.connect(ada.token);
    const two = await last().connect(bob.token);
    const start = await one.live(channelId);
    expect(await two.live(channelId)).toBe(start);
    for (let i = 0; i < 20; i += 1) {
      const from = i % 2 === 0 ? one : two;
      const answer = await from.ask({ type: 'send', channelId, clientId: `m${i}`, content: `text ${i}` });
      expect(answer).toMatchObject({ type: 'ack', channelId, seq: start + 1 + i });
    }
    await one.has(channelId, start + 20);
    await two.has(channelId, start + 20);
    expect(one.seqs(channelId)).toEqual(numbers(start + 1, start + 20));
    expect(two.seqs(channelId)).toEqual(one.seqs(channelId));
    const first = two.events(channelId).find(({ seq }) => seq === start + 1);
    expect(first).toMatchObject({
      type: 'event',
      senderId: ada.id,
      channelId,
      seq: start + 1,
      epoch: world.node.epoch.current,
      event: {
        type: 'channel.message',
        message: { content: 'text 0' },
      },
    });
    one.close();
    two.close();
  });

  test('who comes into a channel hears so, and all that follows, on every node', async () => {
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const channelId = await world.node.chat.create('private', [ada.id]);
    const bobs = await last().connect(bob.token);
    await bobs.first('welcome');
    const joined = await world.node.chat.join(channelId, bob.id);
    await bobs.has(channelId, joined);
    await world.node.chat.say(channelId, ada.id, 'welcome');
    await bobs.has(channelId, joined + 1);
    expect(bobs.seqs(channelId)).toEqual([joined, joined + 1]);
    bobs.close();
  });

  test('who is kicked hears that, and nothing behind it', async () => {
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const channelId = await world.node.chat.create('private', [ada.id, bob.id]);
    const adas = await world.node.connect(ada.token);
    const bobs = await last().connect(bob.token);
    await adas.live(channelId);
    await bobs.live(channelId);
    const kicked = await world.node.chat.kick(channelId, bob.id);
    const { seq } = await world.node.chat.say(channelId, ada.id, 'a secret');
    await adas.has(channelId, seq);
    await bobs.has(channelId, kicked);
    expect(await bobs.ask({ type: 'subscribe', channelId })).toMatchObject({
      type: 'error',
      error: { code: 'NOT_FOUND' },
    });
    expect(await bobs.ask({ type: 'subscribe', channelId, after: 0 })).toMatchObject({ type: 'error' });
    expect(bobs.seqs(channelId).at(-1)).toBe(kicked);
    adas.close();
    bobs.close();
  });

  test('who comes back is sent what was missed, then that this was all', async () => {
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const before = await world.node.connect(ada.token);
    const start = await before.live(channelId);
    before.close();
    for (let i = 1; i <= 300; i += 1) await world.node.chat.say(channelId, ada.id, `text ${i}`);
    const epoch = world.node.epoch.current;
    const after = await last().connect(ada.token, {
      hello: { epoch, positions: { [channelId]: start + 10 } },
    });
    expect(await after.live(channelId)).toBe(start + 300);
    expect(after.seqs(channelId)).toEqual(numbers(start + 11, start + 300));
    const place = after.frames.findIndex(({ type }) => type === 'caught_up');
    expect(after.frames.slice(place).filter(({ type }) => type === 'event')).toEqual([]);
    expect(after.of('welcome')[0]).toMatchObject({ resume: 'live', userId: ada.id, epoch });
    after.close();
  });

  test('moments reach who is there: in a channel, of a user, of everybody, and on a topic who listens', async () => {
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const channelId = await world.node.chat.create('private', [ada.id, bob.id]);
    const adas = await world.node.connect(ada.token);
    const bobs = await last().connect(bob.token);
    await adas.live(channelId);
    await bobs.live(channelId);
    expect(await bobs.ask({ type: 'listen', topic: 'market' })).toMatchObject({ type: 'ack' });
    const { feed } = world.node;
    expect(await bobs.ask({ type: 'watch', channelId })).toMatchObject({ type: 'ack' });
    adas.send({ type: 'typing', channelId, state: 'start' });
    const typing = await bobs.first('event', ({ event }) => event.type === 'channel.typing');
    expect(typing).toMatchObject({ channelId, senderId: ada.id, event: { userId: ada.id, state: 'start' } });
    expect(typing.seq).toBeUndefined();
    feed.moment({
      event: {
        type: 'custom',
        topic: 'market',
        name: 'sold',
        data: {},
      },
      actorId: null,
      channelId: null,
      to: 'global',
    });
    feed.moment({
      event: {
        type: 'system.notice',
        level: 'info',
        code: 'c',
        content: 'for bob',
        channelId: null,
      },
      actorId: null,
      channelId: null,
      to: `agent:${bob.id}`,
    });
    feed.moment({
      event: {
        type: 'system.announcement',
        id: ada.id,
        level: 'info',
        content: 'for all',
      },
      actorId: null,
      channelId: null,
      to: 'global',
    });
    await bobs.first('event', ({ event }) => event.type === 'system.announcement');
    await adas.first('event', ({ event }) => event.type === 'system.announcement');
    await bobs.first('event', ({ event }) => event.type === 'custom');
    await bobs.first('event', ({ event }) => event.type === 'system.notice');
    const heard = new Set(adas.of('event').map(({ event }) => event.type));
    // Who types is told to those who watch.
    expect(heard).toEqual(new Set(['system.announcement']));
    adas.close();
    bobs.close();
  });
});
