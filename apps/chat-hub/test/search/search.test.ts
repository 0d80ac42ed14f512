import type { Found } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { as, codeOf, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.each(databases)('search on %s', (kind) => {
  let world: World;
  let [ann, bob, cod]: Caller[] = [];
  let [open, closed]: string[] = [];
  const channel = async (name: string, type: 'public' | 'private', members: readonly Caller[] = []) =>
    (
      await world.chat.channels.create(as(ann), {
        kind: type,
        name,
        members: members.map(({ userId }) => userId),
      })
    ).id;
  const say = (who: Caller | undefined, where: string | undefined, content: string, more = {}) =>
    world.chat.messages.send(as(who), where ?? '', { content, ...more });
  const found = async (who: Caller | undefined, query: string, limit = 50): Promise<Found[]> =>
    (await world.chat.search(as(who), { query, limit })).items;
  const texts = async (who: Caller | undefined, query: string): Promise<string[]> =>
    (await found(who, query)).map(({ message }) => message.content);

  beforeAll(async () => {
    world = await openWorld(kind);
    ann = await world.user('ann', { role: 'admin' });
    bob = await world.user('bob');
    cod = await world.user('coder', { kind: 'agent' });
    [open, closed] = [
      await channel('general', 'public', [bob, cod]),
      await channel('secret', 'private', [bob, cod]),
    ];
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('finds a message as soon as it is sent: by words, words in a row and beginnings, without accents or case', async () => {
    await say(bob, open, 'The quick Crème brûlée jumps over src/lazy_dog.ts');
    for (const query of [
      'quick',
      'CREME',
      'brulée jumps',
      '"quick crème brulee"',
      'lazy_dog',
      'dog.ts',
      'qui* lazy',
      '"over src la*"',
    ])
      expect([query, await texts(ann, query)]).toEqual([query, [expect.stringContaining('quick')]]);
    for (const query of ['quic', '"quick brulee"', 'quick slow', '"jumps quick"', 'azy*'])
      expect([query, await texts(ann, query)]).toEqual([query, []]);
  });

  test('knows words of other scripts', async () => {
    await say(bob, open, 'ПРИВЕТ—мир, Straße in 東京都 は がくせい 🚀launch');
    await say(bob, open, 'हिन्दी में cafe\u0301 ภาษาไทย');
    for (const query of ['हिन्दी', 'हिन्*', 'cafe\u0301*', 'ภาษาไทย', 'ภาษา*'])
      expect([query, await texts(ann, query)]).toEqual([query, [expect.stringContaining('में')]]);
    for (const query of ['привет', 'мир', 'STRASSE', '京都', '東京*', 'がくせい', 'launch'])
      expect([query, await texts(ann, query)]).toEqual([query, [expect.stringContaining('東京')]]);
    expect(await texts(ann, '都京')).toEqual([]);
  });

  test('tells where in a text it is', async () => {
    await say(bob, open, 'a needle in a haystack');
    const [one] = await found(ann, 'needle hay*');
    expect(one?.snippet).toEqual([
      { text: 'a ', marked: false },
      { text: 'needle', marked: true },
      { text: ' in a ', marked: false },
      { text: 'haystack', marked: true },
    ]);
    expect(one?.message).toMatchObject({ senderId: as(bob).userId, channelId: open });
  });

  test('an edit is found by its new text alone, and what was deleted by nothing', async () => {
    const { id } = await say(bob, open, 'originalword');
    await world.chat.messages.edit(as(bob), id, 'editedword');
    expect([await texts(ann, 'originalword'), await texts(ann, 'editedword')]).toEqual([[], ['editedword']]);
    await world.chat.messages.delete(as(bob), id);
    expect(await texts(ann, 'editedword')).toEqual([]);
    expect(await texts(ann, 'in:general from:bob before:1990-01-01')).toEqual([]);
  });

  test('what is streamed is found when it ends', async () => {
    const { id } = await say(cod, open, 'streamedword begins', { streaming: 'open' });
    expect(await texts(ann, 'streamedword')).toEqual([]);
    await world.chat.messages.finish(as(cod), id, { content: 'streamedword ends' });
    expect(await texts(ann, 'streamedword')).toEqual(['streamedword ends']);
  });

  test('filters: by whom, where, when, and what it has or is', async () => {
    const root = await say(ann, open, 'filterword root @bob');
    await say(bob, open, 'filterword reply', { threadId: root.id });
    await say(bob, closed, 'filterword https://example.org/x');
    const { id } = await say(bob, open, 'filterword `code`');
    await world.chat.messages.pin(as(bob), id, true);
    await say(cod, open, 'filterword pondered', { kind: 'thought' });
    const talk = await world.chat.channels.openDirect(as(ann), [as(bob).userId]);
    await say(ann, talk.id, 'filterword between us');
    const day = new Date(root.timestamp).toISOString().slice(0, 10);
    const at = (ms: number): string => new Date(ms).toISOString();
    const cases: Record<string, string[]> = {
      'from:ann': ['between us', 'root @bob'],
      'from:me': ['between us', 'root @bob'],
      [`from:${as(bob).userId}`]: ['`code`', 'https://example.org/x', 'reply'],
      'in:secret': ['https://example.org/x'],
      'in:@bob': ['between us'],
      [`in:${open}`]: ['`code`', 'reply', 'root @bob'],
      'has:link': ['https://example.org/x'],
      'has:code': ['`code`'],
      'has:pin': ['`code`'],
      'has:mention': ['root @bob'],
      'is:thread': ['reply'],
      'is:thought': ['pondered'],
      'is:action': [],
      'from:bob in:general has:code': ['`code`'],
      'before:2020-01-01': [],
      [`after:${day}`]: [],
      [`before:${at(root.timestamp)} after:2020-01-01`]: [],
      [`after:${at(root.timestamp)} in:secret`]: ['https://example.org/x'],
    };
    for (const [filters, expected] of Object.entries(cases))
      expect([filters, await texts(ann, `filterword ${filters}`)]).toEqual([
        filters,
        expected.map((text) => `filterword ${text}`),
      ]);
    expect(await texts(ann, 'has:pin')).toEqual(['filterword `code`']);
    await world.chat.messages.pin(as(bob), id, false);
    expect(await texts(ann, 'has:pin')).toEqual([]);
  });

  test('has:file finds what has a file now', async () => {
    const { db, schema } = world.parley.tables('hub', new URL('../../sql/', import.meta.url));
    const add = async (): Promise<string> => {
      const { rows } = await db.query(
        {
          text: `insert into ${schema}.files (id, channel_id, user_id, client_id, name, size, state, created_at, kept_until)
            select f, $1::uuid, $2::uuid, f::text, 'a.txt', 1, 'ready', 1, 1 from gen_random_uuid() as f returning id`,
        },
        [open ?? '', as(bob).userId],
      );
      return rows[0]?.[0] ?? '';
    };
    const files = [await add(), await add()];
    await say(bob, open, 'fileword with two', { files });
    await say(bob, open, 'fileword with none');
    expect(await texts(ann, 'fileword has:file')).toEqual(['fileword with two']);
    const left: string[][] = [];
    for (const id of files) {
      await db.query({ text: `update ${schema}.files set deleted_at = 1 where id = $1` }, [id]);
      left.push(await texts(ann, 'has:file'));
    }
    expect(left).toEqual([['fileword with two'], []]);
  });

  test('tells which part names nobody or nothing, and not what is hidden', async () => {
    const told = (query: string): Promise<unknown> =>
      found(bob, query).catch((error: Error) => error.message);
    await channel('hidden', 'private');
    expect(await told('x from:nobody')).toBe('query: `from:nobody` must name somebody who is here');
    const hidden = (name: string): string => `query: \`in:${name}\` must name a channel that you may read`;
    for (const name of ['hidden', 'never-made', '@nobody'])
      expect(await told(`x in:${name}`)).toBe(hidden(name));
    expect(await codeOf(found(bob, 'before:soon'))).toBe('INVALID');
  });

  test('shows nobody what they may not read, also when they could a moment ago', async () => {
    const eve = await world.user('eve');
    await say(bob, closed, 'privateword');
    expect([await texts(bob, 'privateword'), await texts(eve, 'privateword')]).toEqual([['privateword'], []]);
    expect(await codeOf(found(eve, 'privateword in:secret'))).toBe('INVALID');
    const { channels } = world.chat;
    await channels.putMember(as(ann), closed ?? '', eve.userId, undefined);
    expect(await texts(eve, 'privateword')).toEqual(['privateword']);
    await channels.kick(as(ann), closed ?? '', eve.userId);
    expect(await texts(eve, 'privateword')).toEqual([]);
    const brief = await channel('brief', 'public');
    await say(ann, brief, 'briefword');
    await channels.archive(as(ann), brief, true);
    expect(await texts(eve, 'briefword')).toEqual(['briefword']);
    await channels.delete(as(ann), brief);
    expect(await texts(eve, 'briefword')).toEqual([]);
  });

  describe('among thousands of messages', () => {
    const many = 3_000;
    let big: string;
    beforeAll(async () => {
      const { db, schema } = world.parley.tables('hub', new URL('../../sql/', import.meta.url));
      big = await channel('big', 'private', [as(bob)]);
      // All have a word in common, every thirtieth another one, and a few one that stands far back. Sent a millisecond apart, long ago.
      await db.query(
        {
          text: `insert into ${schema}.messages (channel_id, seq, id, kind, sender_id, content, at)
            select $1::uuid, i, ('01900000-0000-7000-a000-' || lpad(to_hex(i), 12, '0'))::uuid, 'message', $2::uuid,
              'commonword ' || case when i % 30 = 0 then 'sometimes ' else '' end || case when i <= 3 then 'seldom ' else '' end
                || case when i <= 900 then 'earlier ' else '' end || i, 1600000000000 + i
            from generate_series(1, ${many}) as i`,
        },
        [big, as(bob).userId],
      );
    });
    const numbers = (items: readonly Found[]): number[] =>
      items.map(({ message }) => Number(message.content.split(' ').at(-1)));

    test('the latest are first, whether the word is frequent, rare, or frequent long ago', async () => {
      const latest = (from: number, step = 1) => Array.from({ length: 5 }, (_, i) => from - i * step);
      expect(numbers(await found(ann, 'commonword', 5))).toEqual(latest(many));
      expect(numbers(await found(ann, 'sometimes', 5))).toEqual(latest(many, 30));
      expect(numbers(await found(ann, 'seldom', 5))).toEqual([3, 2, 1]);
      expect(numbers(await found(ann, 'earlier', 5))).toEqual(latest(900));
      expect(numbers(await found(ann, 'common* earlier in:big', 5))).toEqual(latest(900));
      expect(numbers(await found(ann, 'comm* before:2020-09-13T12:26:41Z', 5))).toEqual(latest(999));
      expect(await found(cod, 'commonword')).toEqual([]);
      expect(await found(cod, 'seldom')).toEqual([]);
    });

    test('a page goes on where it was, whatever is sent or deleted meanwhile', async () => {
      const request = { query: 'seldom', limit: 1 };
      const { end } = await world.chat.search(as(ann), request);
      await say(bob, open, 'seldom again');
      const rest = await world.chat.search(as(ann), { ...request, after: end, limit: 9 });
      expect(numbers(rest.items)).toEqual([2, 1]);
    });
  });
});
