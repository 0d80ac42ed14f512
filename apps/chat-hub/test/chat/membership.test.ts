import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.each(databases)('on %s', (kind) => {
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

  describe('membership', () => {
    test('of public ones is free, and of private ones by invitation', async () => {
      const open = await room('public');
      const closed = await room('private');
      expect(await world.chat.channels.join(as(eve), open)).toMatchObject({
        role: 'member',
        invitedBy: null,
      });
      expect(await world.chat.channels.join(as(eve), open)).toMatchObject({ role: 'member' });
      expect(world.told.typesOf(open)).toEqual(['channel.create', 'channel.member.join']);
      expect((await world.chat.channels.join(as(looker), open)).role).toBe('observer');
      expect(await codeOf(world.chat.messages.send(as(looker), open, { content: 'hi' }))).toBe('FORBIDDEN');
      expect(await codeOf(world.chat.channels.join(as(eve), closed))).toBe('NOT_FOUND');
      expect(await world.chat.channels.putMember(as(bob), closed, as(eve).userId, undefined)).toMatchObject({
        role: 'member',
        invitedBy: as(bob).userId,
      });
      expect((await world.chat.channels.read(as(eve), closed)).memberCount).toBe(3);
    });

    test('ends at once: nothing is read or sent afterwards, on any node', async () => {
      const id = await room();
      const other = world.another().chat;
      await other.messages.send(as(bob), id, { content: 'still in' });
      await world.chat.channels.kick(as(ann), id, as(bob).userId);
      for (const { messages } of [world.chat, other]) {
        expect(await codeOf(messages.send(as(bob), id, { content: 'out' }))).toBe('NOT_FOUND');
        expect(await codeOf(messages.page(as(bob), id))).toBe('NOT_FOUND');
      }
      expect(world.told.typesOf(id).at(-1)).toBe('channel.member.leave');
      expect(world.told.changed).toContain(as(bob).userId);
    });

    test('a message and the removal of its sender are in one order: none stands behind it', async () => {
      for (let round = 0; round < 5; round += 1) {
        const id = await room();
        const other = world.another().chat;
        await other.messages.send(as(bob), id, { content: 'warm' });
        const sends = Array.from({ length: 10 }, (_, i) =>
          codeOf(other.messages.send(as(bob), id, { content: `${i}` })),
        );
        await world.chat.channels.kick(as(ann), id, as(bob).userId);
        await Promise.all(sends);
        const log = await world.chat.logs.read(id, 0, 100);
        const left = log.findIndex(({ type }) => type === 'channel.member.leave');
        expect(log.slice(left + 1)).toEqual([]);
      }
    });

    test('roles go down the ranks only', async () => {
      const id = await room('public');
      const { putMember, kick } = world.chat.channels;
      await putMember(as(ann), id, as(eve).userId, 'admin');
      expect(await codeOf(putMember(as(bob), id, as(eve).userId, 'member'))).toBe('FORBIDDEN');
      expect(await codeOf(putMember(as(eve), id, as(bob).userId, 'admin'))).toBe('FORBIDDEN');
      expect(await codeOf(kick(as(eve), id, as(ann).userId))).toBe('FORBIDDEN');
      expect(await codeOf(kick(as(bob), id, as(eve).userId))).toBe('FORBIDDEN');
      expect(await putMember(as(eve), id, as(bob).userId, 'observer')).toMatchObject({ role: 'observer' });
      expect(await codeOf(world.chat.messages.send(as(bob), id, { content: 'x' }))).toBe('FORBIDDEN');
      // Who runs the workspace moderates what is public, in it or not.
      await kick(as(admin), id, as(bob).userId);
      expect(await codeOf(world.chat.messages.send(as(admin), id, { content: 'x' }))).toBe('FORBIDDEN');
      await kick(as(owner), id, as(ann).userId);
    });

    test('of who is deactivated ends everywhere but in conversations', async () => {
      const gone = await world.user(`gone-${kind}`);
      const [one, two] = [await room(), await room('public')];
      for (const id of [one, two]) await world.chat.channels.putMember(as(ann), id, gone.userId, undefined);
      const talk = await world.chat.channels.openDirect(as(ann), [gone.userId]);
      await world.chat.channels.leaveAll(gone.userId);
      expect([...(await world.chat.logs.joined(gone.userId)).keys()]).toEqual([talk.id]);
      expect(world.told.typesOf(one).at(-1)).toBe('channel.member.leave');
    });
  });

  describe('conversations', () => {
    test('are one for each set of people, whoever opens them, however often at once', async () => {
      const { openDirect } = world.chat.channels;
      const all = await Promise.all([
        openDirect(as(ann), [as(bob).userId]),
        openDirect(as(bob), [as(ann).userId]),
        openDirect(as(ann), [as(bob).userId, as(bob).userId, as(ann).userId]),
      ]);
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(all[0]).toMatchObject({ kind: 'direct', name: null });
      const group = await openDirect(as(ann), [as(bob).userId, as(eve).userId]);
      expect(group).toMatchObject({ kind: 'group', memberCount: 3 });
      expect((await openDirect(as(eve), [as(ann).userId, as(bob).userId])).id).toBe(group.id);
    });

    test('are for those who are in them', async () => {
      const { openDirect, read, join, putMember, kick, archive, leave } = world.chat.channels;
      const { id } = await openDirect(as(ann), [as(bob).userId]);
      for (const who of [eve, admin, owner]) expect(await codeOf(read(as(who), id))).toBe('NOT_FOUND');
      expect(await codeOf(join(as(eve), id))).toBe('NOT_FOUND');
      for (const attempt of [
        () => putMember(as(ann), id, as(eve).userId, undefined),
        () => kick(as(ann), id, as(bob).userId),
        () => archive(as(ann), id, true),
        () => leave(as(ann), id),
      ]) {
        expect(await codeOf(attempt())).toBe('FORBIDDEN');
      }
    });

    test('with too many or with nobody known are refused', async () => {
      const { openDirect } = world.chat.channels;
      const many = Array.from({ length: 9 }, (_, i) => `01890000-0000-7000-8000-00000000000${i}`);
      expect(await codeOf(openDirect(as(ann), many))).toBe('INVALID');
      expect(await codeOf(openDirect(as(ann), many.slice(0, 1)))).toBe('NOT_FOUND');
    });
  });
});
