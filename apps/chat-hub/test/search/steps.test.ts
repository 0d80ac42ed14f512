import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import type { Chat } from '../../src/chat/chat.ts';
import type { SearchOptions } from '../../src/search/search.ts';
import { as, codeOf, openWorld, type World } from '../support/world.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const count = 180;
const firstAt = 1_600_000_000_000;

/** The n-th message: words of other frequencies, some of them long ago, three at one moment, in three channels. */
const contentOf = (n: number): string =>
  [
    'all',
    n % 2 === 0 ? 'even twin' : 'twin odd',
    n % 30 === 0 ? 'seldom' : '',
    n < 60 ? 'earlier' : '',
    n % 7 === 0 ? 'odd twin' : '',
  ]
    .join(' ')
    .trim();
const atOf = (n: number): number => firstAt + Math.floor(n / 3);

const terms = [
  'all',
  '"even twin"',
  '"twin odd"',
  '"odd twin"',
  'seldom',
  'ear*',
  'earlier',
  'never',
  'even',
];
const dayOf = (n: number): string => new Date(atOf(n)).toISOString();

/** What a part of a search asks of the n-th message. */
function fits(part: string, n: number): boolean {
  if (part.startsWith('before:')) return atOf(n) < Date.parse(part.slice(7));
  if (part.startsWith('after:')) return atOf(n) >= Date.parse(part.slice(6));
  if (part.startsWith('in:')) return `in:${names[n % 3]}` === part;
  const words = ` ${contentOf(n).replaceAll(/ +/g, ' ')} `;
  return words.includes(part.endsWith('*') ? ` ${part.slice(0, -1)}` : ` ${part.replaceAll('"', '')} `);
}

const names = ['steps-open', 'steps-closed', 'steps-other'];

describe('a search in small steps', () => {
  let world: World;
  let [ann, bob]: Caller[] = [];
  const chatOf = (search: SearchOptions): Chat => world.another(undefined, undefined, search).chat;

  beforeAll(async () => {
    world = await openWorld('postgres');
    ann = await world.user('ann', { role: 'admin' });
    bob = await world.user('bob');
    const { db, schema } = world.parley.tables('hub', new URL('../../sql/', import.meta.url));
    for (const [nth, name] of names.entries()) {
      const type = nth === 0 ? 'public' : 'private';
      const { id } = await world.chat.channels.create(as(ann), { kind: type, name, members: [] });
      const rows = Array.from({ length: count }, (_, n) => n)
        .filter((n) => n % 3 === nth)
        .map((n) => ({ n, content: contentOf(n), at: atOf(n) }));
      await db.query(
        {
          text: `insert into ${schema}.messages (channel_id, seq, id, kind, sender_id, content, at)
            select $1::uuid, 100 + n, ('01900000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 'message', $2::uuid, content, at
            from jsonb_to_recordset($3::jsonb) as r (n int, content text, at bigint)`,
        },
        [id, as(ann).userId, JSON.stringify(rows)],
      );
    }
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('finds the same as one that looks at everything, however far it goes at a time', async () => {
    const part = fc.oneof(
      fc.constantFrom(...terms, ...terms, ...names.slice(0, 2).map((name) => `in:${name}`)),
      fc.nat(count).map((n) => `before:${dayOf(n)}`),
      fc.nat(count).map((n) => `after:${dayOf(n)}`),
    );
    const parts = fc.uniqueArray(part, {
      minLength: 1,
      maxLength: 3,
      selector: (one) => /^\w+:/.exec(one)?.[0] ?? one,
    });
    const stride = fc.integer({ min: 4, max: 60 });
    const ways = fc.record({
      strides: fc.record({ near: stride, far: stride, indexed: stride }),
      // One step for each page, or as many as it takes.
      lookMs: fc.constantFrom(0, 60_000),
    });
    await fc.assert(
      fc.asyncProperty(parts, ways, fc.integer({ min: 3, max: 30 }), async (query, options, limit) => {
        const { search } = chatOf(options);
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = await search(as(ann), { query: query.join(' '), after, limit });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          found.push(...page.items.map(({ message }) => message.id));
          after = page.end;
        } while (after !== undefined);
        const expected = Array.from({ length: count }, (_, n) => count - 1 - n)
          .filter((n) => query.every((one) => fits(one, n)))
          .map((n) => `01900000-0000-7000-a000-${n.toString(16).padStart(12, '0')}`);
        expect(found).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test('sees at each step what may be read then', async () => {
    const { search } = chatOf({ strides: { near: 10, far: 10, indexed: 1 }, lookMs: 0 });
    const { channels } = world.chat;
    const all = await channels.list(as(ann), {});
    const id = all.find(({ name }) => name === 'steps-closed')?.id ?? '';
    await channels.putMember(as(ann), id, as(bob).userId, undefined);
    const isClosed = ({ message }: { message: { channelId: string } }): boolean => message.channelId === id;
    const first = await search(as(bob), { query: 'all', limit: 50 });
    expect(first.items.some(isClosed)).toBe(true);
    await channels.kick(as(ann), id, as(bob).userId);
    const second = await search(as(bob), { query: 'all', limit: 50, after: first.end });
    expect([second.items.length > 0, second.items.some(isClosed)]).toEqual([true, false]);
  });

  test('takes at most half of the connections, each for a bounded time', async () => {
    const { db, schema } = world.parley.tables('hub', new URL('../../sql/', import.meta.url));
    const people = [as(ann), as(bob), await world.user('cy'), await world.user('dan')];
    const all = ({ search }: Chat): Promise<unknown[]> =>
      Promise.all(people.map((who) => codeOf(search(who, { query: 'seldom', limit: 5 }))));
    let searching: Promise<unknown[]> | undefined;
    await db.transaction(async (session) => {
      await session.query({ text: `lock table ${schema}.messages in access exclusive mode` });
      // As long as the database gives any statement.
      expect(new Set(await all(chatOf({})))).toEqual(new Set(['TIMEOUT']));
      searching = all(chatOf({}));
      // The first ones wait for the table.
      await vi.waitFor(
        async () => {
          const { rows } = await session.query({
            text: `select count(*) from pg_locks where not granted and relation = '${schema}.messages'::regclass`,
          });
          expect(rows).toEqual([['2']]);
        },
        { timeout: 20_000, interval: 10 },
      );
      const { rows } = await db.query({ text: 'select 1' });
      expect(rows).toEqual([['1']]);
    });
    expect(new Set(await searching)).toEqual(new Set(['no error']));
  });
});
