import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.each(databases)('channels on %s', (kind) => {
  let world: World;
  let [owner, admin, ann, bob, eve, looker]: Caller[] = [];
  let names = 0;

  /** A channel of ann's, with bob in it. */
  const room = async (roomKind: 'public' | 'private' = 'private'): Promise<string> => {
    const { id } = await world.chat.channels.create(as(ann), {
      kind: roomKind,
      name: `room-${(names += 1)}`,
      members: [as(bob).userId],
    });
    return id;
  };
  const inside = async (channelId: string): Promise<string[]> =>
    (await world.chat.channels.members(as(ann), channelId))
      .map(({ userId, role }) => `${userId} ${role}`)
      .toSorted();

  beforeAll(async () => {
    world = await openWorld(kind);
    owner = await world.user('owner', { role: 'owner' });
    admin = await world.user('admin', { role: 'admin' });
    ann = await world.user('ann');
    bob = await world.user('bob');
    eve = await world.user('eve');
    looker = await world.user('looker', { role: 'observer' });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('are made with their members, and told to them and, when public, to all', async () => {
    const { chat, told } = world.another();
    const made = await chat.channels.create(as(ann), {
      kind: 'public',
      name: 'plaza',
      topic: 'all',
      description: 'for all',
      members: [as(bob).userId, as(bob).userId],
    });
    expect(made).toMatchObject({
      kind: 'public',
      name: 'plaza',
      topic: 'all',
      seq: 1,
      memberCount: 2,
      createdBy: as(ann).userId,
    });
    expect(await chat.channels.read(as(eve), made.id)).toEqual(made);
    expect(told.typesOf(made.id)).toEqual(['channel.create']);
    expect(told.moments.map(({ to }) => to).toSorted()).toEqual(
      [`agent:${as(ann).userId}`, `agent:${as(bob).userId}`, 'global'].toSorted(),
    );
    expect(told.changed.toSorted()).toEqual([as(ann).userId, as(bob).userId].toSorted());
    expect(await inside(made.id)).toEqual([`${as(ann).userId} owner`, `${as(bob).userId} member`].toSorted());
    expect(await codeOf(chat.channels.create(as(bob), { kind: 'private', name: 'plaza' }))).toBe(
      'NAME_TAKEN',
    );
    expect(
      await codeOf(
        chat.channels.create(as(bob), {
          kind: 'private',
          name: 'new',
          members: ['01890000-0000-7000-8000-000000000000'],
        }),
      ),
    ).toBe('NOT_FOUND');
  });

  test('of one name are made once, whoever comes first', async () => {
    const codes = await Promise.all(
      [ann, bob, eve].map((who) =>
        codeOf(world.chat.channels.create(as(who), { kind: 'public', name: 'race' })),
      ),
    );
    expect(codes.map(String).toSorted()).toEqual(['NAME_TAKEN', 'NAME_TAKEN', 'no error']);
  });

  test('are listed for who may see them', async () => {
    const secret = await room('private');
    const open = await room('public');
    const seen = async (who: Caller): Promise<string[]> =>
      (await world.chat.channels.list(who)).map(({ id }) => id);
    expect(await seen(as(bob))).toEqual(expect.arrayContaining([secret, open]));
    expect(await seen(as(eve))).toContain(open);
    expect(await seen(as(eve))).not.toContain(secret);
    // An administrator runs the workspace, and does not read along.
    expect(await seen(as(owner))).not.toContain(secret);
    expect(await codeOf(world.chat.channels.read(as(owner), secret))).toBe('NOT_FOUND');
    expect(await world.chat.channels.list(as(eve), { query: '%' })).toEqual([]);
  });

  test('change, and say what they are then', async () => {
    const id = await room();
    const { rev } = await world.chat.channels.read(as(ann), id);
    const changed = await world.chat.channels.update(as(ann), id, {
      name: `renamed-${id}`,
      topic: 'new',
      rev,
    });
    expect(changed).toMatchObject({ name: `renamed-${id}`, topic: 'new' });
    expect(await world.chat.channels.read(as(bob), id)).toEqual(changed);
    expect(await codeOf(world.chat.channels.update(as(ann), id, { topic: 'late', rev }))).toBe('CONFLICT');
    // A member may say what it is about, and no more.
    expect(await world.chat.channels.update(as(bob), id, { topic: 'bob was here' })).toMatchObject({
      topic: 'bob was here',
    });
    expect(await codeOf(world.chat.channels.update(as(bob), id, { name: 'mine' }))).toBe('FORBIDDEN');
    expect(await codeOf(world.chat.channels.update(as(ann), id, { name: 'plaza' }))).toBe('NAME_TAKEN');
  });

  test('that are archived can be read, and nothing else until they come back', async () => {
    const id = await room();
    const { id: messageId } = await world.chat.messages.send(as(bob), id, { content: 'before' });
    expect(await codeOf(world.chat.channels.archive(as(bob), id, true))).toBe('FORBIDDEN');
    expect((await world.chat.channels.archive(as(ann), id, true)).archivedAt).toBeGreaterThan(0);
    expect(await codeOf(world.chat.messages.send(as(bob), id, { content: 'after' }))).toBe('ARCHIVED');
    expect(await codeOf(world.another().chat.messages.send(as(bob), id, { content: 'after' }))).toBe(
      'ARCHIVED',
    );
    expect(await codeOf(world.chat.messages.react(as(bob), messageId, 'x', true))).toBe('ARCHIVED');
    expect((await world.chat.messages.page(as(bob), id)).messages).toHaveLength(1);
    await world.chat.channels.archive(as(ann), id, false);
    await world.chat.messages.send(as(bob), id, { content: 'after' });
    expect(world.told.typesOf(id)).toEqual([
      'channel.create',
      'channel.message',
      'channel.archive',
      'channel.update',
      'channel.message',
    ]);
  });

  test('that are deleted are gone for everybody, and free their name', async () => {
    const id = await room();
    const { name } = await world.chat.channels.read(as(ann), id);
    expect(await codeOf(world.chat.channels.delete(as(bob), id))).toBe('FORBIDDEN');
    await world.chat.channels.delete(as(ann), id);
    for (const attempt of [
      () => world.chat.channels.read(as(ann), id),
      () => world.chat.messages.page(as(ann), id),
      () => world.chat.messages.send(as(ann), id, { content: 'x' }),
    ]) {
      expect(await codeOf(attempt())).toBe('NOT_FOUND');
    }
    expect((await world.chat.logs.joined(as(bob).userId)).has(id)).toBe(false);
    expect(world.told.typesOf(id).at(-1)).toBe('channel.delete');
    await world.chat.channels.create(as(bob), { kind: 'public', name: name ?? '' });
  });

  test('the first one is there for everybody who comes', async () => {
    await using fresh = await openWorld(kind);
    const newcomer = await fresh.user('new');
    const { settleIn, list } = fresh.chat.channels;
    await settleIn(newcomer.userId, 'member');
    expect(await list(newcomer)).toEqual([]);
    const first = await fresh.user('first', { role: 'owner' });
    await Promise.all([1, 2].map(() => settleIn(first.userId, 'owner')));
    await settleIn(newcomer.userId, 'member');
    await settleIn(newcomer.userId, 'member');
    const [general] = await list(newcomer, { query: 'general' });
    expect(general).toMatchObject({ kind: 'public', memberCount: 2 });
    await fresh.chat.messages.send(newcomer, general?.id ?? '', { content: 'hello' });
    await fresh.chat.channels.delete(first, general?.id ?? '');
    await settleIn(first.userId, 'owner');
    expect(await list(first)).toEqual([]);
  });

  test('what concerns everybody, or an application, is told now and kept nowhere', async () => {
    const { announce, custom } = world.chat.events;
    await announce(as(admin), { level: 'warning', content: 'maintenance at noon' });
    expect(world.told.moments.at(-1)).toMatchObject({
      to: 'global',
      event: { type: 'system.announcement', level: 'warning', content: 'maintenance at noon' },
    });
    expect(await codeOf(announce(as(ann), { level: 'info', content: 'x' }))).toBe('FORBIDDEN');
    await custom(as(ann), { topic: 'marketplace', name: 'listing.created', data: { price: 1 } });
    expect(world.told.moments.at(-1)).toMatchObject({
      to: 'global',
      actorId: as(ann).userId,
      event: { type: 'custom', topic: 'marketplace', name: 'listing.created', data: { price: 1 } },
    });
    expect(await codeOf(custom(as(looker), { topic: 't', name: 'n', data: {} }))).toBe('FORBIDDEN');
  });

  test('events of work together stand in the log', async () => {
    const id = await room();
    const seq = await world.chat.events.collaborate(as(bob), id, {
      sessionId: 's1',
      name: 'proposal',
      data: { x: [1] },
    });
    const [entry] = await world.chat.logs.read(id, seq - 1, 1);
    expect(JSON.parse(entry?.event ?? '')).toEqual({
      type: 'collaboration.event',
      channelId: id,
      sessionId: 's1',
      name: 'proposal',
      data: { x: [1] },
    });
    expect(
      await codeOf(world.chat.events.collaborate(as(eve), id, { sessionId: 's', name: 'n', data: {} })),
    ).toBe('NOT_FOUND');
  });
});
