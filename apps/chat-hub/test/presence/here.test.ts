import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { PresenceWorld, type PresenceStoreKind } from '../support/presence-world.ts';

const kinds: readonly PresenceStoreKind[] = ['embedded', 'postgres', 'redis'];
/** Longer than the grace. */
const graceOver = 6_500;

/** As a client ends that leaves. */
async function leave(client: TestClient): Promise<void> {
  client.ws.close(1000);
  await client.closed;
}

describe.each(kinds)('on %s', { timeout: 90_000 }, (kind) => {
  let world: PresenceWorld;
  beforeAll(async () => {
    world = await PresenceWorld.open(kind);
  }, 60_000);
  afterEach(() => world.disconnect());
  afterAll(() => world[Symbol.asyncDispose](), 60_000);

  test('who connects is seen to come, and who leaves is seen to go at once', async () => {
    const channelId = await world.channel('private', ['ann', 'eve']);
    const eve = await world.watch('eve', channelId);
    expect(eve.rosters).toMatchObject([{ members: [], users: 0, complete: true, stale: false, typing: [] }]);
    const ann = await world.connect('ann');
    await eve.sees('ann', 'online');
    await leave(ann);
    await eve.sees('ann', 'offline');
    expect(world.lost).toBe(0);
    expect(eve.take()).toEqual(['ann online', 'ann offline']);
    const [last] = eve.client
      .of('event')
      .filter(({ event }) => event.type === 'channel.presence')
      .slice(-1);
    expect(last).toMatchObject({
      channelId,
      event: { presence: { status: 'offline', lastSeen: expect.any(Number) } },
    });
    expect(last?.seq).toBeUndefined();
  });

  test('of two tabs one may close and crash, and nobody sees it', async () => {
    const channelId = await world.channel('private', ['bob', 'eve']);
    const eve = await world.watch('eve', channelId);
    const [one, two, three] = [
      await world.connect('bob'),
      await world.connect('bob', 1),
      await world.connect('bob'),
    ];
    await eve.sees('bob', 'online');
    await world.joined(channelId, 3);
    await leave(one);
    three.close();
    await sleep(graceOver);
    expect(eve.take()).toEqual(['bob online']);
    two.close();
    await eve.sees('bob', 'offline');
    expect(eve.take()).toEqual(['bob offline']);
  });

  test('a page that is loaded anew, on any node, was never away', async () => {
    const channelId = await world.channel('private', ['cy', 'eve']);
    const eve = await world.watch('eve', channelId);
    let page = await world.connect('cy', 0, { session: 'tab' });
    await eve.sees('cy', 'online');
    for (const [node, end] of [
      [0, 'crash'],
      [1, 'reload'],
      [0, 'crash'],
    ] as const) {
      if (end === 'crash') page.close();
      else page.ws.close(1001);
      await page.closed;
      page = await world.connect('cy', node, { session: 'tab' });
      await page.live(channelId);
    }
    await sleep(graceOver);
    expect(eve.take()).toEqual(['cy online']);
    expect(eve.statusOf('cy')).toBe('online');
    await leave(page);
    await eve.sees('cy', 'offline');
    expect(world.lost).toBe(0);
  });

  test('of a session with two sockets both count, and what one of them follows no more the other may', async () => {
    const channelId = await world.channel('private', ['di', 'eve']);
    const eve = await world.watch('eve', channelId);
    const [one, two] = [
      await world.connect('di', 0, { session: 's' }),
      await world.connect('di', 0, { session: 's' }),
    ];
    await one.live(channelId);
    await two.live(channelId);
    await eve.sees('di', 'online');
    await one.ask({ type: 'unsubscribe', channelId });
    await leave(one);
    await two.ask({ type: 'presence', activity: 'away' });
    await eve.sees('di', 'away');
    await two.ask({ type: 'unsubscribe', channelId });
    await eve.sees('di', 'offline');
    expect(eve.take()).toEqual(['di online', 'di away', 'di offline']);
  });

  test('of two clients with one session at two nodes both count, and one may leave', async () => {
    const channelId = await world.channel('private', ['ivy', 'eve']);
    const eve = await world.watch('eve', channelId);
    const one = await world.connect('ivy', 0, { session: 'copied' });
    await one.live(channelId);
    const two = await world.connect('ivy', 1, { session: 'copied' });
    await two.live(channelId);
    // At one node they share a connection.
    await world.joined(channelId, world.nodes.length);
    await leave(two);
    await world.joined(channelId, 1);
    await eve.sees('ivy', 'online');
    expect(eve.take()).toEqual(['ivy online']);
    await leave(one);
    await eve.sees('ivy', 'offline');
  });

  test('who comes back and follows less is seen where they follow', async () => {
    const [kept, left] = [
      await world.channel('private', ['hal', 'eve']),
      await world.channel('private', ['hal', 'eve']),
    ];
    const [one, other] = [await world.watch('eve', kept), await world.watch('eve', left)];
    const hal = await world.connect('hal', 0, { session: 'tab' });
    await one.sees('hal', 'online');
    await other.sees('hal', 'online');
    hal.close();
    await hal.closed;
    await world.connect('hal', 0, { session: 'tab', subscribe: [kept] });
    await other.sees('hal', 'offline');
    expect(one.notes).toEqual(['hal online']);
    expect(other.notes).toEqual(['hal online', 'hal offline']);
  });

  test('one is where one is a member and follows: not in a public channel that is only looked at, until one joins', async () => {
    const channelId = await world.channel('public', ['eve']);
    const eve = await world.watch('eve', channelId);
    const fay = await world.connect('fay', 0, { subscribe: [channelId] });
    await fay.live(channelId);
    expect((await world.ask('fay', 'POST', `/channels/${channelId}/join`)).statusCode).toBeLessThan(300);
    await eve.sees('fay', 'online');
    expect((await world.ask('fay', 'POST', `/channels/${channelId}/leave`)).statusCode).toBeLessThan(300);
    await eve.sees('fay', 'offline');
    expect(eve.take()).toEqual(['fay online', 'fay offline']);
  });

  test('who is deactivated is gone at once', async () => {
    await until(() => world.sockets + world.lost === 0, { what: 'those of the tests before are gone' });
    const channelId = await world.channel('private', ['eve', 'gus']);
    const eve = await world.watch('eve', channelId);
    const gus = await world.connect('gus');
    await eve.sees('gus', 'online');
    await world.user('boss', { role: 'owner' });
    const { id } = await world.user('gus');
    expect((await world.ask('boss', 'DELETE', `/users/${id}`)).statusCode).toBe(200);
    expect(await gus.closed).toBe(4_403);
    await eve.sees('gus', 'offline');
    expect(world.lost).toBe(0);
    expect(eve.take()).toEqual(['gus online', 'gus offline']);
  });
});
