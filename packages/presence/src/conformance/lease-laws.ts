import assert from 'node:assert/strict';
import {
  briefMs,
  longMs,
  membersOf,
  Party,
  reapAfter,
  reapAll,
  remove,
  set,
  toldOf,
  unique,
  viewOf,
  type PresenceHarness,
} from './harness.ts';
import type { Law } from './law.ts';

export const leaseLaws: readonly Law<PresenceHarness>[] = [
  {
    name: 'under a lease that is not held nothing is changed',
    async verify({ store }) {
      const channel = unique('c');
      const { verdict, appended } = await new Party(store).try([set(channel, 'ann', 't')]);
      assert.deepEqual([verdict, appended], ['lapsed', []]);
      assert.deepEqual(await store.beat(unique('lease'), longMs).then(({ held }) => held), false);
      assert.deepEqual(await membersOf(store, channel), []);
    },
  },
  {
    name: 'a batch that comes after a later one is not carried out',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.try([set(channel, 'ann', 't')], { turn: 7 });
      await one.try([remove(channel, 'ann', 't')], { turn: 9 });
      for (const turn of [8, 9, 1]) {
        const { verdict, appended } = await one.try([set(channel, 'ann', 't')], { turn });
        assert.deepEqual([verdict, appended], ['late', []]);
      }
      assert.deepEqual(await membersOf(store, channel), []);
      assert.equal((await one.try([set(channel, 'ann', 't')], { turn: 10 })).verdict, 'done');
    },
  },
  {
    name: 'a beat keeps the lease, and one that comes too late does not bring it back',
    async verify(harness) {
      const { store, other, advance, toleranceMs } = harness;
      const channel = unique('c');
      const one = await Party.open(store, briefMs * 3);
      await one.change(set(channel, 'ann', 't'));
      assert.equal((await other.beat(one.lease, briefMs * 8 + toleranceMs * 8)).held, true);
      await advance(briefMs * 3 + toleranceMs);
      assert.deepEqual(toldOf(await reapAll(store), channel), []);
      assert.equal((await store.beat(one.lease, 1)).held, true);
      await advance(toleranceMs + 2);
      assert.equal((await store.beat(one.lease, longMs)).held, false);
      assert.equal((await one.try([set(channel, 'bob', 't')])).verdict, 'lapsed');
      assert.deepEqual(toldOf(await reapAll(store), channel), ['leave ann']);
      assert.equal((await store.beat(one.lease, longMs)).held, false);
    },
  },
  {
    name: 'what was under a lease is there until it is reaped, and leaves once',
    async verify(harness) {
      const { store, other, advance, toleranceMs } = harness;
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't'), set(channel, 'bob', 't'));
      const { epoch, top } = await viewOf(other, channel);
      await store.beat(one.lease, 1);
      await advance(toleranceMs + 2);
      assert.deepEqual(await membersOf(other, channel), ['ann 1', 'bob 1']);
      const reaped = await Promise.all([reapAll(store), reapAll(other), reapAll(store)]);
      const leaves = reaped.flatMap((each) => toldOf(each, channel));
      assert.deepEqual(leaves.toSorted(), ['leave ann', 'leave bob']);
      const { diffs, users, entries } = await viewOf(other, channel, { epoch, offset: top });
      assert.deepEqual([diffs?.map(({ offset }) => offset), users, entries], [[3, 4], 0, 0]);
    },
  },
  {
    name: 'when one of two leases of a user ends they stay, and what is left is told',
    async verify(harness) {
      const { store, other } = harness;
      const channel = unique('c');
      const [one, two] = [await Party.open(store), await Party.open(other)];
      await one.change(set(channel, 'ann', 'a', { rank: 2, value: 'high' }));
      await two.change(set(channel, 'ann', 'b', { rank: 1, value: 'low' }));
      await store.end([one.lease, unique('lease')]);
      assert.deepEqual(toldOf(await reapAll(store), channel), ['update ann 1 low']);
      await store.beat(two.lease, 1);
      assert.deepEqual(toldOf(await reapAfter(harness, 2), channel), ['leave ann']);
    },
  },
  {
    name: 'a lease that was ended changes nothing any more',
    async verify({ store, other }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't'));
      await other.end([one.lease]);
      assert.equal((await one.try([set(channel, 'bob', 't')])).verdict, 'lapsed');
      assert.equal((await store.beat(one.lease, longMs)).held, false);
      assert.deepEqual(toldOf(await reapAll(other), channel), ['leave ann']);
    },
  },
  {
    name: 'what another lease holds is left alone unless it is taken',
    async verify({ store, other }) {
      const channel = unique('c');
      const [one, two] = [await Party.open(store), await Party.open(other)];
      await one.change(set(channel, 'ann', 't', { value: 'mine' }));
      const tried = await two.change(set(channel, 'ann', 't', { value: 'his' }), remove(channel, 'ann', 't'));
      assert.deepEqual([tried.outcomes, tried.appended], [['taken', 'taken'], []]);
      const took = await two.change(set(channel, 'ann', 't', { value: 'mine', take: true }));
      assert.deepEqual([took.outcomes, took.appended], [['done'], []]);
      assert.deepEqual((await one.change(remove(channel, 'ann', 't'))).outcomes, ['taken']);
      await store.end([one.lease]);
      assert.deepEqual(toldOf(await reapAll(store), channel), []);
      assert.deepEqual(await membersOf(store, channel), ['ann 1 mine']);
      assert.equal((await viewOf(store, channel)).entries, 1);
      await store.end([two.lease]);
      assert.deepEqual(toldOf(await reapAll(store), channel), ['leave ann']);
    },
  },
  {
    name: 'what a lease held that is over may be set by others',
    async verify({ store, other, advance, toleranceMs }) {
      const channel = unique('c');
      const [one, two] = [await Party.open(store), await Party.open(other)];
      await one.change(set(channel, 'ann', 't'));
      await store.beat(one.lease, 1);
      await advance(toleranceMs + 2);
      const changed = await two.change(set(channel, 'ann', 't'));
      assert.deepEqual([changed.outcomes, changed.appended], [['done'], []]);
      assert.deepEqual(toldOf(await reapAll(store), channel), []);
      assert.deepEqual(await membersOf(store, channel), ['ann 1']);
    },
  },
  {
    name: 'a lease takes over what the former one held, and the rest goes with that one',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(...['ann', 'bob', 'cy'].map((user) => set(channel, user, 't')));
      await one.renew();
      const again = await one.change(set(channel, 'ann', 't'), remove(channel, 'bob', 't'));
      assert.deepEqual([again.outcomes, toldOf(again, channel)], [['done', 'done'], ['leave bob']]);
      await store.end([one.former ?? '']);
      assert.deepEqual(toldOf(await reapAll(store), channel), ['leave cy']);
      assert.deepEqual(await membersOf(store, channel), ['ann 1']);
    },
  },
  {
    name: 'the epoch of the store stays while it loses nothing, and is the same for all',
    async verify({ store, other }) {
      const one = await Party.open(store);
      const opened = await other.open(unique('lease'), longMs);
      await one.change(set(unique('c'), 'ann', 't'));
      const beats = [await store.beat(one.lease, longMs), await other.beat(one.lease, longMs)];
      assert.deepEqual(
        beats,
        [opened, opened].map((epoch) => ({ held: true, epoch })),
      );
    },
  },
  {
    name: 'a store that lost everything says so',
    needs: 'lose',
    async verify({ store, lose }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't'));
      const { epoch } = await viewOf(store, channel);
      await lose?.();
      assert.equal((await store.beat(one.lease, longMs)).held, false);
      assert.equal((await one.try([set(channel, 'ann', 't')])).verdict, 'lapsed');
      assert.equal((await viewOf(store, channel, { epoch, offset: 1 })).epoch, '');
      await one.renew();
      const again = await one.change(set(channel, 'ann', 't'));
      assert.deepEqual(toldOf(again, channel), ['join ann 1']);
      assert.notEqual(again.appended[0]?.epoch, epoch);
    },
  },
];
