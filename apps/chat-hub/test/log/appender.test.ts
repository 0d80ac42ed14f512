import { systemClock, virtualClock } from '@parley/cache-core/kernel';
import type { Database } from '@parley/runtime';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { newId } from '../../src/database/ids.ts';
import { Appender } from '../../src/log/appender.ts';
import { Turns } from '../../src/log/turns.ts';
import type { NewMessage } from '../../src/log/new-message.ts';
import { as, databases, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const sql = new URL('../../sql/', import.meta.url);

/** Whatever was to go at once has gone. */
async function settledTurns(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise(setImmediate);
}

describe.each(databases)('what waits for several channels, on %s', (kind) => {
  let world: World;
  let [ann, bob]: Caller[] = [];
  let names = 0;

  beforeAll(async () => {
    world = await openWorld(kind);
    ann = await world.user('ann', { role: 'admin' });
    bob = await world.user('bob');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const rooms = (count: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const draft = { kind: 'private', name: `room-${(names += 1)}`, members: [as(bob).userId] } as const;
        return (await world.chat.channels.create(as(ann), draft)).id;
      }),
    );

  /** A node that only adds, and what it asks the database. */
  const node = ({ atOnce = 1, everyMs = 0, clock = systemClock } = {}) => {
    const tables = world.parley.tables('hub', sql);
    const asked: string[] = [];
    const failed: unknown[] = [];
    const told: string[] = [];
    const db: Pick<Database, 'query'> = {
      async query(statement, ...rest) {
        asked.push(statement.text.includes('append_many') ? 'many' : 'one');
        try {
          return await tables.db.query(statement, ...rest);
        } catch (error) {
          failed.push(error);
          throw error;
        }
      },
    };
    const turns = new Turns({ clock, connections: 2 });
    const appender = new Appender({
      turns,
      db,
      statement: tables.statement('log_append'),
      fullStatement: tables.statement('log_append_full'),
      manyStatement: tables.statement('log_append_many'),
      atOnce,
      everyMs,
      clock,
      onAdded: async (channelId, added) =>
        void told.push(...added.map(({ placed }) => `${channelId} ${placed.seq}`)),
    });
    return { asked, failed, told, turns, append: appender.append.bind(appender) };
  };

  const message = (channelId: string, given: Partial<NewMessage> = {}): NewMessage => ({
    id: newId(),
    channelId,
    kind: 'message',
    senderId: as(ann).userId,
    clientId: undefined,
    content: 'a word',
    threadId: undefined,
    replyTo: undefined,
    mentions: { users: [], roles: [], here: false },
    mentioned: [],
    turnId: undefined,
    causedBy: undefined,
    streaming: 'none',
    model: undefined,
    data: undefined,
    files: [],
    ...given,
  });

  const channelOf = (id: string) =>
    world.rows
      .selectFrom('channels')
      .select(['rev', 'last_seq', 'message_count'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
      .then((row) => ({
        rev: Number(row.rev),
        head: Number(row.last_seq),
        messages: Number(row.message_count),
      }));

  test('is committed together, and counted in each by itself', async () => {
    const ids = await rooms(6);
    const before = await Promise.all(ids.map(channelOf));
    const { append, asked, told } = node();
    const to = (i: number, given?: Partial<NewMessage>) =>
      append(message(ids[i] ?? '', given), before[i]?.rev ?? 0);
    const placed = await Promise.all([
      ...ids.flatMap((_, i) => [to(i), to(i, { mentioned: [as(bob).userId] })]),
      to(0, { kind: 'thought' }),
    ]);
    expect(asked).toEqual(['many']);
    expect(placed).toMatchObject([
      ...ids.flatMap((channelId, i) => {
        const head = before[i]?.head ?? 0;
        return [
          { channelId, seq: head + 1, again: false },
          { channelId, seq: head + 2, again: false },
        ];
      }),
      { channelId: ids[0], seq: (before[0]?.head ?? 0) + 3 },
    ]);
    for (const [i, id] of ids.entries()) {
      const { head, messages } = before[i] ?? { head: 0, messages: 0 };
      const entries = i === 0 ? 3 : 2;
      expect(await channelOf(id)).toMatchObject({ head: head + entries, messages: messages + 2 });
      const ofIt = told.filter((one) => one.startsWith(id));
      expect(ofIt).toEqual(Array.from({ length: entries }, (_, n) => `${id} ${head + 1 + n}`));
      const counts = world.rows.selectFrom('members').select(['skipped', 'mentions']);
      const row = await counts
        .where('channel_id', '=', id)
        .where('user_id', '=', as(bob).userId)
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ skipped: '0', mentions: '1' });
    }
  });

  test('is added to all others when one of them is refused by the database, has moved on, or is not there', async () => {
    const [good = '', bad = '', moved = '', also = ''] = await rooms(4);
    const { append, failed } = node();
    const revs = await Promise.all([good, bad, moved, also].map(async (id) => (await channelOf(id)).rev));
    const [ofGood = 0, ofBad = 0, ofMoved = 0, ofAlso = 0] = revs;
    const outcomes = await Promise.allSettled([
      append(message(good), ofGood),
      append(message(bad, { senderId: 'nobody' }), ofBad),
      append(message(moved), ofMoved - 1),
      append(message(newId()), 1),
      append(message(also), ofAlso),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { channelId: good } },
      { status: 'rejected', reason: { code: 'STORE_FAULT' } },
      { status: 'fulfilled', value: undefined },
      { status: 'fulfilled', value: undefined },
      { status: 'fulfilled', value: { channelId: also } },
    ]);
    // Together, and then the one alone.
    expect(failed).toHaveLength(2);
  });

  test('is there once, however often it is sent and to whichever channel', async () => {
    const [first = '', second = ''] = await rooms(2);
    const revs = await Promise.all([first, second].map(async (id) => (await channelOf(id)).rev));
    const { append, asked } = node();
    const clientId = 'the same';
    const send = (id: string) => append(message(id, { clientId }), revs[id === first ? 0 : 1] ?? 0);
    const placed = await Promise.all([send(first), send(second), send(first), send(second)]);
    const later = await Promise.all([send(second), send(first)]);
    const { id, seq } = Object(placed[0]);
    for (const one of [...placed, ...later]) expect(one).toMatchObject({ id, seq, channelId: first });
    const ofIt = world.rows.selectFrom('messages').select('id').where('client_id', '=', clientId);
    expect(await ofIt.execute()).toEqual([{ id }]);
    expect(asked.every((statement) => statement === 'many')).toBe(true);
  });

  test('takes numbers without a hole while two nodes add to the same channels in opposite orders, and none fails', async () => {
    const ids = await rooms(12);
    const before = await Promise.all(ids.map(channelOf));
    const nodes = [node({ atOnce: 2 }), node({ atOnce: 2 })];
    const rounds = 10;
    const sent = await Promise.all(
      nodes.map(async ({ append }, n) => {
        const order = [...ids.keys()];
        if (n === 1) order.reverse();
        const replies = [];
        for (let round = 0; round < rounds; round += 1)
          replies.push(
            ...(await Promise.all(order.map((i) => append(message(ids[i] ?? ''), before[i]?.rev ?? 0)))),
          );
        return replies;
      }),
    );
    const seqs = new Map<string, number[]>();
    for (const reply of sent.flat()) {
      const { channelId, seq } = Object(reply);
      seqs.set(channelId, [...(seqs.get(channelId) ?? []), seq]);
    }
    for (const [i, id] of ids.entries()) {
      const head = before[i]?.head ?? 0;
      const expected = Array.from({ length: 2 * rounds }, (_, n) => head + 1 + n);
      expect(seqs.get(id)?.toSorted((a, b) => a - b)).toEqual(expected);
    }
    expect(nodes.flatMap(({ failed }) => failed)).toEqual([]);
  });

  test('goes at once after a rest, and what comes soon after goes together', async () => {
    const ids = await rooms(3);
    const revs = await Promise.all(ids.map(async (id) => (await channelOf(id)).rev));
    const clock = virtualClock();
    const { append, asked } = node({ atOnce: 2, everyMs: 4, clock });
    const add = (nth: number) => append(message(ids[nth] ?? ''), revs[nth] ?? 0);
    await add(0);
    const soon = [add(1), add(2)];
    await clock.advance(3);
    await settledTurns();
    expect(asked).toEqual(['many']);
    await clock.advance(1);
    await Promise.all(soon);
    expect(asked).toEqual(['many', 'many']);
    await clock.advance(4);
    await add(0);
    expect(asked).toHaveLength(3);
  });

  test('waits here for a change of its channel on the same node, and not in the database', async () => {
    const [changed = '', other = ''] = await rooms(2);
    const revs = await Promise.all([changed, other].map(async (id) => (await channelOf(id)).rev));
    // A turn lasts a tenth of a second, which is not to be over before all is asked.
    const { append, asked, turns } = node({ clock: virtualClock() });
    const { promise, resolve } = Promise.withResolvers<void>();
    const change = turns.change(changed, () => promise);
    const waits = append(message(changed), revs[0] ?? 0);
    expect(await append(message(other), revs[1] ?? 0)).toMatchObject({ channelId: other });
    expect(asked).toEqual(['many']);
    resolve();
    await change;
    expect(await waits).toMatchObject({ channelId: changed });
    expect(asked).toEqual(['many', 'many']);
  });

  test('takes turns with whatever changes its channel', async () => {
    const [id = ''] = await rooms(1);
    const { messages, channels } = world.chat;
    const { id: liked } = await messages.send(as(ann), id, { content: 'like it', clientId: newId() });
    const change = vi.spyOn(Turns.prototype, 'change');
    await messages.react(as(bob), liked, '👍', true);
    await messages.edit(as(ann), liked, 'like it more');
    await channels.update(as(ann), id, { topic: 'what is liked' });
    expect(change.mock.calls.map(([channelId]) => channelId)).toEqual([id, id, id]);
    change.mockRestore();
  });

  // Embedded there is one connection: nobody else holds anything.
  if (kind === 'embedded') return;
  test('waits for a channel that somebody holds only where it is for that channel, and holds no other meanwhile', async () => {
    const [before = '', held = '', behind = ''] = (await rooms(3)).toSorted();
    const revs = await Promise.all([before, held, behind].map(async (id) => (await channelOf(id)).rev));
    const [ofBefore = 0, ofHeld = 0, ofBehind = 0] = revs;
    const { append } = node();
    let isThere = false;
    const waiting = await world.rows.transaction().execute(async (rows) => {
      const hold = (ids: readonly string[]) =>
        rows.selectFrom('channels').select('id').where('id', 'in', ids).forUpdate().execute();
      await hold([held]);
      const one = append(message(held), ofHeld);
      void one.then(() => (isThere = true));
      const others = [append(message(before), ofBefore), append(message(behind), ofBehind)];
      expect(await Promise.all(others)).toMatchObject([{ channelId: before }, { channelId: behind }]);
      // Who holds one and waits for another would wait for this one, which waits for them.
      await hold([before, behind]);
      expect(isThere).toBe(false);
      return [one];
    });
    expect(await Promise.all(waiting)).toMatchObject([{ channelId: held }]);
  });
});
