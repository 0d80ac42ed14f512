import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tables } from '../../src/database/tables.ts';
import {
  callerOf,
  hubDatabases,
  openTestHub,
  outcomeOf,
  type TestHub,
  type TestUser,
} from '../support/hub.ts';

describe.each(hubDatabases)('on %s', (kind) => {
  let world: TestHub;
  let owner: TestUser;
  let admin: TestUser;
  let member: TestUser;
  beforeAll(async () => {
    world = await openTestHub(kind);
    owner = await world.user('owner1', { role: 'owner' });
    admin = await world.user('admin1', { role: 'admin' });
    member = await world.user('member1');
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const ask = async (by: TestUser, method: string, path: string, body?: object) =>
    world.ask(method, path, { token: by.token, body });
  const add = (by: TestUser, handle: string, more: object = {}) =>
    ask(by, 'POST', '/users', { kind: 'person', handle, displayName: handle, ...more });

  test('handles are unique, and no words that mean something else', async () => {
    expect((await add(owner, 'unique')).statusCode).toBe(201);
    expect((await add(owner, 'unique')).json()).toMatchObject({ code: 'NAME_TAKEN', field: 'handle' });
    expect((await add(owner, 'here')).json()).toMatchObject({ code: 'INVALID', field: 'handle' });
    const other = await world.user('other1');
    const renamed = await ask(owner, 'PATCH', `/users/${other.id}`, { handle: 'unique' });
    expect(renamed.json()).toMatchObject({ code: 'NAME_TAKEN', field: 'handle' });
    const both = await Promise.all([add(owner, 'twice'), add(admin, 'twice')]);
    expect(new Set(both.map(outcomeOf))).toEqual(new Set([201, 'NAME_TAKEN']));
  });

  test('nobody acts on who stands beside or above them, or hands out what they have not', async () => {
    expect(outcomeOf(await add(admin, 'second-admin', { role: 'admin' }))).toBe('FORBIDDEN');
    expect(outcomeOf(await add(admin, 'second-owner', { role: 'owner' }))).toBe('FORBIDDEN');
    expect(outcomeOf(await ask(admin, 'PATCH', `/users/${owner.id}`, { bio: 'x' }))).toBe('FORBIDDEN');
    expect(outcomeOf(await ask(admin, 'DELETE', `/users/${owner.id}`))).toBe('FORBIDDEN');
    expect(outcomeOf(await ask(admin, 'POST', `/users/${owner.id}/setup-code`))).toBe('FORBIDDEN');
    expect(outcomeOf(await ask(admin, 'PATCH', `/users/${admin.id}`, { role: 'owner' }))).toBe('FORBIDDEN');
    expect(outcomeOf(await ask(admin, 'PATCH', `/users/${member.id}`, { role: 'admin' }))).toBe('FORBIDDEN');
    expect(outcomeOf(await ask(admin, 'PATCH', `/users/${member.id}`, { bio: 'kind' }))).toBe(200);
    expect(outcomeOf(await ask(member, 'PATCH', '/me', { bio: 'mine' }))).toBe(200);
    expect((await ask(member, 'GET', '/me')).json()).toMatchObject({ bio: 'mine', role: 'member' });
  });

  test('agents have an owner, who is a person', async () => {
    const agent = { kind: 'agent' };
    expect((await add(owner, 'bot-a', agent)).json()).toMatchObject({ user: { ownerId: owner.id } });
    expect((await add(owner, 'bot-b', { ...agent, ownerId: member.id })).json()).toMatchObject({
      user: { ownerId: member.id },
    });
    expect((await add(owner, 'bot-c', { ...agent, ownerId: null })).json()).toMatchObject({
      user: { ownerId: null },
    });
    const bot = await world.user('bot-d', { kind: 'agent' });
    expect((await add(owner, 'bot-e', { ...agent, ownerId: bot.id })).json()).toMatchObject({
      code: 'INVALID',
      field: 'ownerId',
    });
    expect((await add(owner, 'person-a', { ownerId: member.id })).json()).toMatchObject({
      code: 'INVALID',
      field: 'ownerId',
    });
  });

  test('a change of a right moves the row on and is told; a change of the profile is told to everybody', async () => {
    const user = await world.user('mover');
    const before = await callerOf(world.hub, user.token);
    await ask(owner, 'PATCH', `/users/${user.id}`, { bio: 'new' });
    expect((await callerOf(world.hub, user.token)).rev).toBe(before.rev);
    await ask(owner, 'PATCH', `/users/${user.id}`, { role: 'observer' });
    const now = await callerOf(world.hub, user.token);
    expect(now.rev).toBeGreaterThan(before.rev);
    expect(now).toMatchObject({ role: 'observer', scopes: ['read'] });
    expect(await world.hub.access.recheck(before)).toEqual(now);
  });

  test('the directory is read page by page, and searched', async () => {
    for (let i = 0; i < 5; i += 1) await world.user(`page-${i}`);
    const handles: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await ask(member, 'GET', `/users?query=PAGE-&limit=2${more}`);
      const page = response.json<{ items: { handle: string }[]; next: string | null }>();
      handles.push(...page.items.map(({ handle }) => handle));
      cursor = page.next;
    }
    expect(handles).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
    expect((await ask(member, 'GET', '/users?handle=page-3')).json()).toMatchObject({
      items: [{ handle: 'page-3' }],
    });
    expect((await ask(member, 'GET', '/users?query=%25')).json()).toMatchObject({ items: [] });
    expect((await ask(member, 'GET', '/users?cursor=!!')).json()).toMatchObject({
      code: 'INVALID',
      field: 'cursor',
    });
    await ask(owner, 'DELETE', `/users/${(await world.user('page-gone')).id}`);
    expect((await ask(member, 'GET', '/users?query=page-gone')).json()).toMatchObject({ items: [] });
    expect((await ask(member, 'GET', '/users?query=page-gone&deactivated=true')).json()).toMatchObject({
      items: [{ handle: 'page-gone' }],
    });
  });

  test('who is deactivated is out of every channel', async () => {
    const user = await world.user('leaver');
    const made = await ask(owner, 'POST', '/channels', {
      kind: 'public',
      name: 'leaving',
      members: [user.id],
    });
    const { id } = made.json<{ id: string }>();
    const gone = await ask(owner, 'DELETE', `/users/${user.id}`);
    expect(gone.json<{ deactivatedAt: number }>().deactivatedAt).toBeGreaterThan(0);
    const members = await ask(owner, 'GET', `/channels/${id}/members`);
    expect(members.json<{ items: { userId: string }[] }>().items.map(({ userId }) => userId)).toEqual([
      owner.id,
    ]);
    // Again: what is done is done.
    expect((await ask(owner, 'DELETE', `/users/${user.id}`)).json()).toEqual(gone.json());
  });

  test('avatars are pictures, and nothing else to a browser', async () => {
    const { id } = await world.user('pictured');
    const response = await ask(member, 'GET', `/users/${id}/avatar`);
    expect(response.headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(response.body).toMatch(/^<svg /);
  });
});

const patience = { timeout: 60_000 };

async function withTwoOwners(world: TestHub): Promise<readonly [TestUser, TestUser]> {
  const owners = [
    await world.user('one', { role: 'owner' }),
    await world.user('two', { role: 'owner' }),
  ] as const;
  const ids = owners.map(({ id }) => id);
  await world.tables().updateTable('users').set({ password: 'x' }).where('id', 'in', ids).execute();
  return owners;
}

async function demote(world: TestHub, by: TestUser, user: TestUser): Promise<unknown> {
  return outcomeOf(
    await world.ask('PATCH', `/users/${user.id}`, { token: by.token, body: { role: 'member' } }),
  );
}

test.each(hubDatabases)('the last owner stays, on %s', patience, async (kind) => {
  await using world = await openTestHub(kind);
  const [one, two] = await withTwoOwners(world);
  expect(await demote(world, one, two)).toBe(200);
  expect(await demote(world, one, one)).toBe('LAST_OWNER');
  expect(outcomeOf(await world.ask('DELETE', `/users/${one.id}`, { token: one.token }))).toBe('LAST_OWNER');
});

test('two owners who take each other’s role at the same moment leave one', patience, async () => {
  await using world = await openTestHub('postgres');
  const [one, two] = await withTwoOwners(world);
  const { database } = world.hub.parley;
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  // Both are let go at the same moment, when both have looked at whom they are about to change.
  const holding = database.transaction(async (session) => {
    await world.hub.tables
      .kysely<Tables>(session)
      .selectFrom('workspace')
      .select('one')
      .forUpdate()
      .execute();
    begun.resolve();
    await held.promise;
  });
  await begun.promise;
  const outcomes = Promise.all([demote(world, one, two), demote(world, two, one)]);
  await until(async () => (await world.waiting()) === 2, { what: 'both wait' });
  held.resolve();
  await holding;
  expect(new Set(await outcomes)).toEqual(new Set([200, 'LAST_OWNER']));
});
