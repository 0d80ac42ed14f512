import { startRedis, until, type RedisServer } from '@parley/services';
import { describe, expect, test } from 'vitest';
import { inject, outcomeOf } from '../support/hub.ts';
import { PresenceWorld } from '../support/presence-world.ts';

interface Outage {
  readonly name: string;
  readonly begin: (redis: RedisServer) => Promise<unknown>;
  readonly end: (redis: RedisServer) => Promise<unknown>;
}

const outages: readonly Outage[] = [
  { name: 'dead', begin: (redis) => redis.kill(), end: (redis) => redis.restart({ data: 'wipe' }) },
  { name: 'hung', begin: (redis) => redis.pause(), end: (redis) => redis.resume() },
];

describe.each(outages)('while Redis is $name', { timeout: 180_000 }, ({ begin, end }) => {
  test('the hub goes on, tells what it knew last, and refuses what it cannot know', async () => {
    await using redis = await startRedis();
    await using world = await PresenceWorld.open('postgres', {
      CACHE_ADAPTER: 'redis',
      REDIS_URL: redis.url,
    });
    const channelId = await world.channel('private', ['ann', 'bob', 'cy', 'eve']);
    const unknown = await world.channel('private', ['eve']);
    const eve = await world.watch('eve', channelId);
    const coder = await world.user('coder', { kind: 'agent' });
    const ann = await world.connect('ann');
    await world.connect('coder');
    await eve.client.ask({ type: 'watch_agents' });
    await until(() => eve.agents.get(coder.id)?.online === true, { what: 'the agent is at work' });
    await ann.live(channelId);
    await eve.sees('ann', 'online');
    ann.send({ type: 'typing', channelId, state: 'start' });
    await eve.seesTyping(['ann']);

    await begin(redis);
    const bob = await world.connect('bob');
    await bob.live(channelId);
    // What waits for the store holds up nothing behind it.
    const watching = bob.ask({ type: 'watch', channelId: unknown });
    expect(await watching).toMatchObject({ error: { code: 'NOT_FOUND' } });
    let answered = false;
    const blind = eve.client.ask({ type: 'watch', channelId: unknown }).finally(() => (answered = true));
    const sent = eve.client.ask({ type: 'send', channelId: unknown, clientId: 'x', content: 'still here' });
    expect(await sent).toMatchObject({ type: 'ack' });
    expect(answered).toBe(false);
    bob.send({ type: 'typing', channelId, state: 'start' });
    expect(await bob.ask({ type: 'send', channelId, clientId: 'y', content: 'me too' })).toMatchObject({
      type: 'ack',
    });
    expect(await bob.ask({ type: 'presence', activity: 'away' })).toMatchObject({ type: 'ack' });
    expect(await blind).toMatchObject({ error: { code: 'UNAVAILABLE', retryable: true } });
    await until(() => eve.stale, { what: 'the roster may not be right', deadline: 30_000 });
    await eve.seesTyping([], 30_000);
    expect(eve.statusOf('ann')).toBe('online');
    // Watched at the other node only.
    const roster = await world.askAt(1, 'eve', 'GET', `/channels/${channelId}/presence`);
    expect(roster.json()).toMatchObject({ stale: true, members: [{ status: 'online' }] });
    expect(outcomeOf(await world.ask('eve', 'GET', `/channels/${unknown}/presence`))).toBe('UNAVAILABLE');
    expect(outcomeOf(await world.ask('ann', 'PUT', '/me/status', { availability: 'dnd' }))).toBe(
      'UNAVAILABLE',
    );
    expect(outcomeOf(await world.ask('ann', 'GET', `/presences?userIds=${coder.id}`))).toBe('UNAVAILABLE');
    expect(outcomeOf(await world.ask('ann', 'GET', '/agents'))).toBe('UNAVAILABLE');
    const agents = await world.askAt(1, 'ann', 'GET', '/agents');
    expect(agents.json()).toMatchObject({ items: [{ userId: coder.id, online: true }] });
    // Without presence a node serves.
    expect((await inject(world.test.hub, 'GET', '/readyz')).statusCode).toBe(200);
    expect((await world.test.hub.parley.health()).checks?.['presence']?.status).not.toBe('up');
    ann.ws.close(1000);
    await ann.closed;

    await end(redis);
    await until(() => !eve.stale, { what: 'the roster is right again', deadline: 60_000 });
    await eve.sees('bob', 'away', 60_000);
    await eve.sees('ann', 'offline', 60_000);
    expect(eve.of('ann').filter((note) => /line/.test(note))).toEqual(['online', 'offline']);
    const again = await eve.client.ask({ type: 'watch', channelId: unknown });
    expect(again).toMatchObject({ type: 'ack' });
    expect((await world.ask('bob', 'PUT', '/me/status', { availability: 'dnd' })).statusCode).toBe(200);
    await eve.sees('bob', 'dnd');
  });

  test('a node ends all the same', async () => {
    await using redis = await startRedis();
    const world = await PresenceWorld.open('postgres', { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url });
    const channelId = await world.channel('private', ['ann', 'eve']);
    const eve = await world.watch('eve', channelId);
    await world.connect('ann');
    await eve.sees('ann', 'online');
    await begin(redis);
    await until(() => eve.stale, { what: 'the roster may not be right', deadline: 30_000 });
    await world[Symbol.asyncDispose]();
    await end(redis);
  });
});
