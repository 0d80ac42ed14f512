import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../src/access/password.ts';
import { cookieOf, hubDatabases, openTestHub, outcomeOf, ownPage, type TestHub } from '../support/hub.ts';

const password = 'correct horse battery';

describe.each(hubDatabases)('on %s', (kind) => {
  let world: TestHub;
  let hash: string;
  beforeAll(async () => {
    world = await openTestHub(kind);
    hash = await hashPassword(password);
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const person = async (handle: string) => {
    const user = await world.user(handle);
    await world.tables().updateTable('users').set({ password: hash }).where('id', '=', user.id).execute();
    return user;
  };
  const signIn = (handle: string, given = password) =>
    world.ask('POST', '/session', { body: { handle, password: given } });
  const inside = async (cookie: string) => outcomeOf(await world.ask('GET', '/session', { cookie }));

  test('a person signs in, and out', async () => {
    await person('anna');
    const response = await signIn(' Anna');
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      auth: 'session',
      user: { handle: 'anna' },
      scopes: ['read', 'write', 'react', 'manage'],
    });
    const cookie = cookieOf(response);
    expect(await inside(`theme=dark; ${cookie}; other=1`)).toBe(200);
    const out = await world.ask('DELETE', '/session', { cookie, headers: ownPage });
    expect(out.statusCode).toBe(204);
    expect(out.headers['set-cookie']).toMatch(/^parley_session=; Max-Age=0;/);
    expect(await inside(cookie)).toBe('UNAUTHENTICATED');
  });

  test('who does not exist, is an agent, was deactivated or mistyped is told the same', async () => {
    await person('bert');
    const agent = await world.user('robo', { kind: 'agent' });
    const gone = await person('gone');
    await world.tables().updateTable('users').set({ password: hash }).where('id', '=', agent.id).execute();
    await world.tables().updateTable('users').set({ deactivated_at: 1 }).where('id', '=', gone.id).execute();
    const answers = await Promise.all([
      signIn('bert', 'wrong'),
      signIn('robo'),
      signIn('gone'),
      signIn('nobody'),
      signIn('No such handle!'),
    ]);
    const told = answers.map((answer) => {
      const { requestId: _, ...rest } = answer.json<Record<string, unknown>>();
      return JSON.stringify(rest);
    });
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toContain('WRONG_CREDENTIALS');
    expect(answers.every(({ headers }) => headers['set-cookie'] === undefined)).toBe(true);
  });

  test('who guesses is held up, and others are not', async () => {
    await person('carl');
    await person('dora');
    const outcomes: unknown[] = [];
    for (let i = 0; i < 12; i += 1) outcomes.push(outcomeOf(await signIn('carl', 'wrong')));
    expect(outcomes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'WRONG_CREDENTIALS'));
    const held = await signIn('carl');
    expect(outcomeOf(held)).toBe('RATE_LIMITED');
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
    expect((await signIn('dora')).statusCode).toBe(201);
  });

  test('another password ends every session but the one that changed it', async () => {
    await person('emil');
    const [own, other] = [cookieOf(await signIn('emil')), cookieOf(await signIn('emil'))];
    const change = (current: string, next: string) =>
      world.ask('PUT', '/me/password', { cookie: own, headers: ownPage, body: { current, next } });
    expect((await change('wrong', 'another password')).json()).toMatchObject({
      code: 'WRONG_CREDENTIALS',
      field: 'current',
    });
    expect(await inside(other)).toBe(200);
    expect((await change(password, 'another password')).statusCode).toBe(204);
    expect(await inside(own)).toBe(200);
    expect(await inside(other)).toBe('UNAUTHENTICATED');
    expect(outcomeOf(await signIn('emil'))).toBe('WRONG_CREDENTIALS');
    expect((await signIn('emil', 'another password')).statusCode).toBe(201);
  });

  test('deactivation ends sessions for good, and the password is what reactivation leaves', async () => {
    const owner = await world.user('boss', { role: 'owner' });
    const fred = await person('fred');
    const cookie = cookieOf(await signIn('fred'));
    const caller = await world.hub.access.authenticate({ headers: { cookie } });
    expect(caller?.handle).toBe('fred');
    await world.ask('DELETE', `/users/${fred.id}`, { token: owner.token });
    expect(await inside(cookie)).toBe('UNAUTHENTICATED');
    if (caller === undefined) throw new Error('fred signed in');
    await expect(world.hub.access.recheck(caller)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await world.ask('POST', `/users/${fred.id}/reactivate`, { token: owner.token });
    expect(await inside(cookie)).toBe('UNAUTHENTICATED');
    expect(await world.hub.access.recheck(caller)).toBeUndefined();
    expect((await world.ask('GET', '/me', { token: fred.token })).statusCode).toBe(401);
    expect((await signIn('fred')).statusCode).toBe(201);
  });

  test('only the hash of a session is kept', async () => {
    await person('gina');
    const cookie = cookieOf(await signIn('gina'));
    const [, secret = ''] = cookie.split('=');
    const caller = await world.hub.access.authenticate({ headers: { cookie } });
    expect(caller?.by.id).toMatch(/^[\w-]{43}$/);
    expect(caller?.by.id).not.toBe(secret);
    // What is kept is of no use as a cookie.
    expect(await inside(`parley_session=${caller?.by.id ?? ''}`)).toBe('UNAUTHENTICATED');
  });
});

test('a session of one node is one of all, and is over for all', { timeout: 60_000 }, async () => {
  await using world = await openTestHub('postgres');
  const other = await world.another();
  const { code = '' } = world.hub.setup ?? {};
  const cookie = cookieOf(await world.ask('POST', '/setup', { body: { code, password } }));
  const seen = async () => (await other.access.authenticate({ headers: { cookie } }))?.handle;
  expect(await seen()).toBe('founder');
  await world.ask('DELETE', '/session', { cookie, headers: ownPage });
  await until(async () => (await seen()) === undefined, { what: 'the session is over on the other node' });
});
