import { limits, type User } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestClient } from '../support/client.ts';
import {
  callerOf,
  hubDatabases,
  inject,
  openTestHub,
  outcomeOf,
  type TestHub,
  type TestUser,
} from '../support/hub.ts';
import { codeOf } from '../support/world.ts';

describe.each(hubDatabases)('on %s, somebody in a time-out', (kind) => {
  let world: TestHub;
  let owner: TestUser;
  beforeAll(async () => {
    world = await openTestHub(kind);
    owner = await world.user('the-owner', { role: 'owner' });
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const put = (by: TestUser, whom: TestUser, seconds: number) =>
    world.ask('PUT', `/users/${whom.id}/timeout`, { token: by.token, body: { seconds, reason: 'noise' } });
  const end = (by: TestUser, whom: TestUser) =>
    world.ask('DELETE', `/users/${whom.id}/timeout`, { token: by.token });
  const makeChannel = async (by: TestUser, name: string): Promise<string> => {
    const body = { kind: 'public', name };
    return (await world.ask('POST', '/channels', { token: by.token, body })).json<{ id: string }>().id;
  };

  test('reads and does nothing else, until somebody ends it', async () => {
    const bob = await world.user('bob');
    const id = await makeChannel(bob, `of-bob-${kind}`);
    const answer = await put(owner, bob, 600);
    expect(answer.json()).toMatchObject({ id: bob.id, role: 'member', timeoutUntil: expect.any(Number) });
    const message = { content: 'x', clientId: 'c' };
    const send = () => world.ask('POST', `/channels/${id}/messages`, { token: bob.token, body: message });
    expect(outcomeOf(await send())).toBe('FORBIDDEN');
    expect(outcomeOf(await world.ask('PATCH', '/me', { token: bob.token, body: { bio: 'x' } }))).toBe(
      'FORBIDDEN',
    );
    expect(outcomeOf(await world.ask('GET', `/channels/${id}/messages`, { token: bob.token }))).toBe(200);
    expect(await callerOf(world.hub, bob.token)).toMatchObject({ role: 'observer', scopes: ['read'] });
    expect((await end(owner, bob)).json()).toMatchObject({ timeoutUntil: null });
    expect(outcomeOf(await send())).toBe(201);
  });

  test('may be for a year', async () => {
    const bob = await world.user('bob-of-long');
    const before = Date.now();
    const { timeoutUntil } = (await put(owner, bob, limits.muteSeconds)).json<User>();
    expect(timeoutUntil).toBeGreaterThanOrEqual(before + limits.muteSeconds * 1_000 - 60_000);
  });

  test('adds and changes nothing when it is answered, also where nothing was heard of it', async () => {
    const elsewhere = kind === 'postgres' ? await world.another() : world.hub;
    const bob = await world.user('bob-of-old');
    const channelId = await makeChannel(bob, `old-${kind}`);
    // As an open connection knows them, that was told of nothing.
    const before = await callerOf(elsewhere, bob.token);
    const { messages } = elsewhere.chat;
    const say = (clientId: string) => messages.send(before, channelId, { content: 'x', clientId });
    const first = await say('first');
    const sending = Array.from({ length: 40 }, (_, i) => codeOf(say(`m${i}`)));
    await put(owner, bob, 600);
    const { seq } = await elsewhere.chat.channels.read(await callerOf(elsewhere, owner.token), channelId);
    const outcomes = await Promise.all([...sending, codeOf(say('late'))]);
    for (const outcome of outcomes) expect(['no error', 'FORBIDDEN']).toContain(outcome);
    expect(outcomes.at(-1)).toBe('FORBIDDEN');
    // What is there is answered, however late it is asked for.
    expect((await say('first')).id).toBe(first.id);
    const others = [
      messages.edit(before, first.id, 'y'),
      messages.react(before, first.id, 'wave', true),
      messages.mayType(before, channelId),
    ];
    expect(await Promise.all(others.map(codeOf))).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    const page = await messages.page(await callerOf(elsewhere, owner.token), channelId, { limit: 200 });
    expect(page.messages.filter((message) => message.seq > seq)).toEqual([]);
    await end(owner, bob);
    expect(await codeOf(say('late'))).toBe('no error');
  });

  test('stands below who gives it, and ends it by nobody else', async () => {
    const admin = await world.user('admin1', { role: 'admin' });
    const other = await world.user('admin2', { role: 'admin' });
    const bob = await world.user('bob2');
    expect(outcomeOf(await put(bob, admin, 10))).toBe('FORBIDDEN');
    expect(outcomeOf(await put(admin, other, 10))).toBe('FORBIDDEN');
    expect(outcomeOf(await put(admin, owner, 10))).toBe('FORBIDDEN');
    expect(outcomeOf(await put(admin, admin, 10))).toBe('FORBIDDEN');
    expect(outcomeOf(await put(owner, admin, 600))).toBe(200);
    expect(outcomeOf(await end(admin, admin))).toBe('FORBIDDEN');
    expect(outcomeOf(await put(admin, bob, 10))).toBe('FORBIDDEN');
  });

  test('is so over connections that are open, at other nodes, and again as before when it is over', async () => {
    const elsewhere = kind === 'postgres' ? await world.another() : world.hub;
    const address = new URL(await elsewhere.listen());
    const bob = await world.user('bob3');
    const channelId = await makeChannel(bob, `live-${kind}`);
    const client = await TestClient.open(`ws://${address.host}/api/v1/socket`, { token: bob.token });
    await client.live(channelId);
    let count = 0;
    const say = async (): Promise<string> => {
      const clientId = `m${(count += 1)}`;
      const answer = await client.ask({ type: 'send', channelId, clientId, content: 'x' });
      return answer.type === 'error' ? answer.error.code : answer.type;
    };
    expect(await say()).toBe('ack');
    await put(owner, bob, 3_600);
    // Until the other node has heard of it, the log refuses what it would let through.
    const heard = async () => {
      const answer = await say();
      expect(['ack', 'FORBIDDEN', 'SCOPE_MISSING']).toContain(answer);
      return answer === 'SCOPE_MISSING';
    };
    await until(heard, { what: 'the connection has heard of it' });
    expect(await say()).toBe('SCOPE_MISSING');
    await put(owner, bob, 1);
    await until(async () => (await say()) === 'ack', { what: 'it is over' });
    const { rev } = await callerOf(elsewhere, bob.token);
    const read = await inject(elsewhere, 'GET', '/api/v1/me', { token: bob.token });
    expect(read.json()).toMatchObject({ timeoutUntil: null });
    expect((await callerOf(elsewhere, bob.token)).rev).toBe(rev);
    client.close();
  });
});
