import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { numbers } from '../support/client.ts';
import { faultyBus } from '../support/faulty-bus.ts';
import { LiveWorld } from '../support/live-world.ts';

test('a token that is revoked closes its sockets at once, on every node', { timeout: 60_000 }, async () => {
  await using world = await LiveWorld.open({ nodes: 2 });
  const [ada, bob] = [await world.user('ada'), await world.user('bob')];
  const clients = await Promise.all(world.nodes.map((node) => node.connect(ada.token)));
  const others = await Promise.all(world.nodes.map((node) => node.connect(bob.token)));
  for (const client of [...clients, ...others]) await client.first('welcome');
  await world.revoke(ada);
  for (const client of clients) {
    expect(await client.closed).toBe(4_401);
    expect(client.of('goodbye')).toMatchObject([{ reason: 'revoked' }]);
  }
  for (const client of others) {
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    client.close();
  }
});

test(
  'a token that is revoked while nobody is told closes its sockets soon',
  { timeout: 60_000 },
  async () => {
    const bus = faultyBus(1);
    bus.away = true;
    await using world = await LiveWorld.open({ nodes: 2, wrapBus: bus.wrap });
    const ada = await world.user('ada');
    const clients = await Promise.all(world.nodes.map((node) => node.connect(ada.token)));
    for (const client of clients) await client.first('welcome');
    await world.revoke(ada, 'quiet');
    for (const client of clients) expect(await client.closed).toBe(4_401);
  },
);

test('a token that ends by itself closes its sockets when it does', { timeout: 60_000 }, async () => {
  await using world = await LiveWorld.open({ backend: 'embedded' });
  const ada = await world.user('ada', { expiresAt: Date.now() + 5_000 });
  const client = await world.node.connect(ada.token);
  await client.first('welcome');
  expect(await client.closed).toBe(4_401);
});

test(
  'a node that drains sends everybody away, one after the other, and takes nobody',
  { timeout: 60_000 },
  async () => {
    await using world = await LiveWorld.open({ backend: 'embedded' });
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const clients = await Promise.all(numbers(1, 20).map(() => world.node.connect(ada.token)));
    for (const client of clients) await client.live(channelId);
    const [first] = clients;
    const { sendAll } = world.node.chat.messages;
    const held = Promise.withResolvers<void>();
    Object.assign(world.node.chat.messages, {
      sendAll: async (...args: Parameters<typeof sendAll>) => {
        await held.promise;
        return sendAll(...args);
      },
    });
    const answer = first?.ask({ type: 'send', channelId, clientId: 'last', content: 'the last words' });
    await first?.ask({ type: 'listen', topic: 'a' });
    const drained = world.node.sockets.drain(10_000);
    await expect(world.node.connect(ada.token)).rejects.toThrow('503');
    await first?.first('goodbye');
    expect(await first?.ask({ type: 'listen', topic: 'b' })).toMatchObject({ error: { code: 'DRAINING' } });
    held.resolve();
    // What was begun is answered before the end.
    expect(await answer).toMatchObject({ type: 'ack' });
    await drained;
    const waits = await Promise.all(
      clients.map(async (client) => {
        expect(await client.closed).toBe(1_012);
        return client.of('goodbye')[0]?.reconnectAfter;
      }),
    );
    expect(new Set(waits).size).toBeGreaterThan(10);
    expect(world.node.sockets.figures()).toMatchObject({ sockets: 0, users: 0 });
  },
);

test(
  'rooms that nobody follows are closed, and nothing is left of who was there',
  { timeout: 60_000 },
  async () => {
    await using world = await LiveWorld.open({ backend: 'embedded' });
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const client = await world.node.connect(ada.token);
    await client.live(channelId);
    expect(world.node.sockets.figures()).toMatchObject({ sockets: 1, users: 1, rooms: 1 });
    client.close();
    await until(() => world.node.sockets.figures().rooms === 0, { what: 'the room is closed' });
    expect(world.node.sockets.figures()).toMatchObject({ sockets: 0, users: 0 });
  },
);
