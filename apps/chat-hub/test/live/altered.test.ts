import { routes } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alteredQuery, type Told } from '../../src/live/altered-query.ts';
import { entryOf, timeOf } from '../../src/live/lines.ts';
import { hubDatabases, openTestHub, type TestHub, type TestUser } from '../support/hub.ts';

describe.each(hubDatabases)('on %s, a log that was told from', (kind) => {
  let world: TestHub;
  let ann: TestUser;
  let channel: string;
  let told: Told[];
  const as = (body?: unknown) => ({ token: ann.token, body });
  const altered = (what: readonly Told[] = told) =>
    alteredQuery(world.hub.tables)(what, AbortSignal.timeout(10_000));

  beforeAll(async () => {
    world = await openTestHub(kind);
    ann = await world.user('ann', { role: 'owner' });
    const made = await world.ask('POST', '/channels', as({ kind: 'public', name: 'lab' }));
    channel = made.json<{ id: string }>().id;
    const messages: string[] = [];
    for (const clientId of ['one', 'two', 'three']) {
      const sent = await world.ask(
        'POST',
        `/channels/${channel}/messages`,
        as({ clientId, content: clientId }),
      );
      messages.push(routes.sendMessage.reply.parse(sent.json()).message.id);
    }
    const log = await world.ask('GET', `/channels/${channel}/log`, as());
    told = routes.readLog.reply
      .parse(log.json())
      .items.map(({ seq = 0, timestamp }) => ({ channelId: channel, seq, at: timestamp }));
    const [first, second] = messages;
    await world.ask('PATCH', `/channels/${channel}/messages/${first}`, as({ content: 'uno' }));
    await world.ask('DELETE', `/channels/${channel}/messages/${second}`, as());
    await world.ask(
      'PUT',
      `/channels/${channel}/messages/${first}/reactions/${encodeURIComponent('👍')}`,
      as(),
    );
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  test('is the same one while it goes on, whatever becomes of its messages', async () => {
    expect(told.length).toBeGreaterThan(3);
    expect(await altered()).toBe(false);
    expect(await altered([])).toBe(false);
  });

  test('is another one when it is shorter, or another entry has the number of one that was told', async () => {
    expect(await altered([{ channelId: channel, seq: 100, at: undefined }])).toBe(true);
    for (const entry of told) expect(await altered([{ ...entry, at: (entry.at ?? 0) + 1 }])).toBe(true);
  });

  test('is not asked for when its channel is gone, nor for what is kept no more', async () => {
    expect(await altered([{ channelId: ann.id, seq: 1, at: 1 }])).toBe(false);
    expect(await altered([{ channelId: channel, seq: 0, at: 1 }])).toBe(false);
  });
});

test('the moment of an entry is read from what is sent, whatever people write', () => {
  const event = JSON.stringify({ content: '"timestamp":7,' });
  const entry = entryOf('c', 'e', { seq: 3, at: 1_234, actorId: null, type: 'channel.message', event });
  expect(timeOf(entry)).toBe(1_234);
});
