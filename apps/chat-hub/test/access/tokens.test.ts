import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  callerOf,
  hubDatabases,
  openTestHub,
  outcomeOf,
  type TestHub,
  type TestUser,
} from '../support/hub.ts';

interface Made {
  readonly secret: string;
  readonly token: { readonly id: string };
}

describe.each(hubDatabases)('on %s', (kind) => {
  let world: TestHub;
  let owner: TestUser;
  let member: TestUser;
  beforeAll(async () => {
    world = await openTestHub(kind);
    owner = await world.user('owner1', { role: 'owner' });
    member = await world.user('member1');
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const create = (token: string, body: object) =>
    world.ask('POST', '/tokens', { token, body: { name: 'n', scopes: ['read'], ...body } });

  test('the secret is told once, works, and is kept as a hash', async () => {
    const made = (await create(member.token, {})).json<Made>();
    expect(made.secret).toMatch(/^parley_[\w-]{43}$/);
    const list = await world.ask('GET', '/tokens', { token: member.token });
    expect(list.body).toContain(made.token.id);
    expect(list.body).not.toContain(made.secret);
    expect(await callerOf(world.hub, made.secret)).toMatchObject({ userId: member.id, scopes: ['read'] });
    const row = await world
      .tables()
      .selectFrom('tokens')
      .selectAll()
      .where('id', '=', made.token.id)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(made.secret);
  });

  test('a revoked token is of no use from then on', async () => {
    const made = (await create(member.token, {})).json<Made>();
    const before = await callerOf(world.hub, made.secret);
    const revoke = () => world.ask('DELETE', `/tokens/${made.token.id}`, { token: member.token });
    expect((await revoke()).statusCode).toBe(204);
    expect(await world.hub.access.authenticate(made.secret)).toBeUndefined();
    expect(await world.hub.access.recheck(before)).toBeUndefined();
    expect((await callerOf(world.hub, member.token)).rev).toBeGreaterThan(before.rev);
    expect((await revoke()).statusCode).toBe(204);
  });

  test('no token gives more than the one that makes it: not in scopes, not in time, not in role', async () => {
    const narrow = await world.token(member.id, { scopes: ['read', 'manage'] });
    expect((await create(narrow, { scopes: ['read', 'write'] })).json()).toMatchObject({
      code: 'FORBIDDEN',
      field: 'scopes',
    });
    expect((await create(member.token, { scopes: ['admin'] })).json()).toMatchObject({
      code: 'FORBIDDEN',
      field: 'scopes',
    });
    expect((await create(narrow, { scopes: ['read'] })).statusCode).toBe(201);
    const end = Date.now() + 60_000;
    const brief = await world.token(member.id, { expiresAt: end });
    expect((await create(brief, {})).json()).toMatchObject({ code: 'INVALID', field: 'expiresAt' });
    expect((await create(brief, { expiresAt: end + 1 })).json()).toMatchObject({
      code: 'INVALID',
      field: 'expiresAt',
    });
    expect((await create(brief, { expiresAt: end })).statusCode).toBe(201);
    expect((await create(member.token, { expiresAt: 1 })).json()).toMatchObject({
      code: 'INVALID',
      field: 'expiresAt',
    });
  });

  test('people make tokens for their agents, but not for those who stand above them', async () => {
    const own = await world.user('own-bot', { kind: 'agent', ownerId: member.id });
    const high = await world.user('high-bot', { kind: 'agent', ownerId: member.id, role: 'admin' });
    const foreign = await world.user('foreign-bot', { kind: 'agent', ownerId: owner.id });
    const outcome = async (by: TestUser, of: TestUser) =>
      outcomeOf(await create(by.token, { userId: of.id }));
    expect(await outcome(member, own)).toBe(201);
    expect(await outcome(member, high)).toBe('FORBIDDEN');
    expect(await outcome(member, foreign)).toBe('FORBIDDEN');
    expect(await outcome(member, owner)).toBe('FORBIDDEN');
    expect(await outcome(owner, own)).toBe(201);
    const list = async (by: TestUser, of: TestUser) =>
      outcomeOf(await world.ask('GET', `/tokens?userId=${of.id}`, { token: by.token }));
    expect(await list(member, own)).toBe(200);
    expect(await list(member, foreign)).toBe('FORBIDDEN');
    const theirs = (await create(owner.token, {})).json<Made>();
    const revoked = await world.ask('DELETE', `/tokens/${theirs.token.id}`, { token: member.token });
    expect(outcomeOf(revoked)).toBe('NOT_FOUND');
  });

  test('what is given to an observer is what observers may', async () => {
    const looker = await world.user('looker', { role: 'observer' });
    const response = await create(owner.token, { userId: looker.id, scopes: ['read', 'write'] });
    expect(response.json()).toMatchObject({ code: 'FORBIDDEN', field: 'scopes' });
    const gone = await world.user('gone');
    await world.tables().updateTable('users').set({ deactivated_at: 1 }).where('id', '=', gone.id).execute();
    expect((await create(owner.token, { userId: gone.id })).json()).toMatchObject({
      code: 'INVALID',
      field: 'userId',
    });
  });

  test('when a token was used last is seen, without a write for each request', async () => {
    const user = await world.user('used');
    const lastUsed = async () =>
      (
        await world
          .tables()
          .selectFrom('tokens')
          .select('last_used_at')
          .where('user_id', '=', user.id)
          .executeTakeFirstOrThrow()
      ).last_used_at;
    for (let i = 0; i < 3; i += 1) await callerOf(world.hub, user.token);
    expect(await lastUsed()).toBeNull();
    await world.hub.access.close();
    expect(Number(await lastUsed())).toBeGreaterThan(Date.now() - 60_000);
  });

  test('lists go on where a page ended', async () => {
    const user = await world.user('many');
    for (let i = 0; i < 4; i += 1) await world.token(user.id);
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await world.ask('GET', `/tokens?limit=2${more}`, { token: user.token });
      const page = response.json<{ items: { id: string }[]; next: string | null }>();
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(ids).toHaveLength(5);
    expect(ids).toEqual([...ids].toSorted().toReversed());
  });
});
