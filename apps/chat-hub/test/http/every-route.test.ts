import { scopes, type Scope } from '@parley/hub-protocol';
import { routeList, routePath, type NamedRoute } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import {
  cookieOf,
  hubDatabases,
  inject,
  openTestHub,
  outcomeOf,
  ownPage,
  type TestHub,
} from '../support/hub.ts';

const closed = routeList.filter(({ auth }) => auth !== 'public');
const scoped = closed.filter(({ scope }) => scope !== null);
const changing = routeList.filter(({ method }) => method !== 'GET');

/** What stands in paths and is no UUID. */
const special: Readonly<Record<string, string>> = {
  emoji: '👍',
  offset: '0',
  topic: 'news',
  sessionId: 's'.repeat(43),
  secret: 'w'.repeat(43),
  source: 'elsewhere',
};

/** Where a route is, of things that are not there. */
function addressOf(route: NamedRoute): string {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const values = names.map((name) => [name, special[name] ?? newId()]);
  return routePath(route, Object.fromEntries(values));
}

/** Those that take JSON, or nothing. */
const talking = changing.filter(({ body }) => typeof body !== 'string');

const named = (routes: readonly NamedRoute[]) => routes.map((route) => [route.name, route] as const);

describe.each(hubDatabases)('on %s, every route', (kind) => {
  let world: TestHub;
  let owner: string;
  let observer: string;
  let cookie: string;
  const useless: Record<string, string> = {};
  const byScope = new Map<Scope, string>();

  beforeAll(async () => {
    world = await openTestHub(kind);
    const { id, token } = await world.user('walker', { role: 'owner' });
    owner = token;
    observer = (await world.user('looker', { role: 'observer' })).token;
    for (const scope of scopes) {
      byScope.set(scope, await world.token(id, { scopes: scopes.filter((other) => other !== scope) }));
    }
    useless['expired'] = await world.token(id, { expiresAt: Date.now() - 1_000 });
    useless['revoked'] = await world.token(id, { revokedAt: Date.now() });
    useless['unknown'] = `parley_${'A'.repeat(43)}`;
    useless['malformed'] = 'nonsense';
    const gone = await world.user('gone');
    useless['of a deactivated user'] = gone.token;
    await world.tables().updateTable('users').set({ deactivated_at: 1 }).where('id', '=', gone.id).execute();
    const code = world.hub.setup?.code ?? '';
    cookie = cookieOf(await world.ask('POST', '/setup', { body: { code, password: 'a long password' } }));
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const ask = (route: NamedRoute, more: Parameters<typeof inject>[3]) =>
    inject(world.hub, route.method, addressOf(route), more);

  test('is there', async () => {
    const missing: string[] = [];
    for (const route of routeList) {
      const url = `/api/v1${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
      if (!world.hub.server.hasRoute({ method: route.method, url })) missing.push(route.name);
    }
    expect(missing).toEqual([]);
  });

  test.each(named(closed))('%s is closed to who brings nothing, or what is of no use', async (_, route) => {
    const body = route.method === 'GET' ? undefined : {};
    const response = await ask(route, { body });
    expect(outcomeOf(response)).toBe('UNAUTHENTICATED');
    const { requestId } = response.json<{ requestId: string }>();
    expect(response.headers['x-request-id']).toBe(requestId);
    const outcomes: Record<string, unknown> = {};
    for (const [what, token] of Object.entries(useless))
      outcomes[what] = outcomeOf(await ask(route, { token, body }));
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['UNAUTHENTICATED']));
    // A header that is of no use is not made up for by the cookie beside it.
    const both = await ask(route, { token: 'nonsense', cookie, headers: ownPage, body });
    expect(outcomeOf(both)).toBe('UNAUTHENTICATED');
  });

  test.each(named(closed.filter(({ method }) => method === 'GET')))(
    '%s is closed by HEAD as well',
    async (_, route) => {
      expect((await inject(world.hub, 'HEAD', addressOf(route))).statusCode).toBe(401);
    },
  );

  test.each(named(scoped))('%s asks for its scope', async (_, route) => {
    if (route.scope === null) throw new TypeError('it has one');
    expect(outcomeOf(await ask(route, { token: byScope.get(route.scope) }))).toBe('SCOPE_MISSING');
    const isForbidden = outcomeOf(await ask(route, { token: observer })) === 'FORBIDDEN';
    expect(isForbidden).toBe(route.scope !== 'read');
  });

  test.each(named(closed.filter(({ auth }) => auth === 'session')))(
    '%s is not for tokens',
    async (_, route) => {
      expect(outcomeOf(await ask(route, { token: owner }))).toBe('FORBIDDEN');
    },
  );

  test.each(named(talking.filter(({ auth }) => auth !== 'public')))(
    '%s takes a cookie from pages of the hub only',
    async (_, route) => {
      const from = async (headers: Record<string, string>): Promise<unknown> =>
        outcomeOf(await ask(route, { cookie, headers, body: { nobodyKnowsThis: 1 } }));
      const { host } = ownPage;
      expect(await from({ host })).toBe('ORIGIN_REFUSED');
      expect(await from({ host, origin: 'https://evil.example' })).toBe('ORIGIN_REFUSED');
      expect(await from({ host, origin: 'null' })).toBe('ORIGIN_REFUSED');
      expect(await from({ host, 'sec-fetch-site': 'cross-site' })).toBe('ORIGIN_REFUSED');
      expect(await from({ host, 'sec-fetch-site': 'same-origin' })).toBe('INVALID');
      expect(await from(ownPage)).toBe('INVALID');
    },
  );

  // Of those that a token may call: the others are asked by the cookie.
  const inside = (route: NamedRoute, more: Parameters<typeof inject>[3]) =>
    ask(
      route,
      route.auth === 'session'
        ? { ...more, cookie, headers: { ...ownPage, ...more?.headers } }
        : { ...more, token: owner },
    );

  test.each(named(talking))('%s refuses bodies that are not what it expects', async (_, route) => {
    const outcome = async (body: unknown, headers = {}): Promise<unknown> =>
      outcomeOf(await inside(route, { body, headers }));
    expect(await outcome('text', { 'content-type': 'text/plain' })).toBe('UNSUPPORTED_MEDIA');
    const form = await outcome('a=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form).toBe(route.form === true ? 'INVALID' : 'UNSUPPORTED_MEDIA');
    expect(await outcome('{"a":')).toBe('MALFORMED');
    expect(await outcome(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toBe('MALFORMED');
    expect(await outcome(`{"a":"${'x'.repeat(140_000)}"}`)).toBe('TOO_LARGE');
    for (const wrong of [
      '[]',
      '"text"',
      '1',
      'null',
      '{"__proto__":{"isAdmin":true}}',
      '{"nobodyKnowsThis":1}',
    ])
      expect([wrong, await outcome(wrong)]).toEqual([wrong, 'INVALID']);
    expect(await outcome(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)).toBe('INVALID');
  });

  test.each(named(changing.filter(({ body }) => typeof body === 'string')))(
    '%s takes bytes and nothing else, and with a cookie from pages of the hub only',
    async (_, route) => {
      const octets = { 'content-type': 'application/octet-stream' };
      const outcome = async (headers: Record<string, string>, body = 'x'): Promise<unknown> =>
        outcomeOf(await inside(route, { body, headers }));
      expect(await outcome({}, '{}')).toBe('UNSUPPORTED_MEDIA');
      expect(await outcome({ 'content-type': 'text/plain' })).toBe('UNSUPPORTED_MEDIA');
      expect(await outcome(octets, 'x'.repeat(4_194_305))).toBe('TOO_LARGE');
      const { host } = ownPage;
      const from = async (headers: Record<string, string>): Promise<unknown> =>
        outcomeOf(await ask(route, { cookie, headers: { ...octets, ...headers }, body: 'x' }));
      expect(await from({ host })).toBe('ORIGIN_REFUSED');
      expect(await from({ host, origin: 'https://evil.example' })).toBe('ORIGIN_REFUSED');
      expect(await from(ownPage)).not.toBe('ORIGIN_REFUSED');
      for (const other of talking.slice(0, 3))
        expect(outcomeOf(await inside(other, { body: 'x', headers: octets }))).toBe('UNSUPPORTED_MEDIA');
    },
  );

  test.each(named(routeList))('%s names the field that nobody knows', async (_, route) => {
    const url = `${addressOf(route)}?${queries[route.name] ?? ''}nobodyKnowsThis=1`;
    const how = route.auth === 'session' ? { cookie, headers: ownPage } : { token: owner };
    const response = await inject(world.hub, route.method, url, how);
    expect(response.json()).toMatchObject({ code: 'INVALID', field: 'nobodyKnowsThis' });
  });

  test.each(named(routeList.filter(({ path }) => path.includes('Id}'))))(
    '%s refuses ids that are none',
    async (_, route) => {
      const url = addressOf(route).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|s{43}/g, 'not-an-id');
      expect(outcomeOf(await inject(world.hub, route.method, url, { token: owner }))).toBe('INVALID');
    },
  );

  test.each(named(routeList.filter(({ channel }) => channel !== undefined)))(
    '%s tells nothing of channels that are not there',
    async (_, route) => {
      const body = bodies[route.name];
      const response = await ask(route, { token: owner, ...(body !== undefined && { body }) });
      expect(outcomeOf(response)).toBe('NOT_FOUND');
    },
  );
});

/** What is right, where a route wants something. */
const bodies: Partial<Record<NamedRoute['name'], object>> = {
  updateChannel: { topic: 'x' },
  sendMessage: { clientId: 'c', content: 'x' },
  editMessage: { content: 'x' },
  createFile: { clientId: 'c', name: 'a', size: 1 },
  finishMessage: { content: 'x' },
  putMember: {},
  markRead: { seq: 1 },
  setTyping: { state: 'start' },
  freezeChannel: {},
  setSlowMode: { seconds: 1 },
  setNotifications: { level: 'muted' },
  setRetention: { days: 1 },
  muteMember: {},
  createIncomingWebhook: { name: 'n' },
  createCommand: { name: 'n' },
  callCommand: { clientId: 'c', text: '/n' },
  createWebhook: { name: 'n', url: 'https://example.org', events: ['channel.message'] },
  postCollaboration: { sessionId: 's', name: 'n', data: {} },
};

/** What a route must be asked with. */
const queries: Partial<Record<NamedRoute['name'], string>> = {
  listPresences: `userIds=${newId()}&`,
  searchMessages: 'query=word&',
};
