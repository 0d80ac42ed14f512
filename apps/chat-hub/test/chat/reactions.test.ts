import { until } from '@parley/services';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import type { Messages } from '../../src/chat/chat.ts';
import { codeOf, databases, openWorld, type World } from '../support/world.ts';

describe.each(databases)('on %s', (kind) => {
  let world: World;
  let messages: Messages;
  let ann: Caller;
  let bob: Caller;
  let channel: string;
  let id: string;
  let seq: number;
  let count = 0;
  beforeAll(async () => {
    world = await openWorld(kind);
    ({ messages } = world.chat);
    ann = await world.user('ann');
    bob = await world.user('bob');
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  /** A message in a channel of both, which is known to the cache. */
  async function begin(): Promise<void> {
    const name = `room-${(count += 1)}`;
    channel = (await world.chat.channels.create(ann, { kind: 'private', name, members: [bob.userId] })).id;
    ({ id, seq } = await messages.send(ann, channel, { content: 'react' }));
  }
  const react = (who: Caller, emoji: string, present = true) => messages.react(who, id, emoji, present);
  const reactions = async () => (await messages.read(ann, id)).reactions;
  /** Done at a node that has just died: the cache was not told. */
  const unheard = (): Promise<unknown> =>
    world.rows
      .updateTable('channels')
      .set({ rev: sql`rev + 1` })
      .where('id', '=', channel)
      .execute();

  test('are sets: the same one twice is one, and told once', async () => {
    await begin();
    const done = await Promise.all([1, 2, 3].map(() => react(ann, 'tada')));
    expect(done.filter((one) => one.seq !== undefined)).toHaveLength(1);
    await react(bob, 'tada');
    await react(bob, 'eyes');
    await react(bob, 'eyes', false);
    expect((await react(bob, 'eyes', false)).seq).toBeUndefined();
    expect(await reactions()).toEqual([{ emoji: 'tada', userIds: [ann.userId, bob.userId] }]);
    const told = await world.chat.logs.read(channel, seq, 100);
    expect(told.map(({ type, actorId }) => [type, actorId])).toEqual([
      ['channel.reaction.add', ann.userId],
      ['channel.reaction.add', bob.userId],
      ['channel.reaction.add', bob.userId],
      ['channel.reaction.remove', bob.userId],
    ]);
    expect(told.map((one) => one.seq)).toEqual([1, 2, 3, 4].map((nth) => seq + nth));
    const heard = world.told.entries.filter((one) => one.channelId === channel && one.seq > seq);
    expect(heard.map(({ event }) => JSON.parse(event))).toEqual(told.map(({ event }) => JSON.parse(event)));
  });

  test('of one author on one message are bounded', async () => {
    await begin();
    for (let i = 0; i < 20; i += 1) await react(ann, `e${i}`);
    expect(await codeOf(react(ann, 'e20'))).toBe('LIMIT_REACHED');
    expect((await react(ann, 'e19')).seq).toBeUndefined();
    await react(ann, 'e0', false);
    await react(ann, 'e20');
    await react(bob, 'e20');
  });

  test('of many at once stand in the log with the messages among them, without a hole', async () => {
    await begin();
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        i % 3 === 0
          ? messages.send(bob, channel, { content: `m${i}` })
          : react(i % 2 ? ann : bob, `e${i % 10}`),
      ),
    );
    const told = await world.chat.logs.read(channel, seq, 100);
    expect(told.map((one) => one.seq)).toEqual(told.map((_, i) => seq + 1 + i));
    expect(told.filter(({ type }) => type === 'channel.message')).toHaveLength(20);
    const adds = told.filter(({ type }) => type === 'channel.reaction.add').map(({ event }) => event);
    expect(new Set(adds).size).toBe(adds.length);
  });

  test('are none to a message that is gone, and none of a stranger', async () => {
    await begin();
    const eve = await world.user(`eve-${count}`);
    expect(await codeOf(react(eve, 'x'))).toBe('NOT_FOUND');
    await messages.delete(ann, id);
    expect(await codeOf(react(bob, 'x'))).toBe('GONE');
  });

  describe('by what the channel is now, also where nobody heard that it changed', () => {
    test('somebody who was removed adds and takes back nothing', async () => {
      await begin();
      await react(bob, 'before');
      await world.rows.deleteFrom('members').where('user_id', '=', bob.userId).execute();
      await unheard();
      expect(await codeOf(react(bob, 'after'))).toBe('NOT_FOUND');
      expect(await codeOf(react(bob, 'before', false))).toBe('NOT_FOUND');
      expect(await reactions()).toEqual([{ emoji: 'before', userIds: [bob.userId] }]);
    });

    test('who only looks on does not react, and who no longer only looks on does', async () => {
      await begin();
      const become = async (role: 'observer' | 'member'): Promise<void> => {
        await world.rows.updateTable('members').set({ role }).where('user_id', '=', bob.userId).execute();
        await unheard();
      };
      await become('observer');
      expect(await codeOf(react(bob, 'x'))).toBe('FORBIDDEN');
      await become('member');
      await react(bob, 'x');
      expect(await reactions()).toEqual([{ emoji: 'x', userIds: [bob.userId] }]);
    });

    test('nobody reacts in an archived one', async () => {
      await begin();
      await world.rows
        .updateTable('channels')
        .set({ archived_at: Date.now() })
        .where('id', '=', channel)
        .execute();
      await unheard();
      expect(await codeOf(react(bob, 'x'))).toBe('ARCHIVED');
    });

    test('nobody in a time-out, and again when it is over', async () => {
      await begin();
      const until = (timeout_until: number | null): Promise<unknown> =>
        world.rows.updateTable('users').set({ timeout_until }).where('id', '=', bob.userId).execute();
      await until(Date.now() + 600_000);
      expect(await codeOf(react(bob, 'x'))).toBe('FORBIDDEN');
      await until(null);
      await react(bob, 'x');
    });

    test('nobody who is muted, and again when it is over', async () => {
      await begin();
      await world.chat.channels.mute(ann, channel, bob.userId, { seconds: 600 });
      expect(await codeOf(react(bob, 'x'))).toBe('FORBIDDEN');
      await world.rows.updateTable('mutes').set({ until: 1 }).where('user_id', '=', bob.userId).execute();
      await react(bob, 'x');
    });
  });

  // Embedded there is one connection: nobody else holds anything.
  if (kind === 'embedded') return;
  test('that whoever asked for gave up meanwhile are told when they are there', async () => {
    await begin();
    const { schema } = world.parley.tables('hub', new URL('../../sql/', import.meta.url));
    const giveUp = new AbortController();
    const reacting = await world.rows.transaction().execute(async (rows) => {
      await rows.selectFrom('channels').select('id').where('id', '=', channel).forUpdate().execute();
      const call = codeOf(messages.react(bob, id, 'late', true, { signal: giveUp.signal }));
      const waits = async (): Promise<boolean> => {
        const { rows: waiting } = await world.parley.database.query({
          text: `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%${schema}.react(%'`,
        });
        return waiting.length > 0;
      };
      await until(waits, { what: 'the channel is waited for' });
      giveUp.abort();
      return { call };
    });
    await reacting.call;
    const isTold = () => world.told.typesOf(channel).at(-1) === 'channel.reaction.add';
    await until(isTold, { what: 'it is told' });
    expect(await reactions()).toEqual([{ emoji: 'late', userIds: [bob.userId] }]);
  });
});
