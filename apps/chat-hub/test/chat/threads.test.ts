import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.each(databases)('threads, streams and thoughts on %s', (kind) => {
  let world: World;
  let [ann, bob, cod]: Caller[] = [];
  let channel: string;

  beforeAll(async () => {
    world = await openWorld(kind);
    ann = await world.user('ann', { role: 'admin' });
    bob = await world.user('bob');
    cod = await world.user('coder', { kind: 'agent' });
    const made = await world.chat.channels.create(ann, {
      kind: 'private',
      name: 'room',
      members: [bob.userId, cod.userId],
    });
    channel = made.id;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  describe('threads', () => {
    test('begin with the first reply, have one level, and count', async () => {
      const root = await world.chat.messages.send(as(ann), channel, { content: 'root' });
      const replies = await Promise.all(
        [bob, cod, bob].map((who, i) =>
          world.chat.messages.send(as(who), channel, { content: `r${i}`, threadId: root.id }),
        ),
      );
      const log = await world.chat.logs.read(channel, root.seq, 100);
      expect(log.map(({ type }) => type)).toEqual([
        'thread.create',
        'thread.message',
        'thread.message',
        'thread.message',
      ]);
      const { thread } = await world.chat.messages.read(as(ann), root.id);
      expect(thread).toMatchObject({ replies: 3 });
      expect(thread?.participants.toSorted()).toEqual([as(bob).userId, as(cod).userId].toSorted());
      const page = await world.chat.messages.thread(as(ann), root.id);
      expect(page.messages.map(({ content }) => content).toSorted()).toEqual(['r0', 'r1', 'r2']);
      expect(page.following).toBe(true);
      expect((await world.chat.messages.page(as(ann), channel)).messages).not.toContainEqual(
        expect.objectContaining({ threadId: root.id }),
      );
      const [reply] = replies;
      expect(
        await codeOf(world.chat.messages.send(as(ann), channel, { content: 'deeper', threadId: reply?.id })),
      ).toBe('INVALID');
      await world.chat.messages.delete(as(bob), replies[2]?.id ?? '');
      expect((await world.chat.messages.read(as(ann), root.id)).thread).toMatchObject({ replies: 2 });
      expect(world.told.typesOf(channel).slice(-2)).toEqual(['channel.message.delete', 'thread.update']);
    });

    test('are followed by who takes part, until they say otherwise', async () => {
      const root = await world.chat.messages.send(as(ann), channel, { content: 'root' });
      await world.chat.messages.send(as(bob), channel, { content: 'reply', threadId: root.id });
      const following = async (who: Caller): Promise<boolean> =>
        (await world.chat.messages.thread(who, root.id)).following;
      expect([await following(as(ann)), await following(as(bob)), await following(as(cod))]).toEqual([
        true,
        true,
        false,
      ]);
      await world.chat.messages.follow(as(bob), root.id, false);
      await world.chat.messages.send(as(bob), channel, { content: 'reply again', threadId: root.id });
      expect(await following(as(bob))).toBe(false);
      await world.chat.messages.follow(as(cod), root.id, true);
      expect(await following(as(cod))).toBe(true);
    });
  });

  test('streamed begin open, grow for those who look on, and end as one row that mentions', async () => {
    const { messages, readings, channels } = world.chat;
    const { id: room } = await channels.create(as(ann), {
      kind: 'private',
      name: 'stream',
      members: [as(cod).userId],
    });
    const { id, streaming } = await messages.send(as(cod), room, { content: '', streaming: 'open' });
    expect(streaming).toBe('open');
    await messages.append(as(cod), id, 0, 'hello ');
    await messages.append(as(cod), id, 6, '@ann');
    expect(world.told.moments.slice(-2).map(({ event }) => event)).toMatchObject([
      { type: 'channel.message.append', messageId: id, offset: 0, text: 'hello ' },
      { offset: 6, text: '@ann' },
    ]);
    expect(await codeOf(messages.append(as(ann), id, 0, 'mine'))).toBe('FORBIDDEN');
    const { message: done } = await messages.finish(as(cod), id, { content: 'hello @ann', model: 'm1' });
    expect(done).toMatchObject({
      content: 'hello @ann',
      streaming: 'done',
      model: 'm1',
      mentions: { users: [as(ann).userId] },
    });
    expect(await messages.finish(as(cod), id, { content: 'hello @ann', model: 'm1' })).toMatchObject({
      message: done,
    });
    expect(await codeOf(messages.append(as(cod), id, 10, 'more'))).toBe('CONFLICT');
    const reading = (await readings.list(as(ann))).items.find(({ channelId }) => channelId === room);
    expect(reading).toMatchObject({ unread: 1, mentions: 1 });
  });

  test('thoughts and actions are for agents, and are never unread', async () => {
    const { messages, readings } = world.chat;
    const before = (await readings.list(as(ann))).items.find(({ channelId }) => channelId === channel);
    await messages.send(as(cod), channel, { content: 'hmm, ask @ann', kind: 'thought', turnId: 't1' });
    await messages.send(as(cod), channel, {
      content: 'ran a tool',
      kind: 'action',
      turnId: 't1',
      data: { tool: 'ls' },
    });
    const after = (await readings.list(as(ann))).items.find(({ channelId }) => channelId === channel);
    expect(after).toEqual({ ...before, seq: (before?.seq ?? 0) + 2 });
    expect(await codeOf(messages.send(as(bob), channel, { content: 'x', kind: 'thought' }))).toBe(
      'FORBIDDEN',
    );
  });
});
