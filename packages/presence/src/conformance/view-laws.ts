import assert from 'node:assert/strict';
import {
  membersOf,
  Party,
  remove,
  set,
  told,
  toldOf,
  unique,
  viewOf,
  type PresenceHarness,
} from './harness.ts';
import type { Law } from './law.ts';

export const viewLaws: readonly Law<PresenceHarness>[] = [
  {
    name: 'the first entry of a user is a join, and the last one to go a leave',
    async verify({ store, other }) {
      const channel = unique('c');
      const [one, two] = [await Party.open(store), await Party.open(other)];
      const joined = await one.change(set(channel, 'ann', 'tab 1', { rank: 2, value: 'here' }));
      assert.deepEqual([joined.outcomes, toldOf(joined, channel)], [['done'], ['join ann 2 here']]);
      const second = await two.change(set(channel, 'ann', 'tab 2', { rank: 1 }));
      assert.deepEqual([second.outcomes, toldOf(second, channel)], [['done'], []]);
      const view = await viewOf(store, channel);
      assert.deepEqual([view.users, view.entries, view.top], [1, 2, 1]);
      const first = await two.change(remove(channel, 'ann', 'tab 2'));
      assert.deepEqual([first.outcomes, toldOf(first, channel)], [['done'], []]);
      const left = await one.change(remove(channel, 'ann', 'tab 1'));
      assert.deepEqual([left.outcomes, toldOf(left, channel)], [['done'], ['leave ann']]);
      const after = await viewOf(other, channel);
      assert.deepEqual([after.users, after.entries, after.top, after.members], [0, 0, 2, []]);
    },
  },
  {
    name: 'what is done again makes no difference',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 'tab'));
      const again = await one.change(set(channel, 'ann', 'tab'), remove(channel, 'ann', 'none'));
      assert.deepEqual([again.outcomes, again.appended], [['same', 'same'], []]);
      await one.change(remove(channel, 'ann', 'tab'));
      const gone = await one.change(remove(channel, 'ann', 'tab'), remove(unique('c'), 'bob', 'tab'));
      assert.deepEqual([gone.outcomes, gone.appended], [['same', 'same'], []]);
      const view = await viewOf(store, channel);
      assert.deepEqual([view.users, view.entries, view.top], [0, 0, 2]);
    },
  },
  {
    name: 'of a user the entry of the highest rank is told, and of one rank the one that was set last',
    async verify({ store, other }) {
      const channel = unique('c');
      const [one, two] = [await Party.open(store), await Party.open(other)];
      await one.change(set(channel, 'ann', 'b', { rank: 1, value: 'low' }));
      const steps = [
        await two.change(set(channel, 'ann', 'a', { rank: 2, value: 'high' })),
        await one.change(set(channel, 'ann', 'b', { rank: 2, value: 'later' })),
        await two.change(set(channel, 'ann', 'a', { rank: 2, value: 'last' })),
        // Set as it was, it keeps its place.
        await one.change(set(channel, 'ann', 'b', { rank: 2, value: 'later' })),
        await one.change(set(channel, 'ann', 'c', { rank: 0, value: 'lowest' })),
        await two.change(remove(channel, 'ann', 'a')),
        await one.change(set(channel, 'ann', 'b', { rank: 0, value: 'high' })),
        await one.change(set(channel, 'ann', 'd', { rank: 0, value: 'high' })),
      ];
      assert.deepEqual(
        steps.map((step) => toldOf(step, channel)),
        [
          ['update ann 2 high'],
          ['update ann 2 later'],
          ['update ann 2 last'],
          [],
          [],
          ['update ann 2 later'],
          ['update ann 0 high'],
          [],
        ],
      );
      assert.deepEqual(await membersOf(store, channel), ['ann 0 high']);
    },
  },
  {
    name: 'offsets count from 1 without holes, each channel for itself, and all that was told can be read',
    async verify({ store, other }) {
      const [here, there] = [unique('c'), unique('c')];
      const one = await Party.open(store);
      const first = await one.change(set(here, 'ann', 't'), set(there, 'ann', 't'), set(here, 'bob', 't'));
      const second = await one.change(set(here, 'ann', 't', { value: 'x' }), remove(here, 'bob', 't'));
      const diffs = [...first.appended, ...second.appended].filter(({ channel }) => channel === here);
      const all = diffs.flatMap((one) => one.diffs);
      assert.deepEqual(
        all.map((diff) => [diff.offset, told(diff)]),
        [
          [1, 'join ann 1'],
          [2, 'join bob 1'],
          [3, 'update ann 1 x'],
          [4, 'leave bob'],
        ],
      );
      const { epoch, top, at } = await viewOf(other, here);
      assert.deepEqual([epoch, top, at], [diffs[0]?.epoch, 4, all.at(-1)?.at]);
      const read = await viewOf(other, here, { epoch, offset: 1 });
      assert.deepEqual(
        read.diffs?.map(({ offset, at }) => [offset, at]),
        all.slice(1).map(({ offset, at }) => [offset, at]),
      );
      assert.deepEqual(read.diffs.map(told), all.slice(1).map(told));
      assert.equal((await viewOf(other, there)).top, 1);
    },
  },
  {
    name: 'behind the last position nothing is read, and of another epoch the members are',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't'));
      const { epoch, top } = await viewOf(store, channel);
      const same = await viewOf(store, channel, { epoch, offset: top });
      assert.deepEqual([same.diffs, same.members, same.users, same.entries], [[], undefined, 1, 1]);
      for (const after of [
        { epoch: 'another', offset: 0 },
        { epoch, offset: top + 1 },
      ]) {
        const view = await viewOf(store, channel, after);
        assert.deepEqual([view.diffs, view.members?.map(({ user }) => user)], [undefined, ['ann']]);
      }
    },
  },
  {
    name: 'who was away for long gets every diff or the members',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't', { value: 'v0' }));
      const { epoch } = await viewOf(store, channel);
      for (let i = 1; i <= 1_200; i += 200)
        await one.change(
          ...Array.from({ length: 200 }, (_, j) => set(channel, 'ann', 't', { value: `v${i + j}` })),
        );
      for (const offset of [1, 1_001, 1_200]) {
        const view = await viewOf(store, channel, { epoch, offset });
        assert.equal(view.top, 1_201);
        if (view.diffs === undefined)
          assert.deepEqual(
            view.members?.map(({ value }) => value),
            ['v1200'],
          );
        else {
          const offsets = Array.from({ length: 1_201 - offset }, (_, i) => offset + 1 + i);
          assert.deepEqual(
            view.diffs.map((diff) => diff.offset),
            offsets,
          );
          assert.equal(view.diffs.at(-1)?.value, 'v1200');
        }
      }
      assert.equal((await viewOf(store, channel, { epoch, offset: 1_101 })).diffs?.length, 100);
    },
  },
  {
    name: 'a view has as many members as it may, and counts all of them',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(...Array.from({ length: 30 }, (_, i) => set(channel, `u${i}`, 't')));
      const some = await viewOf(store, channel, undefined, 7);
      assert.deepEqual([some.members?.length, some.users, some.entries, some.top], [7, 30, 30, 30]);
      const none = await viewOf(store, channel, undefined, 0);
      assert.deepEqual([none.members, none.users], [[], 30]);
    },
  },
  {
    name: 'a channel that nobody entered has no epoch, and is not made by being read',
    async verify({ store, other }) {
      const channel = unique('c');
      const nobody = { epoch: '', top: 0, at: 0, users: 0, entries: 0, members: [] };
      for (const each of [store, other]) {
        const { epoch, top, at, users, entries, members } = await viewOf(each, channel, {
          epoch: 'x',
          offset: 3,
        });
        assert.deepEqual({ epoch, top, at, users, entries, members }, nobody);
      }
    },
  },
  {
    name: 'who knew a channel as empty is told everything since',
    async verify({ store, other }) {
      const channel = unique('c');
      const { epoch, top } = await viewOf(other, channel);
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't'), set(channel, 'bob', 't'));
      await one.change(remove(channel, 'ann', 't'));
      const view = await viewOf(other, channel, { epoch, offset: top });
      assert.deepEqual(view.diffs?.map(told), ['join ann 1', 'join bob 1', 'leave ann']);
      assert.deepEqual((await viewOf(other, channel)).members?.length, 1);
    },
  },
];
