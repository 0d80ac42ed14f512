import type { Channel, Message } from '@parley/hub-protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { hubDatabases, openTestHub, outcomeOf, type TestHub, type TestUser } from '../support/hub.ts';

const dayMs = 86_400_000;

describe.each(hubDatabases)('on %s, messages', { timeout: 60_000 }, (kind) => {
  let world: TestHub;
  let ann: TestUser;
  let bob: TestUser;
  let ids: string[];

  const channel = async (name: string): Promise<string> => {
    const body = { kind: 'public', name, members: [bob.id] };
    return (await world.ask('POST', '/channels', { token: ann.token, body })).json<Channel>().id;
  };
  const say = async (id: string, content: string, daysAgo: number, more: object = {}): Promise<string> => {
    const body = { clientId: newId(), content, ...more };
    const response = await world.ask('POST', `/channels/${id}/messages`, { token: bob.token, body });
    const { message } = response.json<{ message: Message }>();
    await world
      .tables()
      .updateTable('messages')
      .set({ at: Date.now() - daysAgo * dayMs })
      .where('id', '=', message.id)
      .execute();
    return message.id;
  };
  /** Those that are not deleted. */
  const texts = async (id: string): Promise<string[]> => {
    const page = await world.ask('GET', `/channels/${id}/messages`, { token: ann.token });
    return page
      .json<{ items: Message[] }>()
      .items.flatMap(({ content, deletedAt }) => (deletedAt === null ? [content] : []));
  };
  const rule = (id: string, days: number | null, token = ann.token) =>
    world.ask('PUT', `/channels/${id}/retention`, { token, body: { days } });

  beforeAll(async () => {
    world = await openTestHub(kind, { env: { HUB_RETENTION: '30' } });
    ann = await world.user('ann', { role: 'admin' });
    bob = await world.user('bob');
    ids = [await channel('short'), await channel('usual'), await channel('ever')];
    for (const id of ids) {
      const root = await say(id, 'very old', 100);
      await say(id, 'reply', 90, { threadId: root });
      await say(id, 'old', 10);
      await say(id, 'new', 0);
    }
  }, 120_000);
  afterAll(() => world[Symbol.asyncDispose]());

  test('have a rule that administrators set and read, and that is noted', async () => {
    const [short = '', usual = '', ever = ''] = ids;
    expect(outcomeOf(await rule(short, 1, bob.token))).toBe('FORBIDDEN');
    expect((await rule(short, 7)).json()).toEqual({ days: 7, inForce: 7 });
    expect((await rule(ever, 0)).json()).toEqual({ days: 0, inForce: 0 });
    const read = await world.ask('GET', `/channels/${usual}/retention`, { token: ann.token });
    expect(read.json()).toEqual({ days: null, inForce: 30 });
    for (const days of [-1, 36_501, 1.5]) expect(outcomeOf(await rule(short, days))).toBe('INVALID');
    const noted = await world
      .tables()
      .selectFrom('audit')
      .select('details')
      .where('action', '=', 'retention.set')
      .execute();
    expect(noted).toHaveLength(2);
  });

  test('that are too old are deleted by one node at a time, with their words, and the others are kept', async () => {
    const [short = '', usual = '', ever = ''] = ids;
    const secret = await say(short, 'never shown', 50);
    await world.ask('PATCH', `/channels/${short}/messages/${secret}`, {
      token: bob.token,
      body: { content: 'edited' },
    });
    await world.ask('DELETE', `/channels/${short}/messages/${secret}`, { token: bob.token });
    const before = await world.ask('GET', '/unreads', { token: ann.token });
    const unreadOf = (response: typeof before, id: string) =>
      response
        .json<{ items: { channelId: string; unread: number }[] }>()
        .items.find(({ channelId }) => channelId === id)?.unread;
    expect(unreadOf(before, short)).toBe(3);

    const both = await Promise.all([world.hub.retention.apply(), world.hub.retention.apply()]);
    const rest = await world.hub.retention.apply();
    expect([Math.max(...both) > 0, both.reduce((sum, one) => sum + one, rest)]).toEqual([true, 3 + 2]);
    expect(await texts(short)).toEqual(['new']);
    expect(await texts(usual)).toEqual(['old', 'new']);
    expect(await texts(ever)).toEqual(['very old', 'old', 'new']);
    expect(unreadOf(await world.ask('GET', '/unreads', { token: ann.token }), short)).toBe(1);
    const kept = await world
      .tables()
      .selectFrom('messages')
      .select('content')
      .where('channel_id', '=', short)
      .execute();
    expect(kept.map(({ content }) => content).toSorted()).toEqual(['', '', '', 'edited', 'new']);

    // Those who were told of the messages before see them go.
    const log = await world.ask('GET', `/channels/${short}/log?after=0`, { token: ann.token });
    expect(log.body).not.toContain('very old');
    const noted = await world
      .tables()
      .selectFrom('audit')
      .select(['channel_id', 'actor_id', 'details'])
      .where('action', '=', 'retention.apply')
      .execute();
    expect(new Set(noted.map(({ channel_id }) => channel_id))).toEqual(new Set([short, usual]));
    expect(noted[0]).toMatchObject({ actor_id: null });
    expect(await world.hub.retention.apply()).toBe(0);
  });

  test('go from the search, and their files with them, and what is wrong with one channel keeps nothing in the others', async () => {
    const { tables, parley } = world.hub;
    const [broken, sound] = [await channel('broken'), await channel('sound')];
    const gone = await say(sound, 'plaiced somewhere', 40);
    await say(broken, 'plaiced elsewhere', 41);
    const fileId = newId();
    await world
      .tables()
      .insertInto('files')
      .values({
        id: fileId,
        channel_id: sound,
        user_id: bob.id,
        client_id: 'a',
        name: 'plan.pdf',
        size: 1,
        state: 'ready',
        created_at: Date.now(),
      })
      .execute();
    await world
      .tables()
      .insertInto('attachments')
      .values({ message_id: gone, nth: 0, file_id: fileId })
      .execute();
    const run = (text: string) =>
      parley.database.query({ text: text.replaceAll('hub.', `${tables.schema}.`) });
    await run(`create function hub.refuse() returns trigger language plpgsql as
      $$ begin if old.channel_id = '${broken}' then raise exception 'broken'; end if; return new; end $$`);
    await run(
      `create trigger refuse before update on hub.messages for each row execute function hub.refuse()`,
    );

    const found = async () =>
      (await world.ask('GET', '/search?query=plaiced', { token: ann.token })).json<{ items: unknown[] }>()
        .items.length;
    expect(await found()).toBe(2);
    expect(await world.hub.retention.apply()).toBe(1);
    expect([await texts(sound), await texts(broken)]).toEqual([[], ['plaiced elsewhere']]);
    expect(await found()).toBe(1);
    const file = await world
      .tables()
      .selectFrom('files')
      .select('kept_until')
      .where('id', '=', fileId)
      .executeTakeFirstOrThrow();
    expect(Number(file.kept_until)).toBeGreaterThan(0);

    await run('drop trigger refuse on hub.messages');
    expect(await world.hub.retention.apply()).toBe(1);
    expect(await found()).toBe(0);
  });
});
