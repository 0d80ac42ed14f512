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

export const endingLaws: readonly Law<PresenceHarness>[] = [
  {
    name: 'an entry ends by its time, and setting it again begins the time anew',
    async verify(harness) {
      const { store, advance, toleranceMs } = harness;
      const channel = unique('c');
      const one = await Party.open(store);
      const changed = await one.change(
        set(channel, 'ann', 't', { forMs: briefMs }),
        set(channel, 'bob', 't'),
      );
      const ends = changed.appended[0]?.diffs.map(({ endsInMs }) => endsInMs);
      assert(ends?.[0] !== undefined && ends[0] <= briefMs && ends[0] > briefMs / 2);
      assert.equal(ends[1], undefined);
      const again = await one.change(set(channel, 'ann', 't', { forMs: briefMs * 20 }));
      assert.deepEqual([again.outcomes, again.appended], [['same'], []]);
      await advance(briefMs + toleranceMs);
      assert.deepEqual(toldOf(await reapAll(store), channel), []);
      const { members = [] } = await viewOf(store, channel);
      const endsInMs = members.find(({ user }) => user === 'ann')?.endsInMs ?? 0;
      assert(endsInMs > 0 && endsInMs <= briefMs * 19);
      await one.change(set(channel, 'ann', 't', { forMs: 1 }));
      assert.deepEqual(toldOf(await reapAfter(harness, 2), channel), ['leave ann']);
    },
  },
  {
    name: 'an entry that is set without a time does not end by it any more',
    async verify(harness) {
      const channel = unique('c');
      const one = await Party.open(harness.store);
      await one.change(set(channel, 'ann', 't', { forMs: 1 }));
      await one.change(set(channel, 'ann', 't'));
      assert.deepEqual(toldOf(await reapAfter(harness, 2), channel), []);
      assert.deepEqual(await membersOf(harness.store, channel), ['ann 1']);
    },
  },
  {
    name: 'an entry of a lease goes with the lease, also when its time is not over',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't', { forMs: longMs }));
      await store.end([one.lease]);
      assert.deepEqual(toldOf(await reapAll(store), channel), ['leave ann']);
      assert.deepEqual(await membersOf(store, channel), []);
    },
  },
  {
    name: 'an entry that is nobody’s outlives the lease, and anybody may change it',
    async verify(harness) {
      const { store, other } = harness;
      const channel = unique('c');
      const [one, two] = [await Party.open(store), await Party.open(other)];
      const dnd = set(channel, 'ann', 'm', { owned: false, forMs: longMs, value: 'dnd' });
      await one.change(dnd, set(channel, 'bob', 'm', { owned: false, forMs: longMs }));
      await store.end([one.lease]);
      assert.deepEqual(toldOf(await reapAll(store), channel), []);
      const changed = await two.change({ ...dnd, value: 'busy' }, remove(channel, 'bob', 'm'));
      assert.deepEqual(toldOf(changed, channel), ['update ann 1 busy', 'leave bob']);
      await two.change({ ...dnd, value: 'busy', forMs: 1 });
      assert.deepEqual(toldOf(await reapAfter(harness, 2), channel), ['leave ann']);
    },
  },
  {
    name: 'an entry that lingers stays with rank 0 when its lease is over, and then goes',
    async verify(harness) {
      const { store, other } = harness;
      const channel = unique('c');
      const [one, two] = [await Party.open(store), await Party.open(other)];
      const card = { value: 'card', lingerMs: longMs };
      await one.change(set(channel, 'ann', 't', card));
      await store.end([one.lease]);
      assert.deepEqual(toldOf(await reapAll(store), channel), ['update ann 0 card']);
      assert.deepEqual(await membersOf(other, channel), ['ann 0 card']);
      const back = await two.change(set(channel, 'ann', 't', { ...card, lingerMs: 1 }));
      assert.deepEqual(toldOf(back, channel), ['update ann 1 card']);
      await store.end([two.lease]);
      const over = [
        ...toldOf(await reapAll(store), channel),
        ...toldOf(await reapAfter(harness, 2), channel),
      ];
      assert.deepEqual(over, ['update ann 0 card', 'leave ann']);
      assert.equal((await viewOf(store, channel)).entries, 0);
    },
  },
  {
    name: 'an entry that would linger goes at once when it is removed, and by its own time',
    async verify(harness) {
      const channel = unique('c');
      const one = await Party.open(harness.store);
      const lingers = { lingerMs: longMs };
      await one.change(
        set(channel, 'ann', 't', lingers),
        set(channel, 'bob', 't', { ...lingers, forMs: 1 }),
        set(channel, 'cy', 't', lingers),
      );
      assert.deepEqual(toldOf(await one.change(remove(channel, 'ann', 't')), channel), ['leave ann']);
      assert.deepEqual(toldOf(await reapAfter(harness, 2), channel), ['leave bob']);
      assert.deepEqual(await membersOf(harness.store, channel), ['cy 1']);
      // Also when its lease is over as well.
      await one.change(set(channel, 'dee', 't', { ...lingers, forMs: 1 }));
      await harness.advance(2 + harness.toleranceMs);
      await harness.store.end([one.lease]);
      assert.deepEqual(toldOf(await reapAll(harness.store), channel).toSorted(), [
        'leave dee',
        'update cy 0',
      ]);
    },
  },
  {
    name: 'reaping does as much as it may, and says whether there is more',
    async verify({ store, other }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(...Array.from({ length: 25 }, (_, i) => set(channel, `u${i}`, 't')));
      await store.end([one.lease]);
      const first = await other.reap(10);
      assert.equal(toldOf(first, channel).length, 10);
      assert.equal(first.more, true);
      assert.equal((await viewOf(store, channel)).users, 15);
      assert.equal(toldOf(await reapAll(other), channel).length, 15);
      assert.equal((await store.reap(10)).more, false);
    },
  },
  {
    name: 'reaping with 0, or too late after a moment of the store, takes nothing out',
    async verify({ store, other, advance, toleranceMs }) {
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't'), set(channel, 'bob', 't', { forMs: 1 }));
      await store.end([one.lease]);
      await advance(briefMs + toleranceMs);
      const none = await store.reap(0);
      assert.deepEqual([none.more, none.appended], [true, []]);
      await advance(briefMs + toleranceMs);
      const late = await other.reap(100, { within: { moment: none.moment, ms: briefMs / 2 } });
      assert.deepEqual([late.more, late.appended], [true, []]);
      const unknown = await other.reap(100, { within: { moment: '', ms: longMs } });
      assert.deepEqual([unknown.more, unknown.appended], [true, []]);
      assert.equal((await viewOf(store, channel)).users, 2);
      const inTime = await store.reap(100, { within: { moment: late.moment, ms: longMs } });
      assert.deepEqual(toldOf(inTime, channel).toSorted(), ['leave ann', 'leave bob']);
    },
  },
  {
    name: 'reaping says when the next thing ends',
    async verify({ store, toleranceMs }) {
      const begun = performance.now();
      const one = await Party.open(store, longMs);
      const soonest = async (): Promise<number> => (await store.reap(100)).nextMs ?? Infinity;
      const near = (ms: number, expected: number): void => {
        const least = expected - (performance.now() - begun) - toleranceMs * 4;
        assert(ms <= expected && ms >= least - 1, `${ms} is not about ${expected}`);
      };
      near(await soonest(), longMs);
      await store.beat(one.lease, longMs * 3);
      near(await soonest(), longMs * 3);
      const channel = unique('c');
      await one.change(set(channel, 'ann', 't', { forMs: longMs * 2 }));
      near(await soonest(), longMs * 2);
      await one.change(set(channel, 'ann', 't'), set(channel, 'bob', 't', { idleMs: longMs / 2 }));
      near(await soonest(), longMs * 3);
    },
  },
  {
    name: 'a channel is remembered for its time when nobody is in it, and then forgotten',
    async verify(harness) {
      const { store } = harness;
      const [brief, long] = [unique('c'), unique('c')];
      const one = await Party.open(store);
      await one.change(set(brief, 'ann', 't', { idleMs: 1 }), set(long, 'ann', 't', { idleMs: longMs }));
      await one.change(set(long, 'ann', 'u', { idleMs: 1 }));
      await reapAfter(harness, 2);
      const { epoch, top } = await viewOf(store, brief);
      assert.equal(top, 1);
      const left = await one.change(
        remove(brief, 'ann', 't'),
        remove(long, 'ann', 't'),
        remove(long, 'ann', 'u'),
      );
      await reapAfter(harness, 2);
      assert.deepEqual([(await viewOf(store, brief)).epoch, (await viewOf(store, brief)).top], ['', 0]);
      const kept = await viewOf(store, long);
      const leave = left.appended.find(({ channel }) => channel === long);
      assert.deepEqual([kept.epoch, kept.top, kept.at], [leave?.epoch, 2, leave?.diffs[0]?.at]);
      const again = await one.change(set(brief, 'ann', 't'), set(long, 'ann', 't'));
      const epochs = new Map(again.appended.map((each) => [each.channel, each]));
      assert.notEqual(epochs.get(brief)?.epoch, epoch);
      assert.equal(epochs.get(brief)?.diffs[0]?.offset, 1);
      assert.deepEqual([epochs.get(long)?.epoch, epochs.get(long)?.diffs[0]?.offset], [kept.epoch, 3]);
    },
  },
  {
    name: 'a channel that somebody enters again in time is not forgotten',
    async verify(harness) {
      const channel = unique('c');
      const one = await Party.open(harness.store);
      await one.change(set(channel, 'ann', 't', { idleMs: 1 }));
      await one.change(remove(channel, 'ann', 't'), set(channel, 'bob', 't', { idleMs: 1 }));
      await reapAfter(harness, 2);
      assert.deepEqual(await membersOf(harness.store, channel), ['bob 1']);
    },
  },
];
