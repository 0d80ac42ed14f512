import assert from 'node:assert/strict';
import {
  briefMs,
  longMs,
  membersOf,
  Party,
  reapAll,
  remove,
  set,
  toldOf,
  unique,
  viewOf,
  type PresenceHarness,
} from './harness.ts';
import type { Law } from './law.ts';

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Text of just so many bytes that does not compress: an index may keep compressed what is too long for it otherwise. */
function textOf(size: number, seed: number): string {
  let state = seed;
  let text = '';
  for (let left = size; left >= 3; left -= 3) {
    state = (state * 48_271 + 11) % 2_147_483_647;
    text += String.fromCodePoint(0x4e00 + (state % 0x5000));
  }
  return text + 'x'.repeat(size - bytes(text));
}

/** Names of 1,024 bytes that differ in the last one alone. */
function longest(seed: number): readonly [string, string] {
  const name = unique('n') + textOf(1_000, seed);
  return [`${name}${'y'.repeat(1_024 - bytes(name))}`, `${name}${'y'.repeat(1_023 - bytes(name))}z`];
}

export const limitLaws: readonly Law<PresenceHarness>[] = [
  {
    name: 'a name may have 1,024 bytes and a lease 64 characters, and the last of them counts',
    async verify({ store, other }) {
      const [channels, users, ids] = [longest(1), longest(2), longest(3)];
      const lease = unique('lease').padEnd(63, '~');
      const [one, two] = [new Party(store), new Party(other)];
      for (const [i, party] of [one, two].entries()) {
        party.lease = `${lease}${i}`;
        await party.store.open(party.lease, longMs);
        const set3 = ids.map((id) => set(channels[i] ?? '', users[i] ?? '', id, { forMs: longMs }));
        assert.deepEqual((await party.change(...set3)).outcomes, ['done', 'done']);
        assert.deepEqual((await party.change(...set3)).outcomes, ['same', 'same']);
      }
      for (const [i, channel] of channels.entries()) {
        assert.equal(bytes(channel), 1_024);
        const view = await viewOf(other, channel);
        assert.deepEqual([view.users, view.entries, view.members?.[0]?.user], [1, 2, users[i]]);
        const { diffs } = await viewOf(store, channel, { epoch: view.epoch, offset: 0 });
        assert.deepEqual(
          diffs?.map(({ user }) => user),
          [users[i]],
        );
      }
      const gone = await one.change(remove(channels[0], users[0], ids[1]));
      assert.deepEqual([gone.outcomes, gone.appended], [['done'], []]);
      await store.end([one.lease]);
      assert.deepEqual(toldOf(await reapAll(store), channels[0]), [`leave ${users[0]}`]);
      assert.equal((await other.beat(two.lease, longMs)).held, true);
      assert.equal((await viewOf(store, channels[1])).entries, 2);
    },
  },
  {
    name: 'a value may have as many bytes as the store says, and a call as many changes and channels',
    async verify({ store, other }) {
      const { maxValueBytes, maxBatch } = store.capabilities;
      const channel = unique('c');
      const one = await Party.open(store);
      const values = ['y'.repeat(maxValueBytes), textOf(maxValueBytes, 7)];
      const changed = await one.change(...values.map((value, i) => set(channel, `u${i}`, 't', { value })));
      const { members = [], epoch } = await viewOf(other, channel);
      const { diffs = [] } = await viewOf(other, channel, { epoch, offset: 0 });
      for (const told of [changed.appended[0]?.diffs, members, diffs]) {
        const byUser = new Map(told?.map(({ user, value }) => [user, value]));
        for (const [i, value] of values.entries())
          assert(byUser.get(`u${i}`) === value, 'a value must come back as it was');
      }
      const names = Array.from({ length: maxBatch }, (_, i) => `${channel}:${i}`);
      const { outcomes } = await one.change(...names.map((name, i) => set(name, `u${i}`, 't')));
      assert(
        outcomes.every((outcome) => outcome === 'done'),
        'each change of the largest batch must be done',
      );
      const views = await other.read(names.map((name) => ({ channel: name, limit: 1 })));
      assert.deepEqual(
        views.map((view) => view.members?.[0]?.user),
        names.map((_, i) => `u${i}`),
      );
    },
  },
  {
    name: 'reaping takes out no more at once than it may, of whatever kind, and comes to an end',
    async verify({ store, other, advance, toleranceMs }) {
      const channel = unique('c');
      const idle = Array.from({ length: 80 }, () => unique('c'));
      const [one, two] = [await Party.open(store), await Party.open(store)];
      const users = Array.from({ length: 10 }, (_, i) => `u${i}`);
      await one.change(...users.map((user) => set(channel, user, 't')));
      await two.change(...users.map((user) => set(channel, `timed ${user}`, 't', { forMs: 1 })));
      await two.change(...idle.map((name) => set(name, 'ann', 't', { idleMs: 1 })));
      await two.change(...idle.map((name) => remove(name, 'ann', 't')));
      await store.end([one.lease]);
      await advance(briefMs + toleranceMs);
      const left = async (): Promise<number> => {
        const views = await other.read(idle.map((name) => ({ channel: name, limit: 0 })));
        return views.filter(({ epoch }) => epoch !== '').length;
      };
      const leaves: string[] = [];
      for (let round = 0, more = true; more; round++) {
        const reaped = await (round % 2 === 0 ? store : other).reap(3);
        const here = toldOf(reaped, channel);
        assert(here.length <= 3, 'a limit is one for entries whose lease and whose time are over');
        leaves.push(...here);
        // A store may be divided, and have a limit for each part.
        if (round === 0) assert((await left()) > 0, 'a limit is one for channels too');
        ({ more } = reaped);
        assert(round < 500, 'reaping must come to an end');
      }
      const all = users.flatMap((user) => [`leave timed ${user}`, `leave ${user}`]);
      assert.deepEqual(leaves.toSorted(), all.toSorted());
      assert.deepEqual([await left(), await membersOf(store, channel)], [0, []]);
    },
  },
  {
    name: 'nothing is left of what has ended',
    needs: 'kept',
    async verify({ store, other, advance, toleranceMs, kept }) {
      assert(kept !== undefined);
      await reapAll(store);
      const before = await kept();
      const channels = Array.from({ length: 5 }, () => unique('c'));
      const [one, two] = [await Party.open(store), await Party.open(other)];
      for (const [i, party] of [one, two].entries()) {
        const some = channels.flatMap((channel) => [
          set(channel, 'ann', `t${i}`, { idleMs: 1 }),
          set(channel, 'bob', `t${i}`, { idleMs: 1, forMs: 1 }),
          set(channel, 'cy', `t${i}`, { idleMs: 1, lingerMs: 1 }),
          set(channel, 'dee', `t${i}`, { idleMs: 1, owned: false, forMs: 1 }),
          set(channel, 'eve', 't', { idleMs: 1, take: true }),
          remove(channel, 'ann', 't0'),
          remove(unique('c'), 'ann', 't'),
        ]);
        await party.change(...some);
      }
      await one.renew();
      await one.change(...channels.map((channel) => set(channel, 'cy', 't0', { idleMs: 1 })));
      assert((await kept()) > before, 'something must be kept while somebody is there');
      await store.end([one.lease, one.former ?? '', two.lease]);
      let nextMs: number | undefined = 0;
      for (let round = 0; nextMs !== undefined; round++) {
        await advance(nextMs + toleranceMs + 2);
        await reapAll(other);
        ({ nextMs } = await store.reap(0));
        assert(round < 100 && (nextMs ?? 0) <= briefMs, 'all that has ended must come to an end');
      }
      assert.equal(await kept(), before);
    },
  },
];
