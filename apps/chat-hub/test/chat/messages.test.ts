import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.each(databases)('messages on %s', (kind) => {
  let world: World;
  let [ann, bob, cod, eve]: Caller[] = [];
  let channel: string;

  beforeAll(async () => {
    world = await openWorld(kind);
    ann = await world.user('ann', { role: 'admin' });
    bob = await world.user('bob');
    cod = await world.user('coder', { kind: 'agent' });
    eve = await world.user('eve');
    const made = await world.chat.channels.create(ann, {
      kind: 'private',
      name: 'room',
      members: [bob.userId, cod.userId],
    });
    channel = made.id;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('take the numbers of their channel in order, without a hole, from several nodes at once', async () => {
    const { chat: other } = world.another();
    const from = await world.chat.logs.head(as(ann), channel);
    const sent = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        (i % 2 === 0 ? world.chat : other).messages.send(as(i % 3 === 0 ? ann : bob), channel, {
          content: `m${i}`,
        }),
      ),
    );
    const seqs = sent.map(({ seq }) => seq).toSorted((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 100 }, (_, i) => from + 1 + i));
    const page = await world.chat.messages.page(as(bob), channel, { limit: 200 });
    expect(page.messages.map(({ seq }) => seq).slice(-100)).toEqual(seqs);
    expect(new Set(page.messages.map(({ id }) => id)).size).toBe(page.messages.length);
  });

  test('are edited and ended by many at once, of whom none waits for a second connection', async () => {
    const { channels, messages } = world.chat;
    const begun = Array.from({ length: 8 }, async (_, i) => {
      const { id } = await channels.create(as(ann), { kind: 'private', name: `one-of-many-${i}` });
      const streaming = i % 2 === 0 ? 'open' : undefined;
      const message = await messages.send(as(ann), id, { content: 'x', streaming });
      // From now on nobody knows who is in it.
      await channels.update(as(ann), id, { topic: 'another' });
      return message;
    });
    const changed = (await Promise.all(begun)).map(({ id, streaming }) =>
      streaming === 'open'
        ? messages.finish(as(ann), id, { content: 'for @ann' })
        : messages.edit(as(ann), id, 'for @ann'),
    );
    const mentions = { users: [as(ann).userId], roles: [], here: false };
    for (const { message } of await Promise.all(changed))
      expect(message).toMatchObject({ content: 'for @ann', mentions });
  });

  test('of one sender keep their order', async () => {
    const sent = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        world.chat.messages.send(as(bob), channel, { content: `in order ${i}` }),
      ),
    );
    const seqs = sent.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  test('sent again with the same client id are there once, whichever node takes them', async () => {
    const { chat: other } = world.another();
    const draft = { content: 'once', clientId: 'c1' };
    const all = await Promise.all([
      ...Array.from({ length: 5 }, () => world.chat.messages.send(as(bob), channel, draft)),
      ...Array.from({ length: 5 }, () => other.messages.send(as(bob), channel, draft)),
    ]);
    const later = await world.chat.messages.send(as(bob), channel, { ...draft, content: 'another text' });
    expect(new Set([...all, later].map(({ id, seq, content }) => `${id} ${seq} ${content}`)).size).toBe(1);
    const others = await world.chat.messages.send(as(ann), channel, draft);
    expect(others.id).not.toBe(later.id);
    const elsewhere = await world.chat.channels.create(as(bob), { kind: 'public', name: 'elsewhere' });
    expect(await codeOf(world.chat.messages.send(as(bob), elsewhere.id, draft))).toBe('CLIENT_ID_REUSED');
  });

  test('many that are sent again at once are answered as they are by now, each by itself, by one look at the database', async () => {
    const drafts = Array.from({ length: 20 }, (_, i) => ({ content: `anew ${i}`, clientId: `anew-${i}` }));
    const elsewhere = await world.chat.channels.create(as(bob), { kind: 'public', name: 'another-room' });
    await world.chat.messages.send(as(bob), elsewhere.id, { content: 'there', clientId: 'there' });
    const sent = await world.chat.messages.sendAll(as(bob), channel, drafts);
    const ids = sent.map((one) => ('error' in one ? '' : one.message.id));
    await world.chat.messages.edit(as(bob), ids[3] ?? '', 'changed since');
    const queries = vi.spyOn(world.parley.database, 'query');
    const again = await world.chat.messages.sendAll(as(bob), channel, [
      ...drafts,
      { content: 'there', clientId: 'there' },
      { content: 'new', clientId: 'anew-20' },
    ]);
    const looks = queries.mock.calls.filter(([statement]) => statement.text.includes('message_view'));
    queries.mockRestore();
    expect(again.slice(0, 20).map((one) => ('error' in one ? one.error : one.message.id))).toEqual(ids);
    expect(again[3]).toMatchObject({ message: { content: 'changed since' } });
    expect(again[20]).toMatchObject({ error: { code: 'CLIENT_ID_REUSED' } });
    expect(again[21]).toMatchObject({ message: { content: 'new', clientId: 'anew-20' } });
    expect(looks).toHaveLength(1);
  });

  test('are told as the log tells them later', async () => {
    const message = await world.chat.messages.send(as(bob), channel, {
      content: 'hello @coder and @ann, not @Cod',
      clientId: 'told',
      data: { deep: [1, { a: null }] },
    });
    const told = world.told.entries.find((entry) => entry.channelId === channel && entry.seq === message.seq);
    const [read] = await world.chat.logs.read(channel, message.seq - 1, 1);
    expect(JSON.parse(told?.event ?? '')).toEqual({ type: 'channel.message', channelId: channel, message });
    expect({ ...read, event: JSON.parse(read?.event ?? '') }).toEqual({
      seq: told?.seq,
      at: told?.at,
      actorId: as(bob).userId,
      type: 'channel.message',
      event: JSON.parse(told?.event ?? ''),
    });
    expect(message.mentions.users.toSorted()).toEqual([as(cod).userId, as(ann).userId].toSorted());
  });

  test('are for members: others learn nothing, not even that there is something', async () => {
    const message = await world.chat.messages.send(as(bob), channel, { content: 'secret' });
    const { messages } = world.chat;
    for (const attempt of [
      () => messages.send(as(eve), channel, { content: 'let me in' }),
      () => messages.page(as(eve), channel),
      () => messages.read(as(eve), message.id),
      () => messages.edit(as(eve), message.id, 'mine'),
      () => messages.delete(as(eve), message.id),
      () => messages.edits(as(eve), message.id),
      () => messages.react(as(eve), message.id, 'x', true),
      () => messages.pin(as(eve), message.id, true),
      () => messages.pins(as(eve), channel),
      () => messages.thread(as(eve), message.id),
      () => messages.follow(as(eve), message.id, true),
      () => messages.finish(as(eve), message.id, { content: 'x' }),
    ]) {
      expect(await codeOf(attempt())).toBe('NOT_FOUND');
    }
    const unknown = '01890000-0000-7000-8000-000000000000';
    const refused = async (id: string): Promise<string> =>
      messages.read(as(eve), id).then(
        () => 'nothing',
        (error: unknown) => (error instanceof Error ? error.message.replace(id, '') : ''),
      );
    expect(await refused(message.id)).toBe(await refused(unknown));
  });

  describe('edited', () => {
    test('are the same with another text; what they said before is kept for members', async () => {
      const { id, seq } = await world.chat.messages.send(as(bob), channel, { content: 'frist' });
      const { message: edited } = await world.chat.messages.edit(as(bob), id, 'first, @ann');
      expect(edited).toMatchObject({
        id,
        seq,
        content: 'first, @ann',
        mentions: { users: [as(ann).userId] },
      });
      expect(edited.editedAt).toBeGreaterThan(0);
      expect(await world.chat.messages.edits(as(ann), id)).toMatchObject([
        { content: 'frist', replacedBy: as(bob).userId },
      ]);
      expect(await codeOf(world.chat.messages.edit(as(ann), id, 'no'))).toBe('FORBIDDEN');
    });

    test('with the text that is there change nothing and tell nothing', async () => {
      const { id } = await world.chat.messages.send(as(bob), channel, { content: 'same' });
      const before = world.told.entries.length;
      await world.chat.messages.edit(as(bob), id, 'same');
      expect(world.told.entries.length).toBe(before);
    });
  });

  describe('deleted', () => {
    test('leave their place, and no word of what they said, in page, log, edits and pins', async () => {
      const { id, seq } = await world.chat.messages.send(as(bob), channel, { content: 'do not keep: one' });
      await world.chat.messages.edit(as(bob), id, 'do not keep: two');
      await world.chat.messages.pin(as(ann), id, true);
      await world.chat.messages.react(as(ann), id, 'eyes', true);
      await world.chat.messages.delete(as(bob), id);
      const page = await world.chat.messages.page(as(ann), channel, { around: seq, limit: 3 });
      expect(page.messages.find((message) => message.id === id)).toMatchObject({
        content: '',
        reactions: [],
        pinnedAt: null,
      });
      expect(JSON.stringify(page)).not.toContain('do not keep');
      expect(JSON.stringify(await world.chat.logs.read(channel, seq - 1, 100))).not.toContain('do not keep');
      expect(await codeOf(world.chat.messages.edits(as(ann), id))).toBe('GONE');
      expect(await world.chat.messages.pins(as(ann), channel)).not.toContainEqual(
        expect.objectContaining({ id }),
      );
      for (const attempt of [
        () => world.chat.messages.delete(as(bob), id),
        () => world.chat.messages.edit(as(bob), id, 'back'),
        () => world.chat.messages.react(as(bob), id, 'x', true),
      ]) {
        expect(await codeOf(attempt())).toBe('GONE');
      }
    });

    test('may be who sent them, and who moderates', async () => {
      const mine = await world.chat.messages.send(as(bob), channel, { content: 'a' });
      expect(await codeOf(world.chat.messages.delete(as(cod), mine.id))).toBe('FORBIDDEN');
      await world.chat.messages.delete(as(ann), mine.id);
    });
  });
});
