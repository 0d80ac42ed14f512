import { startRedis } from '@parley/services';
import type { Session } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../src/access/password.ts';
import {
  cookieOf,
  hubDatabases,
  inject,
  openTestHub,
  outcomeOf,
  ownPage,
  type TestHub,
  type TestUser,
} from '../support/hub.ts';

const password = 'correct horse battery';

describe.each(hubDatabases)('on %s', (kind) => {
  let world: TestHub;
  let hash: string;
  beforeAll(async () => {
    world = await openTestHub(kind);
    hash = await hashPassword(password);
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const person = async (handle: string): Promise<TestUser> => {
    const user = await world.user(handle);
    await world.tables().updateTable('users').set({ password: hash }).where('id', '=', user.id).execute();
    return user;
  };
  const signIn = async (handle: string, device = 'a browser') =>
    cookieOf(
      await world.ask('POST', '/session', { body: { handle, password }, headers: { 'user-agent': device } }),
    );
  const listed = async (by: { cookie?: string; token?: string }) =>
    (await world.ask('GET', '/sessions', by)).json<{ items: Session[] }>().items;
  const end = async (path: string, by: { cookie?: string; token?: string }) =>
    outcomeOf(await world.ask('DELETE', path, { ...by, headers: ownPage }));
  const inside = async (cookie: string) => outcomeOf(await world.ask('GET', '/session', { cookie }));

  test('people see where they are signed in, and which of it is here', async () => {
    const ann = await person('ann');
    const cookie = await signIn('ann', 'phone');
    await signIn('ann', 'desk\u0001top');
    const sessions = await listed({ cookie });
    expect(sessions.map(({ userAgent, current }) => `${userAgent} ${current}`).toSorted()).toEqual([
      'desk top false',
      'phone true',
    ]);
    for (const { address, createdAt, lastSeenAt, expiresAt } of sessions) {
      expect(address).toBe('127.0.0.1');
      expect(lastSeenAt).toBeGreaterThanOrEqual(createdAt);
      expect(expiresAt).toBeGreaterThan(lastSeenAt);
    }
    // A token is none of them.
    expect((await listed({ token: ann.token })).map(({ current }) => current)).toEqual([false, false]);
    await person('bea');
    expect(await listed({ cookie: await signIn('bea') })).toHaveLength(1);
  });

  test('what is listed opens nothing', async () => {
    await person('cleo');
    const cookie = await signIn('cleo');
    const [session] = await listed({ cookie });
    expect(cookie).not.toContain(session?.id);
    expect(await inside(`parley_session=${session?.id ?? ''}`)).toBe('UNAUTHENTICATED');
  });

  test('one is ended by its owner, and by nobody else', async () => {
    await person('dan');
    const [here, there] = [await signIn('dan'), await signIn('dan')];
    const other = (await listed({ cookie: here })).find(({ current }) => !current);
    const path = `/sessions/${other?.id ?? ''}`;
    const stranger = await world.user('eve', { role: 'owner' });
    expect(await end(path, { token: stranger.token })).toBe('NOT_FOUND');
    expect(await inside(there)).toBe(200);
    expect(await end(path, { cookie: here })).toBe(204);
    expect(await inside(there)).toBe('UNAUTHENTICATED');
    expect(await inside(here)).toBe(200);
    expect(await end(path, { cookie: here })).toBe('NOT_FOUND');
  });

  test('all others are ended at once; by a token, all', async () => {
    const finn = await person('finn');
    const [here, ...others] = [await signIn('finn'), await signIn('finn'), await signIn('finn')];
    expect(await end('/sessions', { cookie: here })).toBe(204);
    expect(await Promise.all(others.map(inside))).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(await inside(here)).toBe(200);
    expect(await listed({ cookie: here })).toHaveLength(1);
    expect(await end('/sessions', { token: finn.token })).toBe(204);
    expect(await inside(here)).toBe('UNAUTHENTICATED');
  });

  test('a token that was made for little neither sees nor ends them', async () => {
    const gus = await person('gus');
    const token = await world.token(gus.id, { scopes: ['read', 'write'] });
    expect(outcomeOf(await world.ask('GET', '/sessions', { token }))).toBe('SCOPE_MISSING');
    expect(await end('/sessions', { token })).toBe('SCOPE_MISSING');
    expect(await end(`/sessions/${'s'.repeat(43)}`, { token })).toBe('SCOPE_MISSING');
    // An observer has no more than that.
    const looker = await world.user('looker', { role: 'observer' });
    expect(outcomeOf(await world.ask('GET', '/sessions', { token: looker.token }))).toBe(200);
  });

  test('what was under way when somebody signed out does not bring them back', async () => {
    await person('hal');
    const cookie = await signIn('hal');
    const asking = Array.from({ length: 20 }, () => inside(cookie));
    const out = end('/session', { cookie });
    await Promise.all([...asking, out]);
    expect(await inside(cookie)).toBe('UNAUTHENTICATED');
    const after = await signIn('hal');
    expect(await listed({ cookie: after })).toHaveLength(1);
  });

  test('after another password, and after being away, only what is in use is listed', async () => {
    const owner = await world.user('runs', { role: 'owner' });
    const ida = await person('ida');
    const [own] = [await signIn('ida'), await signIn('ida')];
    const body = { current: password, next: 'another password' };
    await world.ask('PUT', '/me/password', { cookie: own, headers: ownPage, body });
    expect((await listed({ cookie: own })).map(({ current }) => current)).toEqual([true]);
    await world.ask('DELETE', `/users/${ida.id}`, { token: owner.token });
    await world.ask('POST', `/users/${ida.id}/reactivate`, { token: owner.token });
    expect(await listed({ token: await world.token(ida.id) })).toEqual([]);
  });
});

test('without Redis nobody is signed out, and signing in and out goes on', { timeout: 120_000 }, async () => {
  await using redis = await startRedis();
  await using world = await openTestHub('postgres', {
    env: { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url },
  });
  const other = await world.another();
  const { code = '' } = world.hub.setup ?? {};
  const first = cookieOf(await world.ask('POST', '/setup', { body: { code, password } }));
  await redis.pause();
  // This node has never seen the session.
  const inside = async (cookie: string) => outcomeOf(await inject(other, 'GET', '/api/v1/me', { cookie }));
  expect(await inside(first)).toBe(200);
  const body = { handle: 'founder', password };
  const second = cookieOf(await world.ask('POST', '/session', { body }));
  expect(await inside(second)).toBe(200);
  await world.ask('DELETE', '/sessions', { cookie: second, headers: ownPage });
  expect(await inside(first)).toBe('UNAUTHENTICATED');
  expect(await inside(second)).toBe(200);
  await redis.resume();
});
