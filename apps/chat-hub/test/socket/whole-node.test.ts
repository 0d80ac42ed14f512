import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClient } from '../support/client.ts';
import { cookieOf, openTestHub, ownPage, type TestHub } from '../support/hub.ts';

// Two nodes as they are composed, with users, tokens and rights as they are.
let nodes: { readonly hub: TestHub; readonly urls: readonly string[] };
beforeAll(async () => {
  const hub = await openTestHub('postgres');
  const both = [hub.hub, await hub.another()];
  const urls = await Promise.all(both.map((node) => node.listen()));
  nodes = { hub, urls: urls.map((url) => `${url.replace('http', 'ws')}/api/v1/socket`) };
}, 60_000);
afterAll(() => nodes.hub[Symbol.asyncDispose](), 60_000);

const onBoth = (token: string): Promise<TestClient[]> =>
  Promise.all(
    nodes.urls.map(async (url) => {
      const client = await TestClient.open(url, { token });
      await client.first('welcome');
      return client;
    }),
  );

test('a user who is deactivated is sent away on every node, and told not to come back', async () => {
  const admin = await nodes.hub.user('an-admin', { role: 'admin' });
  const ada = await nodes.hub.user('ada');
  const clients = await onBoth(ada.token);
  const answer = await nodes.hub.ask('DELETE', `/users/${ada.id}`, { token: admin.token });
  expect(answer.statusCode).toBeLessThan(300);
  for (const client of clients) expect(await client.closed).toBe(4_403);
});

test('a token that is revoked ends the connections that it opened, and no others', async () => {
  const bob = await nodes.hub.user('bob');
  const other = await nodes.hub.token(bob.id);
  const [mine, theirs] = [await onBoth(bob.token), await onBoth(other)];
  const id = (await nodes.hub.hub.access.authenticate(bob.token))?.by.id ?? '';
  const answer = await nodes.hub.ask('DELETE', `/tokens/${id}`, { token: other });
  expect(answer.statusCode).toBeLessThan(300);
  for (const client of mine) expect(await client.closed).toBe(4_401);
  for (const client of theirs) {
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    client.close();
  }
});

test('a session carries connections from pages of the hub, until it ends', async () => {
  const admin = await nodes.hub.user('another-admin', { role: 'admin' });
  const kim = await nodes.hub.user('kim');
  const made = await nodes.hub.ask('POST', `/users/${kim.id}/setup-code`, { token: admin.token });
  const { code } = made.json<{ code: string }>();
  const cookie = cookieOf(
    await nodes.hub.ask('POST', '/setup', { body: { code, password: 'a long password' } }),
  );
  const clients = await Promise.all(
    nodes.urls.map(async (url) => {
      const headers = { cookie, origin: `http://${new URL(url).host}` };
      const client = await TestClient.open(url, { token: undefined, headers });
      expect(await client.first('welcome')).toMatchObject({ userId: kim.id });
      return client;
    }),
  );
  const ended = await nodes.hub.ask('DELETE', '/session', { cookie, headers: ownPage });
  expect(ended.statusCode).toBeLessThan(300);
  for (const client of clients) expect(await client.closed).toBe(4_401);
});

test('a role that is lost is lost for connections that are open', async () => {
  const owner = await nodes.hub.user('an-owner', { role: 'owner' });
  const eve = await nodes.hub.user('eve');
  const [client, other] = await onBoth(eve.token);
  const made = await nodes.hub.ask('POST', '/channels', {
    token: eve.token,
    body: { kind: 'private', name: 'eves' },
  });
  const { id: channelId } = made.json<{ id: string }>();
  await client?.live(channelId);
  await other?.live(channelId);
  const send = { type: 'send', channelId, content: 'text' } as const;
  expect(await client?.ask({ ...send, clientId: 'a' })).toMatchObject({ type: 'ack' });
  const changed = await nodes.hub.ask('PATCH', `/users/${eve.id}`, {
    token: owner.token,
    body: { role: 'observer' },
  });
  expect(changed.statusCode).toBeLessThan(300);
  await expect
    .poll(() => client?.ask({ ...send, clientId: 'b' }), { timeout: 10_000 })
    .toMatchObject({ type: 'error', error: { code: 'SCOPE_MISSING' } });
  client?.close();
  other?.close();
});
