import type { AuditRecord } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieOf, hubDatabases, openTestHub, ownPage, type TestHub, type TestUser } from '../support/hub.ts';

describe.each(hubDatabases)('on %s, it is noted', (kind) => {
  let world: TestHub;
  let owner: TestUser;
  beforeAll(async () => {
    world = await openTestHub(kind);
    owner = await world.user('the-owner', { role: 'owner' });
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const list = async (query: string): Promise<AuditRecord[]> =>
    (await world.ask('GET', `/audit?${query}`, { token: owner.token })).json<RouteReply<'listAudit'>>().items;

  test('who takes the log along, from wherever they begin, and once when they go on', async () => {
    const before = (await list('action=audit.export&limit=200')).length;
    for (const after of [0, 1]) await world.ask('GET', `/audit/chain?after=${after}`, { token: owner.token });
    expect(await list('action=audit.export&limit=200')).toHaveLength(before + 1);
    const [first] = await list('limit=1');
    for (const path of ['/audit/chain?after=1', `/audit?limit=1&cursor=${cursorOf(first)}`]) {
      const reader = await world.user(`reader-${path.length}`, { role: 'admin' });
      const readBy = async () => list(`action=audit.export&actorId=${reader.id}`);
      await world.ask('GET', '/audit', { token: reader.token });
      expect(await readBy()).toEqual([]);
      for (let i = 0; i < 2; i += 1) await world.ask('GET', path, { token: reader.token });
      expect(await readBy()).toHaveLength(1);
    }
  });

  test('who tried a code or a password that was none, and who came into a channel to rule it', async () => {
    await world.ask('POST', '/setup', { body: { code: 'AAAA-BBBB-CCCC', password: 'a long password' } });
    const [refused] = await list('action=setup.refuse');
    expect(refused?.entry).toMatchObject({ actorId: null, address: '127.0.0.1' });
    const made = await world.ask('POST', '/users', {
      token: owner.token,
      body: { kind: 'person', handle: 'dora', displayName: 'Dora' },
    });
    const { user, setup } = made.json<RouteReply<'createUser'>>();
    const body = { code: setup.code, password: 'a long password' };
    const cookie = cookieOf(await world.ask('POST', '/setup', { body }));
    const wrong = { current: 'not the password', next: 'a longer password' };
    await world.ask('PUT', '/me/password', { cookie, headers: ownPage, body: wrong });
    expect((await list(`subjectId=${user.id}`))[0]?.entry).toMatchObject({
      action: 'password.refuse',
      actorId: user.id,
      address: '127.0.0.1',
    });
    const channel = { kind: 'private', name: `ruled-${kind}` };
    const { id } = (await world.ask('POST', '/channels', { token: owner.token, body: channel })).json<{
      id: string;
    }>();
    const put = (role: string) =>
      world.ask('PUT', `/channels/${id}/members/${user.id}`, { token: owner.token, body: { role } });
    await put('admin');
    await put('member');
    expect((await list(`channelId=${id}`)).map(({ entry }) => entry?.details)).toEqual([
      { was: 'admin', given: 'member' },
      { was: null, given: 'admin' },
    ]);
  });
});

/** Behind this entry. */
function cursorOf(record: AuditRecord | undefined): string {
  return Buffer.from(record?.entry?.id ?? '').toString('base64url');
}
