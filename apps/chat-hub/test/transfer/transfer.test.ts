import type { Channel, ImportReport, Message, Reading, Thread, User } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubDatabases, openTestHub, type TestHub, type TestUser } from '../support/hub.ts';

describe.each(hubDatabases)('on %s, an export', { timeout: 60_000 }, (kind) => {
  let here: TestHub;
  let there: TestHub;
  let ann: TestUser;
  let bob: TestUser;
  let owner: TestUser;
  let lines: string[];

  const post = async <T>(path: string, body: object, who = ann): Promise<T> => {
    const response = await here.ask('POST', path, { token: who.token, body });
    if (response.statusCode >= 300) throw new Error(response.body);
    return response.json<T>();
  };
  const take = async (texts: readonly string[], token = owner.token): Promise<ImportReport> => {
    const response = await there.ask('POST', '/imports/here', {
      token,
      body: Buffer.from(texts.map((text) => `${text}\n`).join('')),
      headers: { 'content-type': 'application/octet-stream' },
    });
    if (response.statusCode !== 200) throw new Error(response.body);
    return response.json<ImportReport>();
  };
  const read = async <T>(path: string): Promise<T> =>
    (await there.ask('GET', path, { token: owner.token })).json<T>();

  beforeAll(async () => {
    here = await openTestHub(kind);
    there = await openTestHub(kind);
    ann = await here.user('ann', { role: 'owner' });
    bob = await here.user('bob', { role: 'admin' });
    await here.user('helper', { kind: 'agent', ownerId: ann.id });
    owner = await there.user('olga', { role: 'owner' });
    // Somebody of that name is there already, and so is a channel.
    await there.user('bob');
    await there.ask('POST', '/channels', { token: owner.token, body: { kind: 'public', name: 'lab' } });

    const { id } = await post<Channel>('/channels', {
      kind: 'public',
      name: 'lab',
      topic: 'Work',
      members: [bob.id],
    });
    const send = (content: string, more: object = {}, who = ann) =>
      post<{ message: Message }>(`/channels/${id}/messages`, { clientId: content, content, ...more }, who);
    const first = await send('hello @bob');
    await send('a reply', { threadId: first.message.id }, bob);
    const gone = await send('never mind');
    await here.ask('DELETE', `/channels/${id}/messages/${gone.message.id}`, { token: ann.token });
    const why = { causedBy: first.message.id, turnId: 'run 1', model: 'm1', streaming: 'open' };
    const last = await send('the last one', { replyTo: first.message.id, ...why }, bob);
    await here
      .tables()
      .updateTable('messages')
      .set({ streaming: 'cut' })
      .where('id', '=', last.message.id)
      .execute();
    await here.ask('PUT', `/channels/${id}/messages/${first.message.id}/reactions/%F0%9F%91%8D`, {
      token: bob.token,
      body: {},
    });
    const talk = await post<Channel>('/direct', { userIds: [bob.id] });
    await post(`/channels/${talk.id}/messages`, { clientId: 'd', content: 'between us' });
    const response = await here.ask('GET', '/export', { token: ann.token });
    lines = response.body.trimEnd().split('\n');
  }, 120_000);
  afterAll(async () => {
    await here[Symbol.asyncDispose]();
    await there[Symbol.asyncDispose]();
  });

  test('is for owners, is noted, and has conversations between two only when they are asked for', async () => {
    expect((await here.ask('GET', '/export', { token: bob.token })).statusCode).toBe(403);
    expect(lines.join('\n')).not.toContain('between us');
    expect(lines.join('\n')).not.toContain('never mind');
    const all = await here.ask('GET', '/export?direct=true', { token: ann.token });
    expect(all.body).toContain('between us');
    const noted = await here
      .tables()
      .selectFrom('audit')
      .select('id')
      .where('action', '=', 'workspace.export')
      .execute();
    expect(noted).toHaveLength(2);
    await expect(take(lines, (await there.user('adam', { role: 'admin' })).token)).rejects.toThrow(
      'FORBIDDEN',
    );
  });

  test('is imported with its moments, threads and reactions, beside what is there, and once', async () => {
    const messages = lines.filter((line) => line.startsWith('{"message"'));
    const report = await take(lines);
    expect(report.refused).toEqual([]);
    // Bob was there already.
    expect(report.added).toBeGreaterThan(messages.length);
    expect(messages).toHaveLength(3);

    const { items } = await read<{ items: Channel[] }>('/channels?limit=50');
    const lab = items.find(({ name }) => name === 'lab-2');
    expect(lab).toMatchObject({ topic: 'Work', kind: 'public' });
    const page = await read<{ items: Message[] }>(`/channels/${lab?.id}/messages`);
    const before: Message[] = messages.map((line) => JSON.parse(line).message);
    const [hello, last] = page.items.toSorted((a, b) => a.seq - b.seq);
    expect(page.items).toHaveLength(2);
    const was = before.find(({ content }) => content === 'hello @bob');
    const people = await read<{ items: User[] }>('/users?limit=50');
    const named = (id: string | null | undefined) => people.items.find((user) => user.id === id)?.handle;
    expect(hello).toMatchObject({ content: 'hello @bob', timestamp: was?.timestamp });
    expect([named(hello?.senderId), named(hello?.mentions.users[0])]).toEqual(['ann', 'bob']);
    expect(hello?.reactions.map(({ emoji, userIds }) => [emoji, userIds.map(named)])).toEqual([
      ['👍', ['bob']],
    ]);
    expect(last).toMatchObject({
      content: 'the last one',
      replyTo: hello?.id,
      causedBy: hello?.id,
      turnId: 'run 1',
      model: 'm1',
      streaming: 'cut',
    });
    expect(hello?.thread).toMatchObject({ replies: 1 } satisfies Partial<Thread>);
    const found = await read<{ items: unknown[] }>('/search?query=reply');
    expect(found.items).toHaveLength(1);
    // It is no news to anybody.
    const members = await there
      .tables()
      .selectFrom('members')
      .innerJoin('users', 'users.id', 'members.user_id')
      .select(['handle', 'last_read_seq', 'mentions'])
      .where('channel_id', '=', lab?.id ?? '')
      .execute();
    expect(members.map(({ handle }) => handle).toSorted()).toEqual(['ann', 'bob', 'olga']);
    const readings = await read<{ items: Reading[] }>('/unreads');
    expect(readings.items.find(({ channelId }) => channelId === lab?.id)).toMatchObject({
      unread: 0,
      mentions: 0,
    });

    const rows = async () =>
      (
        await there
          .tables()
          .selectFrom('messages')
          .select('id')
          .where('channel_id', '=', lab?.id ?? '')
          .execute()
      ).length;
    const count = await rows();
    expect(await take(lines)).toMatchObject({ added: 0, refused: [] });
    expect(await rows()).toBe(count);
    // Whoever came along has no more rights than a member, and cannot sign in yet.
    const { role, password } = await there
      .tables()
      .selectFrom('users')
      .select(['role', 'password'])
      .where('handle', '=', 'ann')
      .executeTakeFirstOrThrow();
    expect([role, password]).toEqual(['member', null]);
  });

  test('that was interrupted goes on, and has each message once', async () => {
    const other = lines.map((line) => line.replaceAll('"lab"', '"again"').replaceAll('hello', 'good day'));
    const takeAs = async (texts: readonly string[]): Promise<ImportReport> =>
      (
        await there.ask('POST', '/imports/again', {
          token: owner.token,
          body: Buffer.from(`${texts.join('\n')}\n`),
          headers: { 'content-type': 'application/octet-stream' },
        })
      ).json<ImportReport>();
    const at = other.findIndex((line) => line.startsWith('{"message"')) + 1;
    await takeAs(other.slice(0, at));
    const { added, known, refused } = await takeAs(other);
    expect(refused).toEqual([]);
    expect(known).toBeGreaterThanOrEqual(5);
    expect(added).toBe(2 + 2);
  });

  test('has its broken lines told by their numbers, and the rest is taken', async () => {
    const user = (id: string, handle: string) =>
      JSON.stringify({ user: { id, kind: 'person', handle, displayName: handle } });
    const message = (id: string, more: object) =>
      JSON.stringify({
        message: { id, channelId: 'c', senderId: 'u', content: id, timestamp: 1_600_000_000_000, ...more },
      });
    const report = await take([
      user('u', 'zoe'),
      '{"user": {"id": ',
      user('v', 'NOT A HANDLE'),
      JSON.stringify({ channel: { id: 'd', kind: 'direct' } }),
      JSON.stringify({ channel: { id: 'c', kind: 'private', name: 'broken' } }),
      message('1', {}),
      message('2', { senderId: 'nobody' }),
      message('3', { threadId: 'nowhere' }),
      message('4', { channelId: 'nowhere' }),
      message('5', { threadId: '1' }),
      message('1', {}),
      '[]',
      '{"something":"else"}',
    ]);
    expect(report.refused.map(({ line }) => line)).toEqual([2, 3, 4, 7, 8, 9, 12, 13]);
    expect(report).toMatchObject({ added: 4, known: 1 });
    const reasons = report.refused.map(({ reason }) => reason);
    expect(reasons).toEqual([
      'it is not JSON',
      expect.stringContaining('handle'),
      expect.stringContaining('between two or a few'),
      expect.stringContaining('nobody was not imported'),
      expect.stringContaining('nowhere'),
      expect.stringContaining('nowhere'),
      'it is not an object',
      expect.stringContaining('neither a user'),
    ]);
  });

  test('has what cannot be stored told, and it takes nothing down with it', async () => {
    const { tables, parley } = there.hub;
    await parley.database.query({
      text: `create function ${tables.schema}.refuse_poison() returns trigger language plpgsql as
        $$ begin if new.content = 'poison' then raise exception 'poison' using errcode = 'data_exception'; end if; return new; end $$`,
    });
    await parley.database.query({
      text: `create trigger refuse_poison before insert on ${tables.schema}.messages
        for each row execute function ${tables.schema}.refuse_poison()`,
    });
    const message = (id: string, more: object = {}) =>
      JSON.stringify({
        message: { id, channelId: 'e', senderId: 'w', content: id, timestamp: 1_600_000_000_000, ...more },
      });
    const crowd = Array.from({ length: 7 }, (_, nth) => ({
      emoji: `e${nth}`,
      userIds: Array.from({ length: 10_000 }, (_, i) => `u${nth}-${i}`),
    }));
    const report = await take([
      // A program is not the person who is called like it.
      JSON.stringify({ user: { id: 'w', kind: 'agent', handle: 'olga', displayName: 'Olga' } }),
      JSON.stringify({ channel: { id: 'e', kind: 'private', name: 'poisoned' } }),
      message('first', { timestamp: 4_100_000_000_000 }),
      message('poison'),
      message('nul', { turnId: 'a\0b' }),
      message('half', { model: '\ud800' }),
      message('reply', { threadId: 'first' }),
      message('of the reply', { threadId: 'reply' }),
      message('liked', { reactions: crowd }),
      // Of the channel of before.
      message('1'),
    ]);
    expect(report.refused).toEqual([
      { line: 4, reason: expect.stringContaining('refused a value') },
      { line: 5, reason: expect.stringContaining('NUL') },
      { line: 6, reason: expect.stringContaining('well-formed') },
      { line: 10, reason: expect.stringContaining('in another channel') },
    ]);
    const rows = await there
      .tables()
      .selectFrom('messages')
      .innerJoin('users', 'users.id', 'sender_id')
      .select(['content', 'at', 'handle', 'thread_id', 'messages.id as id'])
      .where('content', 'in', ['first', 'reply', 'of the reply', 'liked'])
      .orderBy('seq')
      .execute();
    const [first] = rows;
    expect(rows.map(({ content, handle, thread_id }) => [content, handle, thread_id])).toEqual([
      ['first', 'olga-2', null],
      ['reply', 'olga-2', first?.id],
      ['of the reply', 'olga-2', first?.id],
      ['liked', 'olga-2', null],
    ]);
    expect(Number(first?.at)).toBeLessThanOrEqual(Date.now());
  });
});
