import { limits } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PresenceWorld, type PresenceStoreKind } from '../support/presence-world.ts';

const kinds: readonly PresenceStoreKind[] = ['embedded', 'redis'];

describe.each(kinds)('on %s', { timeout: 60_000 }, (kind) => {
  let world: PresenceWorld;
  beforeAll(async () => {
    world = await PresenceWorld.open(kind);
  }, 60_000);
  afterEach(() => world.disconnect());
  afterAll(() => world[Symbol.asyncDispose](), 60_000);

  test('a private channel is watched by its members, a public one by anybody, and neither need follow it', async () => {
    const [secret, open] = [await world.channel('private', ['ann']), await world.channel('public', ['ann'])];
    const eve = await world.connect('eve', 1, { subscribe: [] });
    expect(await eve.ask({ type: 'watch', channelId: secret })).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    expect(await eve.ask({ type: 'watch', channelId: open })).toMatchObject({ type: 'ack', channelId: open });
    // The roster comes before the answer.
    const order = eve.frames.map(({ type }) => type).filter((type) => type === 'roster' || type === 'ack');
    expect(order).toEqual(['roster', 'ack']);
    await world.connect('ann');
    await eve.first('event', ({ event }) => event.type === 'channel.presence');
    expect(eve.of('roster').map(({ roster }) => roster.channelId)).toEqual([open]);
  });

  test('who does not watch is told nothing of it, nor who watches no more', async () => {
    const channelId = await world.channel('public', ['ann', 'bob']);
    const [bob, eve] = [await world.connect('bob'), await world.watch('eve', channelId)];
    await bob.live(channelId);
    await eve.sees('bob', 'online');
    eve.take();
    expect(await eve.client.ask({ type: 'unwatch', channelId })).toMatchObject({ type: 'ack' });
    const fay = await world.watch('fay', channelId);
    const ann = await world.connect('ann');
    await ann.live(channelId);
    ann.send({ type: 'typing', channelId, state: 'start' });
    await fay.seesTyping(['ann']);
    for (const client of [bob, eve.client]) {
      await client.ask({ type: 'unlisten', topic: 'a' });
      const told = client.of('event').filter(({ event }) => /presence|typing/.test(event.type));
      expect(told.filter(({ senderId }) => senderId !== bob.of('welcome')[0]?.userId)).toEqual([]);
    }
    expect(eve.take()).toEqual([]);
  });

  test('who is removed from a private channel hears no more of it, whether they follow it or not', async () => {
    const channelId = await world.channel('private', ['ann', 'bob', 'cy']);
    const [bob, cy] = [await world.watch('bob', channelId), await world.connect('cy', 1)];
    await cy.live(channelId);
    expect(await cy.ask({ type: 'watch', channelId })).toMatchObject({ type: 'ack' });
    for (const name of ['bob', 'cy']) {
      const { id } = await world.user(name);
      const removed = await world.ask('ann', 'DELETE', `/channels/${channelId}/members/${id}`);
      expect(removed.statusCode).toBeLessThan(300);
    }
    await bob.client.first('gone', (frame) => frame.channelId === channelId);
    await cy.first('event', ({ event }) => event.type === 'channel.member.leave');
    await until(() => world.watches === 0, { what: 'nobody watches any more' });
    const before = [bob.client, cy].map(({ frames }) => frames.filter(isPresence).length);
    await world.connect('ann');
    const ann = await world.watch('ann', channelId);
    await ann.sees('ann', 'online');
    for (const client of [bob.client, cy]) await client.ask({ type: 'unlisten', topic: 'a' });
    expect([bob.client, cy].map(({ frames }) => frames.filter(isPresence).length)).toEqual(before);
    expect(await cy.ask({ type: 'watch', channelId })).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test('who leaves a public channel goes on watching it, from a roster of then', async () => {
    const channelId = await world.channel('public', ['ann', 'bob']);
    const bob = await world.watch('bob', channelId);
    await world.ask('bob', 'POST', `/channels/${channelId}/leave`);
    await until(() => bob.rosters.length > 1, { what: 'the roster comes again' });
    await world.connect('ann');
    await bob.sees('ann', 'online');
    expect(bob.client.of('gone')).toEqual([]);
  });

  test('a connection watches so many channels and no more', async () => {
    const eve = await world.connect('eve', 1, { subscribe: [] });
    const [first = '', ...rest] = await Promise.all(
      Array.from({ length: limits.watches + 1 }, () => world.channel('public', ['ann'])),
    );
    for (const channelId of rest)
      expect(await eve.ask({ type: 'watch', channelId })).toMatchObject({ type: 'ack' });
    const refused = await eve.ask({ type: 'watch', channelId: first });
    expect(refused).toMatchObject({ error: { code: 'LIMIT_REACHED' } });
    // What is watched already may be asked for again.
    expect(await eve.ask({ type: 'watch', channelId: rest[0] ?? '' })).toMatchObject({ type: 'ack' });
    await eve.ask({ type: 'unwatch', channelId: rest[0] ?? '' });
    expect(await eve.ask({ type: 'watch', channelId: first })).toMatchObject({ type: 'ack' });
    eve.close();
    await until(() => world.watches === 0, { what: 'nothing is watched for who is gone' });
  });

  test('who is slow is told the roster again instead of what was left out', async () => {
    const channelId = await world.channel('public', ['ann', 'bob']);
    const slow = await world.watch('bob', channelId);
    const quick = await world.watch('eve', channelId);
    await slow.client.ask({ type: 'subscribe', channelId });
    slow.client.ws.pause();
    const content = 'x'.repeat(15_000);
    const busy = async (): Promise<boolean> => {
      const path = `/channels/${channelId}/messages`;
      await Promise.all(
        Array.from({ length: 20 }, () =>
          world.ask('ann', 'POST', path, { clientId: Math.random().toString(36), content }),
        ),
      );
      return world.waitingBytes > 400_000;
    };
    await until(busy, { what: 'it has more to take than it should', deadline: 30_000 });
    const ann = await world.connect('ann');
    await quick.sees('ann', 'online');
    ann.ws.close(1000);
    await quick.sees('ann', 'offline');
    await world.connect('cy', 0, { subscribe: [channelId] });
    await world.ask('cy', 'POST', `/channels/${channelId}/join`);
    await quick.sees('cy', 'online');
    const before = slow.rosters.length;
    slow.client.ws.resume();
    await slow.sees('cy', 'online');
    expect(slow.rosters.length).toBeGreaterThan(before);
    expect(slow.statusOf('ann')).toBe('offline');
  });
});

const isPresence = (frame: { readonly type: string }): boolean =>
  frame.type === 'roster' ||
  (frame.type === 'event' && /"channel\.(presence|typing)"/.test(JSON.stringify(frame)));
