import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { outcomeOf } from '../support/hub.ts';
import { PresenceWorld, type PresenceStoreKind } from '../support/presence-world.ts';

const kinds: readonly PresenceStoreKind[] = ['embedded', 'postgres', 'redis'];

describe.each(kinds)('on %s', { timeout: 60_000 }, (kind) => {
  let world: PresenceWorld;
  beforeAll(async () => {
    world = await PresenceWorld.open(kind);
  }, 60_000);
  afterEach(() => world.disconnect());
  afterAll(() => world[Symbol.asyncDispose](), 60_000);

  const presenceOf = async (name: string, asker = 'eve'): Promise<unknown> => {
    const { id } = await world.user(name);
    const answer = await world.ask(asker, 'GET', `/presences?userIds=${id}`);
    return answer.json<{ items: unknown[] }>().items[0];
  };

  test('what one chooses by a request is seen by who watches at another node, until it is taken back', async () => {
    const channelId = await world.channel('private', ['ann', 'eve']);
    const eve = await world.watch('eve', channelId);
    await world.connect('ann');
    await eve.sees('ann', 'online');
    const wish = { availability: 'dnd', customStatus: 'Reviewing PRs', emoji: '👀' };
    const set = await world.ask('ann', 'PUT', '/me/status', wish);
    expect(set.json()).toEqual({ ...wish, until: null });
    await eve.sees('ann', 'dnd');
    const seen = {
      ...wish,
      availability: undefined,
      until: null,
      userId: (await world.user('ann')).id,
      lastSeen: null,
    };
    expect([...eve.here.values()]).toEqual([JSON.parse(JSON.stringify({ ...seen, status: 'dnd' }))]);
    expect(await presenceOf('ann')).toMatchObject({ status: 'dnd', customStatus: 'Reviewing PRs' });
    expect((await world.ask('ann', 'GET', '/me/status')).json()).toEqual({ ...wish, until: null });
    const roster = await world.ask('eve', 'GET', `/channels/${channelId}/presence`);
    expect(roster.json()).toMatchObject({
      users: 1,
      members: [{ status: 'dnd' }],
      complete: true,
      stale: false,
    });

    expect((await world.ask('ann', 'DELETE', '/me/status')).statusCode).toBe(204);
    await eve.sees('ann', 'online');
    const none = { availability: null, customStatus: null, emoji: null, until: null };
    expect((await world.ask('ann', 'GET', '/me/status')).json()).toEqual(none);
    expect((await world.ask('ann', 'PUT', '/me/status', {})).json()).toEqual(none);
  });

  test('who is invisible is not there for others, and is told what they have chosen', async () => {
    const channelId = await world.channel('private', ['bob', 'eve', 'fay']);
    const eve = await world.watch('eve', channelId);
    await world.connect('bob');
    await eve.sees('bob', 'online');
    await world.ask('bob', 'PUT', '/me/status', { availability: 'invisible' });
    await eve.sees('bob', 'offline');
    expect(await presenceOf('bob')).toMatchObject({ status: 'offline', lastSeen: null });
    const roster = await world.ask('eve', 'GET', `/channels/${channelId}/presence`);
    expect(roster.json()).toMatchObject({ users: 0, members: [] });
    const late = await world.watch('fay', channelId);
    expect(late.rosters[0]?.members).toEqual([]);
    expect((await world.ask('bob', 'GET', '/me/status')).json()).toMatchObject({ availability: 'invisible' });
    await world.ask('bob', 'DELETE', '/me/status');
    await eve.sees('bob', 'online');
    expect(eve.take()).toEqual(['bob online', 'bob offline', 'bob online']);
  });

  test('what one chooses ends when it says', async () => {
    const channelId = await world.channel('private', ['cy', 'eve']);
    const eve = await world.watch('eve', channelId);
    await world.connect('cy');
    await eve.sees('cy', 'online');
    const end = Date.now() + 2_500;
    await world.ask('cy', 'PUT', '/me/status', { availability: 'away', customStatus: 'Lunch', until: end });
    await eve.sees('cy', 'away');
    const [seen] = eve.here.values();
    expect(Math.abs((seen?.until ?? 0) - end)).toBeLessThan(50);
    await eve.sees('cy', 'online');
    // The node that is asked hears of it by itself, a moment before or after the one where Eve is.
    const chosen = async () =>
      (await world.ask('cy', 'GET', '/me/status')).json<{ customStatus: string | null }>().customStatus;
    await until(async () => (await chosen()) === null, { what: 'the first node has heard of it, too' });
  });

  test('an end that is over, or too far away, is refused', async () => {
    for (const until of [Date.now() - 1, Date.now() + 31 * 86_400_000]) {
      const refused = await world.ask('cy', 'PUT', '/me/status', { customStatus: 'x', until });
      expect([refused.json<{ field: string }>().field, outcomeOf(refused)]).toEqual(['until', 'INVALID']);
    }
  });

  test('users are seen whether they are here or not, in the order asked for', async () => {
    const [di, never] = [await world.user('di'), await world.user('never')];
    const client = await world.connect('di');
    await until(async () => JSON.stringify(await presenceOf('di')).includes('online'), {
      what: 'di is here',
    });
    client.ws.close(1000);
    await until(async () => JSON.stringify(await presenceOf('di')).includes('offline'), {
      what: 'di is gone',
    });
    const answer = await world.ask('eve', 'GET', `/presences?userIds=${never.id},${di.id},${di.id}`);
    expect(answer.json()).toMatchObject({
      items: [
        { userId: never.id, status: 'offline', lastSeen: null },
        { userId: di.id, status: 'offline', lastSeen: expect.any(Number) },
      ],
    });
    expect(answer.json<{ items: unknown[] }>().items).toHaveLength(2);
  });

  test('the liveliest connection of a user counts', async () => {
    const channelId = await world.channel('private', ['gil', 'eve']);
    const eve = await world.watch('eve', channelId);
    const [desk, phone] = [await world.connect('gil'), await world.connect('gil', 1)];
    await eve.sees('gil', 'online');
    await world.joined(channelId, 2);
    expect(await desk.ask({ type: 'presence', activity: 'away' })).toMatchObject({ type: 'ack' });
    await phone.ask({ type: 'presence', activity: 'away' });
    await eve.sees('gil', 'away');
    await desk.ask({ type: 'presence', activity: 'online' });
    await eve.sees('gil', 'online');
    expect(eve.take()).toEqual(['gil online', 'gil away', 'gil online']);
  });
});
