import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { numbers } from '../support/client.ts';
import { LiveWorld, type TestUser } from '../support/live-world.ts';

let world: LiveWorld;
beforeAll(async () => {
  world = await LiveWorld.open();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

async function channelOf(user: TestUser, messages: number): Promise<string> {
  const channelId = await world.node.chat.create('private', [user.id]);
  const start = await world.node.chat.head(channelId);
  for (let seq = start; seq < messages; seq += 1)
    await world.node.chat.say(channelId, user.id, `text ${seq}`);
  return channelId;
}

describe('who comes back', () => {
  test('after more than is worth sending is told to load anew, and goes on from there', async () => {
    const ada = await world.user('ada');
    const channelId = await channelOf(ada, 10);
    const { database, tables } = world.node.parley;
    const { schema } = tables('hub', new URL('../../sql/', import.meta.url));
    await database.query({ text: `update ${schema}.channels set last_seq = 9000 where id = $1` }, [
      channelId,
    ]);
    const epoch = world.node.epoch.current;
    const client = await world.node.connect(ada.token, { hello: { epoch, positions: { [channelId]: 3 } } });
    expect(await client.first('resync')).toEqual({
      type: 'resync',
      channelId,
      epoch,
      seq: 9e3,
      reason: 'gap',
    });
    const { seq } = await world.node.chat.say(channelId, ada.id, 'next');
    await client.has(channelId, seq);
    expect(client.seqs(channelId)).toEqual([9_001]);
    client.close();
  });

  test('with numbers of another epoch, or of none, is told to load anew', async () => {
    const ada = await world.user('ada');
    const channelId = await channelOf(ada, 5);
    for (const epoch of ['another', undefined]) {
      const client = await world.node.connect(ada.token, {
        hello: { ...(epoch !== undefined && { epoch }), positions: { [channelId]: 3 } },
      });
      expect(await client.first('resync')).toMatchObject({ channelId, seq: 5, reason: 'epoch' });
      expect(client.of('welcome')[0]).toMatchObject({ resume: 'resync' });
      expect(client.events(channelId)).toEqual([]);
      client.close();
    }
  });

  test('with a number that was never given out is told to load anew', async () => {
    const ada = await world.user('ada');
    const channelId = await channelOf(ada, 5);
    const epoch = world.node.epoch.current;
    const client = await world.node.connect(ada.token, { hello: { epoch, positions: { [channelId]: 77 } } });
    expect(await client.first('resync')).toMatchObject({ channelId, seq: 5, reason: 'ahead' });
    client.close();
  });

  test('together with 499 others is sent what it missed, and the log is not read 500 times', async () => {
    // All of them are in this process as well: it may take them long to say what they want.
    await using world = await LiveWorld.open({ bounds: { helloMs: 60_000, frameMs: 60_000 } });
    const users = await Promise.all(numbers(1, 10).map((i) => world.user(`u${i}`)));
    const { chat, epoch } = world.node;
    const channelId = await chat.create(
      'private',
      users.map(({ id }) => id),
    );
    const start = await chat.head(channelId);
    for (let seq = start; seq < 900; seq += 1) await chat.say(channelId, users[0]?.id ?? '', `text ${seq}`);
    const clients = await Promise.all(
      numbers(0, 499).map((i) =>
        world.node.connect(users[i % 10]?.token ?? '', {
          hello: { epoch: epoch.current, positions: { [channelId]: 600 + (i % 30) } },
        }),
      ),
    );
    for (const [i, client] of clients.entries()) {
      expect(await client.live(channelId)).toBe(900);
      expect(client.seqs(channelId)).toEqual(numbers(601 + (i % 30), 900));
      client.close();
    }
    expect(chat.reads()).toBeLessThan(100);
  }, 90_000);

  test('with a channel that is not for it any more is told to forget it', async () => {
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const channelId = await world.node.chat.create('private', [ada.id, bob.id]);
    const open = await world.node.chat.create('public', [ada.id]);
    const last = await world.node.chat.kick(channelId, bob.id);
    await world.node.chat.say(channelId, ada.id, 'a secret');
    const epoch = world.node.epoch.current;
    const positions = { [channelId]: last - 2, [open]: 1 };
    const client = await world.node.connect(bob.token, { hello: { epoch, positions } });
    expect(await client.first('gone')).toEqual({ type: 'gone', channelId });
    expect(await client.ask({ type: 'listen', topic: 'a' })).toMatchObject({ type: 'ack' });
    expect(client.of('gone')).toHaveLength(1);
    expect(client.of('event')).toEqual([]);
    client.close();
  });

  test('to channels of its choice follows those, and is told to forget the others', async () => {
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const mine = await channelOf(ada, 3);
    const other = await channelOf(ada, 3);
    const open = await world.node.chat.create('public', [bob.id]);
    const foreign = await channelOf(bob, 3);
    const client = await world.node.connect(ada.token, { hello: { subscribe: [mine, open, foreign] } });
    await client.live(mine);
    await client.live(open);
    expect(await client.first('gone')).toEqual({ type: 'gone', channelId: foreign });
    const before = await world.node.chat.head(open);
    for (const channelId of [mine, other]) await world.node.chat.say(channelId, ada.id, 'text');
    for (const channelId of [open, foreign]) await world.node.chat.say(channelId, bob.id, 'text');
    await client.has(mine, 4);
    expect(await client.ask({ type: 'subscribe', channelId: other, after: 2 })).toMatchObject({
      type: 'ack',
    });
    await client.has(other, 4);
    expect(client.seqs(other)).toEqual([3, 4]);
    expect(client.events(foreign)).toEqual([]);
    await client.has(open, before + 1);
    expect(client.seqs(open)).toEqual([before + 1]);
    expect(await client.ask({ type: 'unsubscribe', channelId: mine })).toMatchObject({ type: 'ack' });
    await world.node.chat.say(mine, ada.id, 'text');
    const { seq } = await world.node.chat.say(other, ada.id, 'text');
    await client.has(other, seq);
    expect(client.seqs(mine)).toEqual([4]);
    client.close();
  });
});

describe('another epoch', () => {
  test('has everybody load every channel anew, and go on', async () => {
    await using world = await LiveWorld.open({ nodes: 2 });
    const ada = await world.user('ada');
    const { chat, epoch } = world.node;
    const channelId = await chat.create('private', [ada.id]);
    const clients = await Promise.all(world.nodes.map((node) => node.connect(ada.token)));
    await Promise.all(clients.map((client) => client.live(channelId)));
    const before = epoch.current;
    await world.newEpoch();
    // A log that grew shorter gives it away.
    const { database, tables } = world.node.parley;
    const { schema } = tables('hub', new URL('../../sql/', import.meta.url));
    await database.query({ text: `update ${schema}.channels set last_seq = 0 where id = $1` }, [channelId]);
    for (const table of ['changes', 'messages'])
      await database.query({ text: `delete from ${schema}.${table} where channel_id = $1` }, [channelId]);
    for (const client of clients) {
      const { epoch, seq, reason } = await client.first('resync');
      expect({ seq, reason, isNew: epoch !== before }).toEqual({ seq: 0, reason: 'epoch', isNew: true });
    }
    await until(() => world.nodes.every((node) => node.epoch.current !== before), { what: 'all know of it' });
    await chat.say(channelId, ada.id, 'after');
    for (const client of clients) {
      await until(() => client.of('event').some(({ seq, epoch }) => seq === 1 && epoch !== before), {
        what: 'the first message of the new history',
      });
      client.close();
    }
  }, 60_000);
});

describe('who is slow', () => {
  test('is told nothing until it reads again, loses nothing, and holds up nobody', async () => {
    const [ada, bob] = [await world.user('ada'), await world.user('bob')];
    const channelId = await world.node.chat.create('private', [ada.id, bob.id]);
    const slow = await world.node.connect(bob.token);
    const quick = await world.node.connect(ada.token);
    const start = await slow.live(channelId);
    await quick.live(channelId);
    slow.ws.pause();
    const text = 'x'.repeat(15_000);
    let last = start;
    // More than sockets and the hub hold for it together.
    for (let i = 0; i < 900; i += 1) last = (await world.node.chat.say(channelId, ada.id, text)).seq;
    await quick.has(channelId, last);
    // What it did not take is not kept for it: neither what was said, nor what counts only now.
    const { feed, sockets } = world.node;
    expect(sockets.figures().waitingBytes).toBeLessThan(3_000_000);
    const typing = {
      type: 'channel.typing',
      channelId,
      userId: ada.id,
      state: 'start',
      threadId: null,
    } as const;
    feed.moment({ event: typing, actorId: ada.id, channelId, to: `channel:${channelId}` });
    const notice = { type: 'system.notice', level: 'info', code: 'c', content: 'text' } as const;
    feed.moment({
      event: {
        ...notice,
        channelId: null,
      },
      actorId: null,
      channelId: null,
      to: `agent:${bob.id}`,
    });
    expect(sockets.figures().droppedMoments).toBe(1);
    await quick.first('event', ({ event }) => event.type === 'channel.typing');
    slow.ws.resume();
    await slow.has(channelId, last);
    expect(slow.seqs(channelId)).toEqual(numbers(start + 1, last));
    expect(quick.seqs(channelId)).toEqual(numbers(start + 1, last));
    expect(slow.of('event').filter(({ event }) => event.type === 'channel.typing')).toEqual([]);
    slow.close();
    quick.close();
  }, 60_000);

  test('for too long is closed', async () => {
    await using world = await LiveWorld.open({ backend: 'embedded', bounds: { stuckMs: 1_500 } });
    const ada = await world.user('ada');
    const channelId = await world.node.chat.create('private', [ada.id]);
    const client: TestClient = await world.node.connect(ada.token);
    await client.live(channelId);
    client.ws.pause();
    const text = 'x'.repeat(15_000);
    await until(
      async () => {
        await Promise.all(numbers(1, 20).map(() => world.node.chat.say(channelId, ada.id, text)));
        return world.node.sockets.figures().sockets === 0;
      },
      { what: 'it is closed', deadline: 60_000 },
    );
    client.close();
  }, 90_000);
});
