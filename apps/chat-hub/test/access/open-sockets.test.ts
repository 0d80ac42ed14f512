import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieOf, hubDatabases, openTestHub, ownPage, type TestHub, type TestUser } from '../support/hub.ts';

describe.each(hubDatabases)('on %s', (kind) => {
  let world: TestHub;
  let owner: TestUser;
  let address: string;
  beforeAll(async () => {
    world = await openTestHub(kind);
    owner = await world.user('owner1', { role: 'owner' });
    address = (await world.hub.listen()).replace('http', 'ws');
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  /** Resolves once the hub has let it in; `closed` with the code that it is closed with. */
  async function connect(headers: Record<string, string>): Promise<{ readonly closed: Promise<number> }> {
    const socket = new WebSocket(`${address}/api/v1/socket`, { headers });
    const closed = new Promise<number>((resolve) => void socket.on('close', resolve));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', version: 1, subscribe: 'joined' })));
    await new Promise<void>((resolve, reject) => {
      socket.once('message', (data: Buffer) =>
        data.toString().includes('"welcome"') ? resolve() : reject(new Error('no welcome')),
      );
      socket.once('error', reject);
    });
    return { closed };
  }
  const byToken = (token: string) => connect({ authorization: `Bearer ${token}` });

  test('a token that is revoked closes what it opened', async () => {
    const made = await world.ask('POST', '/tokens', {
      token: owner.token,
      body: { name: 'n', scopes: ['read'] },
    });
    const { secret, token } = made.json<{ secret: string; token: { id: string } }>();
    const socket = await byToken(secret);
    await world.ask('DELETE', `/tokens/${token.id}`, { token: owner.token });
    expect(await socket.closed).toBe(4401);
  });

  test('a token that ends closes what it opened', async () => {
    const socket = await byToken(await world.token(owner.id, { expiresAt: Date.now() + 5_000 }));
    expect(await socket.closed).toBe(4401);
  });

  test('a user who is deactivated is thrown out', async () => {
    const user = await world.user('gone');
    const socket = await byToken(user.token);
    await world.ask('DELETE', `/users/${user.id}`, { token: owner.token });
    expect(await socket.closed).toBe(4403);
  });

  test('who signs out or changes a password elsewhere is signed out here', async () => {
    const password = 'correct horse battery';
    const added = await world.ask('POST', '/users', {
      token: owner.token,
      body: { kind: 'person', handle: 'ann', displayName: 'Ann' },
    });
    const { code } = added.json<{ setup: { code: string } }>().setup;
    const first = cookieOf(await world.ask('POST', '/setup', { body: { code, password } }));
    const second = cookieOf(await world.ask('POST', '/session', { body: { handle: 'ann', password } }));
    const page = { origin: address.replace('ws', 'http') };
    const one = await connect({ cookie: first, ...page });
    await world.ask('DELETE', '/session', { cookie: first, headers: ownPage });
    expect(await one.closed).toBe(4401);
    const third = cookieOf(await world.ask('POST', '/session', { body: { handle: 'ann', password } }));
    const two = await connect({ cookie: second, ...page });
    await world.ask('PUT', '/me/password', {
      cookie: third,
      headers: ownPage,
      body: { current: password, next: 'another password' },
    });
    expect(await two.closed).toBe(4401);
  });
});

test(
  'a session that is ended from afar closes what it opened, on every node',
  { timeout: 60_000 },
  async () => {
    await using world = await openTestHub('postgres');
    const other = await world.another();
    const { code = '' } = world.hub.setup ?? {};
    const cookie = cookieOf(
      await world.ask('POST', '/setup', { body: { code, password: 'a long password' } }),
    );
    const page = (await other.listen()).replace('http', 'ws');
    const socket = new WebSocket(`${page}/api/v1/socket`, {
      headers: { cookie, origin: page.replace('ws', 'http') },
    });
    const closed = new Promise<number>((resolve) => void socket.on('close', resolve));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', version: 1, subscribe: 'joined' })));
    await new Promise((resolve) => void socket.once('message', resolve));
    const { items } = (await world.ask('GET', '/sessions', { cookie })).json<{ items: { id: string }[] }>();
    const path = `/sessions/${items[0]?.id ?? ''}`;
    expect((await world.ask('DELETE', path, { cookie, headers: ownPage })).statusCode).toBe(204);
    expect(await closed).toBe(4401);
  },
);

test('on another node, too', { timeout: 60_000 }, async () => {
  await using world = await openTestHub('postgres');
  const other = await world.another();
  const owner = await world.user('owner1', { role: 'owner' });
  const user = await world.user('gone');
  const socket = new WebSocket(`${(await other.listen()).replace('http', 'ws')}/api/v1/socket`, {
    headers: { authorization: `Bearer ${user.token}` },
  });
  const closed = new Promise<number>((resolve) => void socket.on('close', resolve));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', version: 1, subscribe: 'joined' })));
  await new Promise((resolve) => void socket.once('message', resolve));
  await world.ask('DELETE', `/users/${user.id}`, { token: owner.token });
  expect(await closed).toBe(4403);
});
