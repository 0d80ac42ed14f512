import { systemClock } from '@parley/cache-core/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstStart } from '../../src/access/first-start.ts';
import { cookieOf, hubDatabases, openTestHub, outcomeOf, ownPage, type TestHub } from '../support/hub.ts';

const password = 'correct horse battery';

describe.each(hubDatabases)('on %s', (kind) => {
  let world: TestHub;
  beforeAll(async () => {
    world = await openTestHub(kind);
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const redeem = (body: object) => world.ask('POST', '/setup', { body });

  test('the code of the first start makes its bringer the owner, once, under a handle of their choice', async () => {
    const code = world.hub.setup?.code ?? '';
    expect(outcomeOf(await redeem({ code }))).toBe('INVALID');
    expect(outcomeOf(await redeem({ code, password: 'short' }))).toBe('INVALID');
    expect(outcomeOf(await redeem({ code: 'AAAA-BBBB-CCCC', password }))).toBe('WRONG_CREDENTIALS');

    // Typed as people type.
    const typed = code.toLowerCase().replaceAll('-', ' ');
    const response = await redeem({ code: typed, password, handle: 'ann', displayName: 'Ann' });
    expect(response.json()).toMatchObject({
      user: { handle: 'ann', displayName: 'Ann', role: 'owner', kind: 'person' },
      credentials: null,
    });
    expect(response.headers['set-cookie']).toMatch(
      /^parley_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const me = await world.ask('GET', '/session', { cookie: cookieOf(response) });
    expect(me.json()).toMatchObject({ auth: 'session', user: { handle: 'ann' } });
    expect(outcomeOf(await redeem({ code, password }))).toBe('WRONG_CREDENTIALS');
    const { tables } = world.hub;
    expect(await firstStart({ tables, clock: systemClock })).toBeUndefined();
  });

  test('a person who was added comes in by a code, and a newer code ends the earlier one', async () => {
    const owner = await world.user('adder', { role: 'owner' });
    const added = await world.ask('POST', '/users', {
      token: owner.token,
      body: { kind: 'person', handle: 'bob', displayName: 'Bob' },
    });
    expect(added.statusCode).toBe(201);
    const { user, setup } = added.json<{
      user: { id: string };
      setup: { code: string; expiresAt: number };
    }>();
    expect(Math.abs(setup.expiresAt - Date.now() - 600_000)).toBeLessThan(60_000);
    const again = await world.ask('POST', `/users/${user.id}/setup-code`, { token: owner.token });
    const { code } = again.json<{ code: string }>();
    expect(outcomeOf(await redeem({ code: setup.code, password }))).toBe('WRONG_CREDENTIALS');
    expect((await redeem({ code, password, handle: 'boss' })).json()).toMatchObject({
      code: 'INVALID',
      field: 'handle',
    });
    expect((await redeem({ code, password })).statusCode).toBe(200);
  });

  test('an agent gets a token with what its role allows, and no session', async () => {
    const owner = await world.user('keeper', { role: 'owner' });
    const added = await world.ask('POST', '/users', {
      token: owner.token,
      body: { kind: 'agent', handle: 'helper', displayName: 'Helper' },
    });
    expect(added.json()).toMatchObject({ user: { ownerId: owner.id, role: 'member' } });
    const { code } = added.json<{ setup: { code: string } }>().setup;
    expect(outcomeOf(await redeem({ code, password }))).toBe('INVALID');
    const response = await redeem({ code });
    expect(response.headers['set-cookie']).toBeUndefined();
    const { credentials } = response.json<{ credentials: { secret: string; token: { scopes: string[] } } }>();
    expect(credentials.token.scopes).toEqual(['read', 'write', 'react', 'manage']);
    expect((await world.ask('GET', '/me', { token: credentials.secret })).json()).toMatchObject({
      handle: 'helper',
    });
  });

  test('of many who bring one code at the same moment, one comes in', async () => {
    const owner = await world.user('racer', { role: 'owner' });
    const added = await world.ask('POST', '/users', {
      token: owner.token,
      body: { kind: 'agent', handle: 'raced', displayName: 'Raced' },
    });
    const { setup, user } = added.json<{ setup: { code: string }; user: { id: string } }>();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async () => outcomeOf(await redeem({ code: setup.code }))),
    );
    expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'WRONG_CREDENTIALS')).toHaveLength(7);
    const rows = await world
      .tables()
      .selectFrom('tokens')
      .select('id')
      .where('user_id', '=', user.id)
      .execute();
    expect(rows).toHaveLength(1);
  });

  test('a code ends by itself, and with the user', async () => {
    const owner = await world.user('ender', { role: 'owner' });
    const add = async (handle: string): Promise<{ code: string; id: string }> => {
      const added = await world.ask('POST', '/users', {
        token: owner.token,
        body: { kind: 'agent', handle, displayName: handle },
      });
      const { setup, user } = added.json<{ setup: { code: string }; user: { id: string } }>();
      return { code: setup.code, id: user.id };
    };
    const late = await add('late');
    await world
      .tables()
      .updateTable('setup_codes')
      .set({ expires_at: Date.now() - 1 })
      .where('user_id', '=', late.id)
      .execute();
    expect(outcomeOf(await redeem({ code: late.code }))).toBe('WRONG_CREDENTIALS');
    const gone = await add('gone');
    expect((await world.ask('DELETE', `/users/${gone.id}`, { token: owner.token })).statusCode).toBe(200);
    expect(outcomeOf(await redeem({ code: gone.code }))).toBe('WRONG_CREDENTIALS');
    expect(outcomeOf(await world.ask('POST', `/users/${gone.id}/setup-code`, { token: owner.token }))).toBe(
      'CONFLICT',
    );
  });

  test('a page of another site cannot bring a code', async () => {
    const headers = { host: ownPage.host, origin: 'https://evil.example' };
    const response = await world.ask('POST', '/setup', { headers, body: { code: 'x' } });
    expect(outcomeOf(response)).toBe('ORIGIN_REFUSED');
  });
});

test(
  'several nodes that start for the first time make one owner, and each code works until one is used',
  { timeout: 60_000 },
  async () => {
    await using world = await openTestHub('postgres');
    const others = await Promise.all([world.another(), world.another()]);
    const codes = [world.hub, ...others].map(({ setup }) => setup?.code ?? '');
    expect(new Set(codes).size).toBe(3);
    const owners = await world
      .tables()
      .selectFrom('users')
      .select('id')
      .where('role', '=', 'owner')
      .execute();
    expect(owners).toHaveLength(1);
    const outcomes = await Promise.all(
      codes.map(async (code) => outcomeOf(await world.ask('POST', '/setup', { body: { code, password } }))),
    );
    expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(1);
  },
);
