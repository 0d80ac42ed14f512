import assert from 'node:assert/strict';
import {
  longMs,
  membersOf,
  Party,
  remove,
  set,
  toldOf,
  unique,
  viewOf,
  type PresenceHarness,
} from './harness.ts';
import type { Law } from './law.ts';

const hostile = [
  'plain',
  'with:colons/and slashes',
  'glob*[a-z]?',
  'like%_\\',
  '{braces}',
  '}{',
  '__proto__',
  '"\'`',
  'ünï-漢字-🜁',
];
const confusable = [
  ...new Set(
    hostile.flatMap((name) => [name, name.toUpperCase(), `${name} `, Array.from(name).slice(0, -1).join('')]),
  ),
];

export const callLaws: readonly Law<PresenceHarness>[] = [
  {
    name: 'names mean nothing',
    async verify({ store, other }) {
      const one = await Party.open(store);
      const channel = unique('c');
      const places = confusable.map((name) => `${channel}${name}`);
      await one.change(...places.map((place) => set(place, 'ann', 't', { value: `<${place}>` })));
      await one.change(...confusable.map((name) => set(channel, name, 't', { value: name })));
      await one.change(...confusable.map((name) => set(channel, 'many', name)));
      for (const place of places) assert.deepEqual(await membersOf(other, place), [`ann 1 <${place}>`]);
      const { members = [], entries, users } = await viewOf(other, channel);
      assert.deepEqual([users, entries], [confusable.length + 1, confusable.length * 2]);
      for (const { user, value } of members) assert.equal(user === 'many' ? '' : user, value);
      await one.change(remove(channel, 'many', 'plain'));
      assert.equal((await viewOf(other, channel)).entries, confusable.length * 2 - 1);
    },
  },
  {
    name: 'values may be any well-formed text without NUL',
    async verify({ store, other }) {
      const channel = unique('c');
      const one = await Party.open(store);
      const long = 'y'.repeat(Math.min(60_000, store.capabilities.maxValueBytes));
      const values = ['', ' ', '\u0001\u0002\t\r\n\\u0000', 'ü漢🜁\u{10ffff}', `'";--$1 %s {}[]`, '7', long];
      const changed = await one.change(...values.map((value, i) => set(channel, `u${i}`, 't', { value })));
      assert.deepEqual(
        changed.appended[0]?.diffs.map(({ value }) => value),
        values,
      );
      const { epoch, members = [] } = await viewOf(other, channel);
      const byUser = new Map(members.map(({ user, value }) => [user, value]));
      assert.deepEqual(
        values.map((_, i) => byUser.get(`u${i}`)),
        values,
      );
      const { diffs } = await viewOf(other, channel, { epoch, offset: 0 });
      assert.deepEqual(
        diffs?.map(({ value }) => value),
        values,
      );
    },
  },
  {
    name: 'one call changes and reads as much as the store allows, and answers in order',
    async verify({ store }) {
      const count = Math.min(500, store.capabilities.maxBatch);
      const prefix = unique('c');
      const names = Array.from({ length: count }, (_, i) => `${prefix}:${i % 100}`);
      const one = await Party.open(store);
      await one.change(set(`${prefix}:0`, 'u0', 't'));
      const { outcomes } = await one.change(
        ...names.map((name, i) => set(name, `u${i}`, 't', { idleMs: longMs })),
      );
      assert.deepEqual(
        outcomes,
        names.map((_, i) => (i === 0 ? 'same' : 'done')),
      );
      const channels = Array.from({ length: 100 }, (_, i) => `${prefix}:${99 - i}`);
      const views = await store.read(channels.map((channel) => ({ channel, limit: 10 })));
      assert.deepEqual(
        views.map(({ members }) => members?.some(({ user }) => user === 'u42')),
        channels.map((channel) => channel === `${prefix}:42`),
      );
      assert.deepEqual([await store.read([]), (await one.change()).outcomes], [[], []]);
    },
  },
  {
    name: 'of two who change one channel at once each is told, and nobody else',
    async verify({ store, other }) {
      const channel = unique('c');
      const all: Party[] = [];
      // Batches of one lease may overtake each other in a pool, and then come late.
      for (let i = 0; i < 40; i++) all.push(await Party.open(i % 2 === 0 ? store : other));
      const joins = await Promise.all(
        all.map((each, i) => each.change(set(channel, 'ann', `t${i}`), set(channel, `u${i}`, 't'))),
      );
      const diffs = joins.flatMap(({ appended }) => appended.flatMap((each) => each.diffs));
      const offsets = diffs.map(({ offset }) => offset).toSorted((a, b) => a - b);
      assert.deepEqual(
        offsets,
        Array.from({ length: 41 }, (_, i) => i + 1),
      );
      assert.equal(diffs.filter(({ user }) => user === 'ann').length, 1);
      const leaves = await Promise.all(all.map((each, i) => each.change(remove(channel, 'ann', `t${i}`))));
      assert.deepEqual(
        leaves.flatMap((left) => toldOf(left, channel)),
        ['leave ann'],
      );
      const { users, entries } = await viewOf(store, channel);
      assert.deepEqual([users, entries], [40, 40]);
    },
  },
];
