import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { PresenceWorld, type PresenceStoreKind } from '../support/presence-world.ts';

const kinds: readonly PresenceStoreKind[] = ['embedded', 'postgres', 'redis'];

describe.each(kinds)('on %s', { timeout: 60_000 }, (kind) => {
  let world: PresenceWorld;
  beforeAll(async () => {
    world = await PresenceWorld.open(kind);
  }, 60_000);
  afterEach(() => world.disconnect());
  afterAll(() => world[Symbol.asyncDispose](), 60_000);

  async function scene() {
    const channelId = await world.channel('private', ['ann', 'bob', 'eve']);
    const eve = await world.watch('eve', channelId);
    const ann = await world.connect('ann');
    await ann.live(channelId);
    await eve.sees('ann', 'online');
    eve.take();
    const bob = await world.connect('bob');
    await bob.live(channelId);
    /** So that what ends before them has not ended by its time. */
    const bobFirst = async (): Promise<void> => {
      bob.send({ type: 'typing', channelId, state: 'start' });
      await eve.seesTyping(['bob']);
    };
    return { channelId, eve, ann, bob, bobFirst };
  }

  test('only beginning and end are told, and who comes late finds it in the roster', async () => {
    const { channelId, eve, ann } = await scene();
    for (let i = 0; i < 20; i += 1) ann.send({ type: 'typing', channelId, state: 'start' });
    await eve.seesTyping(['ann']);
    expect((await world.watch('bob', channelId, 0)).rosters[0]?.typing).toMatchObject([{ threadId: null }]);
    const roster = await world.ask('bob', 'GET', `/channels/${channelId}/presence`);
    expect(roster.json()).toMatchObject({
      typing: [{ userId: (await world.user('ann')).id, threadId: null }],
    });
    ann.send({ type: 'typing', channelId, state: 'stop' });
    await eve.seesTyping([]);
    expect(eve.of('ann')).toEqual(['types', 'types no more']);
  });

  test('it ends with the message, over a socket and by a request', async () => {
    const { channelId, eve, ann, bob, bobFirst } = await scene();
    await bobFirst();
    ann.send({ type: 'typing', channelId, state: 'start' });
    await eve.seesTyping(['ann', 'bob']);
    await ann.ask({ type: 'send', channelId, clientId: 'a', content: 'done' });
    await eve.seesTyping(['bob']);
    bob.send({ type: 'typing', channelId, state: 'stop' });
    await eve.seesTyping([]);
    await bobFirst();

    const path = `/channels/${channelId}/typing`;
    expect((await world.ask('ann', 'PUT', path, { state: 'start' })).statusCode).toBe(204);
    await eve.seesTyping(['ann', 'bob']);
    await world.ask('ann', 'POST', `/channels/${channelId}/messages`, { clientId: 'b', content: 'done' });
    await eve.seesTyping(['bob']);
    expect(eve.of('ann')).toEqual(['types', 'types no more', 'types', 'types no more']);
  });

  test('by requests it ends at any node, where it was begun at another', async () => {
    const { channelId, eve, bobFirst } = await scene();
    const path = `/channels/${channelId}/typing`;
    await bobFirst();
    await world.ask('ann', 'PUT', path, { state: 'start' });
    await eve.seesTyping(['ann', 'bob']);
    const stopped = await world.askAt(world.nodes.length - 1, 'ann', 'PUT', path, { state: 'stop' });
    expect(stopped.statusCode).toBe(204);
    await eve.seesTyping(['bob']);
    // Of one who does not type it is not told that they do.
    await world.askAt(0, 'ann', 'PUT', path, { state: 'stop' });
    expect(eve.of('ann')).toEqual(['types', 'types no more']);
  });

  test('it ends with a message that another node takes', async () => {
    const { channelId, eve, ann, bobFirst } = await scene();
    await bobFirst();
    ann.send({ type: 'typing', channelId, state: 'start' });
    await eve.seesTyping(['ann', 'bob']);
    const path = `/channels/${channelId}/messages`;
    const sent = await world.askAt(world.nodes.length - 1, 'ann', 'POST', path, {
      clientId: 'c',
      content: 'done',
    });
    expect(sent.statusCode).toBe(201);
    await eve.seesTyping(['bob']);
    expect(eve.of('bob').filter((note) => /types/.test(note))).toEqual(['types']);
  });

  test('it ends with the socket, in the channel and in threads, and goes on where another one types', async () => {
    const { channelId, eve, ann, bob, bobFirst } = await scene();
    const other = await world.connect('ann', 1);
    await other.live(channelId);
    await bobFirst();
    ann.send({ type: 'typing', channelId, state: 'start' });
    ann.send({ type: 'typing', channelId, state: 'start', threadId: newId() });
    await eve.seesTyping(['ann', 'ann in a thread', 'bob']);
    ann.close();
    await eve.seesTyping(['bob']);
    other.send({ type: 'typing', channelId, state: 'start' });
    await eve.seesTyping(['ann', 'bob']);
    bob.close();
    await eve.seesTyping(['ann']);
    expect(eve.statusOf('ann')).toBe('online');
  });

  test('it ends by itself when it is not said any more', async () => {
    const { channelId, eve, ann } = await scene();
    ann.send({ type: 'typing', channelId, state: 'start' });
    await eve.seesTyping(['ann']);
    await eve.seesTyping([], 30_000);
    expect(eve.of('ann')).toEqual(['types', 'types no more']);
  });

  test('it ends with the membership', async () => {
    const { channelId, eve, bobFirst } = await scene();
    const { id } = await world.user('cy');
    await world.ask('ann', 'PUT', `/channels/${channelId}/members/${id}`, {});
    const cy = await world.connect('cy');
    await cy.live(channelId);
    await bobFirst();
    cy.send({ type: 'typing', channelId, state: 'start' });
    await eve.seesTyping(['bob', 'cy']);
    await world.ask('ann', 'DELETE', `/channels/${channelId}/members/${id}`);
    await eve.seesTyping(['bob']);
    cy.send({ type: 'typing', channelId, state: 'start' });
    await until(() => cy.of('error')[0], { what: 'they may not type there' });
    expect(eve.of('cy').filter((note) => /types/.test(note))).toEqual(['types', 'types no more']);
  });

  test('somebody types in a few threads of a channel at a time, not in any number', async () => {
    const { channelId, eve, ann } = await scene();
    const threads = Array.from({ length: 20 }, () => newId());
    for (const threadId of threads) ann.send({ type: 'typing', channelId, state: 'start', threadId });
    const last = threads.slice(-8).toSorted();
    const typing = async (): Promise<string[]> => {
      const roster = await world.ask('ann', 'GET', `/channels/${channelId}/presence`);
      return roster.json<{ typing: { threadId: string }[] }>().typing.map(({ threadId }) => threadId);
    };
    await until(async () => (await typing()).toSorted().join() === last.join(), {
      what: 'the last ones are left',
    });
    expect(eve.typing.size).toBeLessThanOrEqual(1);
  });
});
