import assert from 'node:assert/strict';
import type { PresenceStore } from '../store.ts';
import {
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
import { LogFollower } from './log-follower.ts';
import { LogLedger } from './log-ledger.ts';

/** That one look at a channel does not contradict itself: its log explains how many are there. */
async function look(store: PresenceStore, channel: string): Promise<void> {
  const { epoch, diffs, top, users } = await viewOf(store, channel, { epoch: '', offset: 0 });
  const follower = new LogFollower();
  follower.take(epoch, diffs ?? []);
  assert.deepEqual([follower.top, follower.members.size], [top, users], 'a view must be of one moment');
}

export const raceLaws: readonly Law<PresenceHarness>[] = [
  {
    name: 'while some reap, others change and read: each is told once, and what was told is what is there',
    async verify({ store, other, advance, toleranceMs }) {
      const channels = [unique('c'), unique('c'), unique('c')];
      const ledger = new LogLedger();
      const take = async ({ reap }: PresenceStore, limit: number): Promise<void> =>
        ledger.take((await reap(limit)).appended);
      const stay: Party[] = [];
      for (let i = 0; i < 4; i++) stay.push(await Party.open(i % 2 === 0 ? store : other));
      for (let round = 0; round < 6; round++) {
        const [crashed, moved] = [await Party.open(store), await Party.open(other)];
        for (const party of [crashed, moved]) {
          const { lease } = party;
          const { appended } = await party.change(
            ...channels.flatMap((channel) => [
              set(channel, 'ann', lease),
              set(channel, lease, 't'),
              set(channel, `typing ${lease}`, 't', { forMs: 1 }),
            ]),
          );
          ledger.take(appended);
        }
        const id = moved.lease;
        await moved.renew();
        await advance(2);
        await store.end([crashed.lease]);
        const stayed = stay.map(async (party, i) => {
          ledger.take(
            (await party.change(...channels.map((channel) => set(channel, 'ann', `${i}`)))).appended,
          );
        });
        const goesOn = async (): Promise<void> => {
          const again = await moved.change(
            ...channels.flatMap((channel) => [
              set(channel, 'ann', id),
              set(channel, id, 't', { value: 'moved' }),
            ]),
          );
          assert(again.outcomes.every((outcome) => outcome === 'done'));
          ledger.take(again.appended);
          await store.end([moved.former ?? '']);
        };
        await Promise.all([
          ...channels.map((channel) => look(store, channel)),
          take(store, 2),
          goesOn(),
          take(other, 100),
          ...stayed,
          take(store, 100),
          ...channels.map((channel) => look(other, channel)),
        ]);
        await advance(toleranceMs);
        ledger.take((await reapAll(other)).appended);
        for (const channel of channels) {
          const { members = [], entries } = await viewOf(store, channel);
          assert.deepEqual(members.map(({ user }) => user).toSorted(), ['ann', id].toSorted());
          assert.equal(entries, stay.length + 2);
        }
        await other.end([moved.lease]);
      }
      ledger.take((await reapAll(store)).appended);
      for (const channel of channels) {
        const view = await viewOf(other, channel);
        assert.deepEqual([view.users, view.entries], [1, stay.length]);
        ledger.verify(channel, view);
      }
    },
  },
  {
    name: 'a beat at the end of a lease keeps it with all that is under it, or is told that it is over',
    async verify({ store, other, advance }) {
      const channel = unique('c');
      for (let i = 0; i < 12; i++) {
        const [one, user] = [await Party.open(store), `u${i}`];
        await one.change(set(channel, user, 't'));
        await store.beat(one.lease, 10);
        await advance(8 + (i % 4));
        const [first, { held }, second] = await Promise.all([
          store.reap(100),
          other.beat(one.lease, longMs),
          store.reap(100),
        ]);
        const reaped = [first, second, await reapAll(other)].flatMap((each) => toldOf(each, channel));
        assert.deepEqual(reaped, held ? [] : [`leave ${user}`]);
        assert.deepEqual(await membersOf(other, channel), held ? [`${user} 1`] : []);
        const { verdict } = await one.try([remove(channel, user, 't')]);
        assert.equal(verdict, held ? 'done' : 'lapsed');
      }
    },
  },
  {
    name: 'who leaves while their time or their lease is over leaves once',
    async verify({ store, other, advance, toleranceMs }) {
      const ledger = new LogLedger();
      const channels = Array.from({ length: 16 }, () => unique('c'));
      for (const [i, channel] of channels.entries()) {
        const one = await Party.open(store);
        const lingers = i % 3 === 2 ? { lingerMs: 1 } : {};
        const forMs = i % 2 === 0 ? 2 : longMs;
        ledger.take((await one.change(set(channel, 'ann', 't', { forMs, ...lingers }))).appended);
        await advance(1 + (i % 5));
        const deeds = [
          () => one.try([remove(channel, 'ann', 't')]),
          () => store.reap(100),
          () => other.end([one.lease]).then(() => other.reap(100)),
          () => store.reap(100),
        ];
        // Each of them is the first one in its turn.
        const turn = i % deeds.length;
        const all = await Promise.all([...deeds.slice(turn), ...deeds.slice(0, turn)].map((deed) => deed()));
        for (const { appended } of all) ledger.take(appended);
      }
      await advance(2 + toleranceMs);
      ledger.take((await reapAll(other)).appended);
      for (const channel of channels) {
        const view = await viewOf(store, channel);
        assert.equal(view.users, 0);
        ledger.verify(channel, view);
      }
    },
  },
];
