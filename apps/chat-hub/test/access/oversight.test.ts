import type { Session, Token, WebhookEntry } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../src/access/password.ts';
import { TestClient } from '../support/client.ts';
import {
  cookieOf,
  hubDatabases,
  openTestHub,
  outcomeOf,
  type TestHub,
  type TestUser,
} from '../support/hub.ts';

const password = 'correct horse battery';

describe.each(hubDatabases)('on %s, an administrator', (kind) => {
  let world: TestHub;
  let owner: TestUser;
  let admin: TestUser;
  let hash: string;
  beforeAll(async () => {
    world = await openTestHub(kind);
    owner = await world.user('the-owner', { role: 'owner' });
    admin = await world.user('an-admin', { role: 'admin' });
    hash = await hashPassword(password);
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const get = async <T>(path: string, by = admin): Promise<T> =>
    (await world.ask('GET', path, { token: by.token })).json<T>();
  const end = async (path: string, by = admin): Promise<unknown> =>
    outcomeOf(await world.ask('DELETE', path, { token: by.token }));
  const noted = async (subjectId: string): Promise<unknown[]> =>
    (await get<RouteReply<'listAudit'>>(`/audit?subjectId=${subjectId}`, owner)).items.map(({ entry }) => [
      entry?.action,
      entry?.actorId,
      entry?.details,
    ]);
  const person = async (handle: string): Promise<TestUser> => {
    const user = await world.user(handle);
    await world.tables().updateTable('users').set({ password: hash }).where('id', '=', user.id).execute();
    return user;
  };
  const signIn = async (handle: string): Promise<string> =>
    cookieOf(await world.ask('POST', '/session', { body: { handle, password } }));
  const inside = async (cookie: string): Promise<unknown> =>
    outcomeOf(await world.ask('GET', '/session', { cookie }));

  test('sees where somebody below is signed in, and signs them out of one place or of all', async () => {
    const ann = await person('ann');
    const [one, two, three] = [await signIn('ann'), await signIn('ann'), await signIn('ann')];
    const path = `/users/${ann.id}/sessions`;
    const { items } = await get<{ items: Session[] }>(path);
    expect(items.map(({ current }) => current)).toEqual([false, false, false]);
    const stranger = await person('stranger');
    expect(await end(`/users/${stranger.id}/sessions/${items[0]?.id}`)).toBe('NOT_FOUND');
    expect(await end(`${path}/${items[0]?.id}`)).toBe(204);
    const left = await Promise.all([one, two, three].map(inside));
    expect(left.filter((outcome) => outcome === 200)).toHaveLength(2);
    expect(await end(path)).toBe(204);
    expect(new Set(await Promise.all([one, two, three].map(inside)))).toEqual(new Set(['UNAUTHENTICATED']));
    expect((await get<{ items: Session[] }>(path)).items).toEqual([]);
    expect((await noted(ann.id)).slice(0, 2)).toEqual([
      ['session.revoke', admin.id, { which: 'all' }],
      ['session.revoke', admin.id, { which: items[0]?.id }],
    ]);
    // The password is theirs as before.
    expect(await inside(await signIn('ann'))).toBe(200);
  });

  test('ends all tokens of somebody below at once, and of their own all but the one that asks', async () => {
    const bot = await world.user('bot', { kind: 'agent', ownerId: owner.id });
    await world.token(bot.id);
    const address = new URL(await world.hub.listen());
    const client = await TestClient.open(`ws://${address.host}/api/v1/socket`, { token: bot.token });
    await client.first('welcome');
    const ended = await world.ask('DELETE', `/users/${bot.id}/tokens`, { token: admin.token });
    expect(ended.json()).toEqual({ revoked: 2 });
    expect(await client.closed).toBeGreaterThanOrEqual(4_000);
    expect(outcomeOf(await world.ask('GET', '/me', { token: bot.token }))).toBe('UNAUTHENTICATED');
    const tokens = (await get<{ items: Token[] }>(`/tokens?userId=${bot.id}`)).items;
    for (const { id } of tokens)
      expect(await noted(id)).toEqual([['token.revoke', admin.id, { userId: bot.id }]]);
    await world.token(admin.id);
    const own = await world.ask('DELETE', `/users/${admin.id}/tokens`, { token: admin.token });
    expect(own.json()).toEqual({ revoked: 1 });
    expect(outcomeOf(await world.ask('GET', '/me', { token: admin.token }))).toBe(200);
  });

  test('sees whose set-up codes are open, and ends one before it is used', async () => {
    const made = await world.ask('POST', '/users', {
      token: admin.token,
      body: { kind: 'person', handle: 'carl', displayName: 'Carl' },
    });
    const { user, setup } = made.json<RouteReply<'createUser'>>();
    const open = async () => (await get<RouteReply<'listSetupCodes'>>('/setup-codes')).items;
    expect(await open()).toContainEqual({
      userId: user.id,
      createdAt: expect.any(Number),
      expiresAt: setup.expiresAt,
    });
    expect(JSON.stringify(await open())).not.toContain(setup.code);
    const path = `/users/${user.id}/setup-code`;
    expect(await end(path)).toBe(204);
    expect(await end(path)).toBe('NOT_FOUND');
    expect((await open()).map(({ userId }) => userId)).not.toContain(user.id);
    const body = { code: setup.code, password };
    expect(outcomeOf(await world.ask('POST', '/setup', { body }))).toBe('WRONG_CREDENTIALS');
    expect((await noted(user.id))[0]).toEqual(['setup.revoke', admin.id, {}]);
  });

  test('sees the webhooks of all channels, and of their addresses only where they lead', async () => {
    const dan = await world.user('dan');
    const body = { kind: 'private', name: `of-dan-${kind}` };
    const room = await world.ask('POST', '/channels', { token: dan.token, body });
    const { id: channelId } = room.json<{ id: string }>();
    const make = (path: string, more: object) =>
      world.ask('POST', `/channels/${channelId}/${path}`, { token: dan.token, body: { name: 'n', ...more } });
    await make('incoming-webhooks', {});
    await make('webhooks', { url: 'https://example.org/secret?key=1', events: ['channel.message'] });
    const page = await get<RouteReply<'listAllWebhooks'>>('/webhooks?limit=1');
    const more = await get<RouteReply<'listAllWebhooks'>>(`/webhooks?limit=1&cursor=${page.next}`);
    const both: WebhookEntry[] = [...page.items, ...more.items];
    expect(both).toMatchObject([
      { channelId, way: 'out', userId: null, origin: 'https://example.org', createdBy: dan.id },
      { channelId, way: 'in', userId: dan.id, origin: null, createdBy: dan.id },
    ]);
    expect(more.next).toBeNull();
    expect(JSON.stringify(both)).not.toContain('secret');
    const path = `/channels/${channelId}/webhooks/${both[0]?.id ?? ''}`;
    expect((await world.ask('DELETE', path, { token: dan.token })).statusCode).toBe(204);
    const rest = await get<RouteReply<'listAllWebhooks'>>('/webhooks?limit=1');
    expect(rest.items).toMatchObject([{ channelId, way: 'in' }]);
  });
});
