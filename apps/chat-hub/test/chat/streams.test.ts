import { virtualClock } from '@parley/cache-core/kernel';
import { limits } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { newId } from '../../src/database/ids.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.each(databases)('messages that are streamed, on %s', (kind) => {
  let world: World;
  let [ann, cod, eve]: Caller[] = [];
  let room: string;
  /** To it, every author has been silent for long. */
  let hasty: ReturnType<World['another']>;
  const begin = async (content = '', more = {}): Promise<string> => {
    const message = { content, streaming: 'open', ...more } as const;
    return (await world.chat.messages.send(as(cod), room, message)).id;
  };
  const opening = (room: string) =>
    world.chat.messages.send(as(cod), room, { content: '', streaming: 'open' });
  /** As if this had been so long ago: what was heard of it, or its beginning where nothing was. */
  const age = async (id: string, seconds: number): Promise<void> => {
    const at = Date.now() - seconds * 1_000;
    await world.rows.updateTable('messages').set({ at }).where('id', '=', id).execute();
    await world.rows.updateTable('streams').set({ heard_at: at }).where('message_id', '=', id).execute();
  };
  const silent = async (): Promise<string[]> => (await world.chat.streams.silent()).map(({ id }) => id);
  const read = (id: string) => world.chat.messages.read(as(ann), id);
  const mentions = async (): Promise<number | undefined> =>
    (await world.chat.readings.list(as(ann))).items.find(({ channelId }) => channelId === room)?.mentions;

  beforeAll(async () => {
    world = await openWorld(kind);
    hasty = world.another({ silentMs: -60_000, blankMs: 0 });
    ann = await world.user('ann', { role: 'admin' });
    cod = await world.user('coder', { kind: 'agent' });
    eve = await world.user('eve');
    room = (
      await world.chat.channels.create(as(ann), { kind: 'private', name: 'room', members: [cod.userId] })
    ).id;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('are ended by any node when their author is gone, with what was heard, and call nobody', async () => {
    const { chat } = world;
    const id = await begin('', { turnId: 'turn-1', model: 'm1' });
    await chat.messages.append(as(cod), id, 0, 'so far ');
    await chat.messages.append(as(cod), id, 7, '@ann 🚀');
    await chat.streams.note();
    await chat.streams.sweep();
    // Who comes now reads as much as was heard.
    expect(await read(id)).toMatchObject({ streaming: 'open', content: 'so far @ann 🚀' });
    await hasty.chat.streams.sweep();
    expect(await read(id)).toMatchObject({
      streaming: 'cut',
      content: 'so far @ann 🚀',
      turnId: 'turn-1',
      model: 'm1',
      senderId: as(cod).userId,
    });
    expect(hasty.told.typesOf(room)).toEqual(['channel.message.edit']);
    expect(await mentions()).toBe(0);
    expect((await chat.search(as(ann), { query: '"so far"', limit: 5 })).items).toHaveLength(1);
    expect(await world.rows.selectFrom('streams').select('message_id').execute()).toEqual([]);
  });

  test('that were ended too early end as their author says', async () => {
    const { chat } = world;
    const id = await begin('hesitating');
    await chat.messages.append(as(cod), id, 10, '...');
    await hasty.chat.streams.sweep();
    expect(await read(id)).toMatchObject({ streaming: 'cut', content: 'hesitating' });
    const moments = world.told.moments.length;
    expect(await codeOf(chat.messages.append(as(cod), id, 13, 'more'))).toBe('CONFLICT');
    expect(world.told.moments).toHaveLength(moments);
    await chat.messages.finish(as(cod), id, { content: 'all of it, @ann' });
    expect(await read(id)).toMatchObject({ streaming: 'done', content: 'all of it, @ann' });
    expect(await mentions()).toBe(1);
  });

  test('keep what was read where their author comes back late, or changed them since, and then call nobody', async () => {
    const { messages } = world.chat;
    const late = await begin('an hour ago');
    const changed = await begin('once');
    await hasty.chat.streams.sweep();
    const cut_at = Date.now() - 3_700_000;
    await world.rows.updateTable('messages').set({ cut_at }).where('id', '=', late).execute();
    await messages.edit(as(cod), changed, 'twice');
    const before = await mentions();
    for (const id of [late, changed]) {
      const { message } = await messages.finish(as(cod), id, { content: 'the end, @ann' });
      expect(message).toMatchObject({ content: 'the end, @ann', streaming: 'done' });
      expect(message.editedAt).not.toBeNull();
    }
    const texts = async (id: string) => (await messages.edits(as(ann), id)).map(({ content }) => content);
    expect(await texts(late)).toEqual(['an hour ago']);
    expect(await texts(changed)).toEqual(['twice', 'once']);
    expect(await mentions()).toBe(before);
  });

  test('are left to who goes on with them, or ends them, while they are taken for silent', async () => {
    const { chat } = world;
    const going = await begin('going');
    const ended = await begin();
    await age(going, 31);
    await age(ended, 331);
    const taken = (await chat.streams.silent()).filter(({ id }) => [going, ended].includes(id));
    expect(taken).toHaveLength(2);
    await chat.messages.append(as(cod), going, 5, ' on');
    await chat.streams.note();
    await chat.messages.finish(as(cod), ended, { content: 'after long thought' });
    for (const one of taken) await chat.streams.cut(one);
    expect(await read(going)).toMatchObject({ streaming: 'open', content: 'going on' });
    expect(await read(ended)).toMatchObject({
      streaming: 'done',
      deletedAt: null,
      content: 'after long thought',
    });
    await chat.messages.finish(as(cod), going, { content: 'going on' });
  });

  test('may say nothing for as long as their author gives signs of life, which are told to nobody', async () => {
    const { chat, told } = world;
    const [mute, alive] = [await begin(), await begin()];
    const moments = told.moments.length;
    await chat.messages.append(as(cod), alive, 0, '');
    await chat.streams.note();
    expect(told.moments).toHaveLength(moments);
    expect(await silent()).toEqual([]);
    // Who gave a sign once can give another one; of who gave none nobody knows.
    for (const id of [mute, alive]) await age(id, 31);
    expect(await silent()).toEqual([alive]);
    await age(mute, 331);
    expect(await silent()).toContain(mute);
    await hasty.chat.streams.sweep();
  });

  test('are ended by nobody who could not hear of them either', async () => {
    const clock = virtualClock();
    const { streams } = world.another({ silentMs: 1_000, everyMs: 100 }, clock).chat;
    const id = await begin('before the outage');
    await age(id, 60);
    const after = async (ms: number): Promise<string> => {
      await clock.advance(ms);
      await streams.beat();
      return (await read(id)).streaming;
    };
    expect(await after(0)).toBe('open');
    expect(await after(590)).toBe('open');
    // Too long without reaching the database: all have to be heard anew.
    expect(await after(700)).toBe('open');
    expect(await after(590)).toBe('open');
    expect(await after(590)).toBe('cut');
  });

  test('are remembered by who heard most of them, whoever notes it last', async () => {
    const id = await begin();
    const [before, after] = [world.chat, world.another().chat];
    await before.messages.append(as(cod), id, 0, 'one ');
    await before.streams.note();
    await before.messages.append(as(cod), id, 4, 'tw');
    await after.messages.append(as(cod), id, 4, 'two three');
    await after.streams.note();
    await before.streams.note();
    expect(await read(id)).toMatchObject({ content: 'one two three' });
    await hasty.chat.streams.sweep();
  });

  test('with files are no empty ones', async () => {
    const id = await begin();
    await world.rows.insertInto('attachments').values({ message_id: id, nth: 1, file_id: newId() }).execute();
    await hasty.chat.streams.sweep();
    expect(await read(id)).toMatchObject({ streaming: 'cut', deletedAt: null });
  });

  test('of which nothing was heard are taken away', async () => {
    const root = await world.chat.messages.send(as(ann), room, { content: 'root' });
    const id = await begin('  ', { threadId: root.id });
    await hasty.chat.streams.sweep();
    expect(await read(id)).toMatchObject({ streaming: 'done', deletedAt: expect.any(Number) });
    expect((await read(root.id)).thread).toMatchObject({ replies: 0 });
    expect(hasty.told.typesOf(room).slice(-2)).toEqual(['channel.message.delete', 'thread.update']);
  });

  test('are ended once by nodes that look at the same moment', async () => {
    const id = await begin('once');
    const others = [hasty, world.another({ silentMs: -60_000, blankMs: 0 })];
    const before = (await world.chat.logs.heads([room])).get(room) ?? 0;
    await Promise.all(others.map(({ chat }) => chat.streams.sweep()));
    expect((await world.chat.logs.heads([room])).get(room)).toBe(before + 1);
    expect(await read(id)).toMatchObject({ streaming: 'cut' });
  });

  test('are no longer than any message, and not too many', async () => {
    const { messages } = world.chat;
    const id = await begin();
    expect(await codeOf(messages.append(as(cod), id, limits.content - 1, 'xx'))).toBe('TOO_LARGE');
    const drafts = Array.from({ length: limits.streams + 3 }, (_, i) => {
      return { content: `number ${i}`, clientId: `stream-${i}`, streaming: 'open' } as const;
    });
    const sent = await messages.sendAll(as(cod), room, drafts);
    expect(sent.map((one) => 'message' in one)).toEqual(drafts.map((_, i) => i < limits.streams - 1));
    expect(await codeOf(begin('one too many'))).toBe('LIMIT_REACHED');
    // Sent again, because the answer was lost.
    expect(await codeOf(begin('number 0', { clientId: 'stream-0' }))).toBe('no error');
    await messages.finish(as(cod), id, { content: 'ended' });
    await begin('another');
    await hasty.chat.streams.sweep();
  });

  test('end with their channel, and count no longer', async () => {
    const { channels, messages } = world.chat;
    const { id } = await channels.create(as(ann), {
      kind: 'private',
      name: 'short',
      members: [as(cod).userId],
    });
    const [first] = await Promise.all(Array.from({ length: limits.streams }, () => opening(id)));
    await messages.append(as(cod), first?.id ?? '', 0, 'secret');
    await world.chat.streams.note();
    await channels.delete(as(ann), id);
    expect(await world.rows.selectFrom('streams').select('message_id').execute()).toEqual([]);
    await begin('elsewhere');
    await hasty.chat.streams.sweep();
  });

  test('in a channel that was deleted by a node that leaves them open, end and count no longer', async () => {
    const { channels, messages } = world.chat;
    const members = [as(cod).userId];
    const { id } = await channels.create(as(ann), { kind: 'private', name: 'left', members });
    await Promise.all(Array.from({ length: limits.streams }, () => opening(id)));
    expect(await codeOf(begin('one too many'))).toBe('LIMIT_REACHED');
    await world.rows.updateTable('channels').set({ deleted_at: Date.now() }).where('id', '=', id).execute();
    await world.chat.streams.sweep();
    const next = await begin('elsewhere');
    expect(await world.rows.selectFrom('streams').select('message_id').execute()).toEqual([
      { message_id: next },
    ]);
    await messages.finish(as(cod), next, { content: 'elsewhere' });
  });

  test('of which a node of a build before notes nothing are left to it for an hour more', async () => {
    const ids = [await begin('said so far'), await begin()];
    await world.rows.deleteFrom('streams').where('message_id', 'in', ids).execute();
    for (const id of ids) await age(id, 3_600);
    expect(await silent()).toEqual([]);
    for (const id of ids) await age(id, 3_640);
    expect((await silent()).toSorted()).toEqual(ids.toSorted());
    await world.chat.streams.sweep();
  });

  test('are edited when they have ended; and thoughts call nobody by being edited', async () => {
    const { messages } = world.chat;
    const id = await begin('not yet');
    expect(await codeOf(messages.edit(as(cod), id, 'early'))).toBe('CONFLICT');
    await messages.finish(as(cod), id, { content: 'now' });
    const thought = await messages.send(as(cod), room, { content: 'hm', kind: 'thought' });
    const { message } = await messages.edit(as(cod), thought.id, 'ask @ann');
    expect(message.mentions).toEqual({ users: [], roles: [], here: false });
  });

  test('turns are read as a whole, in order, by who may read the channel', async () => {
    const { messages } = world.chat;
    const of = { turnId: 'a turn/2' };
    await messages.send(as(cod), room, { content: 'hm', kind: 'thought', ...of, model: 'm1' });
    await messages.send(as(ann), room, { content: 'in between' });
    const data = { tool: 'ls' };
    await messages.send(as(cod), room, { content: 'looked', kind: 'action', ...of, data });
    await messages.finish(as(cod), await begin('', of), { content: 'there', model: 'm2' });
    expect(await messages.turn(as(ann), room, of.turnId)).toMatchObject([
      { kind: 'thought', content: 'hm', model: 'm1' },
      { kind: 'action', content: 'looked', data },
      { kind: 'message', content: 'there', model: 'm2', streaming: 'done' },
    ]);
    expect(await codeOf(messages.turn(as(eve), room, of.turnId))).toBe('NOT_FOUND');
    expect(await messages.turn(as(ann), room, 'none')).toEqual([]);
  });
});
