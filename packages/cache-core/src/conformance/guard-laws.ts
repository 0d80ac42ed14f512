import { deepEqual, equal, ok } from 'node:assert/strict';
import { bumpedSince } from '../epoch.ts';
import type { Law } from './law.ts';
import { briefMs, epochOf, longMs, type CacheStoreHarness } from './store-harness.ts';

export const guardLaws: readonly Law<CacheStoreHarness>[] = [
  {
    name: 'a guard that nobody made has no epoch',
    async verify({ store }) {
      deepEqual(await store.epochs(['t:none', 't:neither']), [undefined, undefined]);
    },
  },
  {
    name: 'a guard is made once, and all see the same epoch',
    async verify({ store, other }) {
      const epochs = await Promise.all(
        Array.from({ length: 10 }, (_, i) => epochOf(i % 2 === 0 ? store : other, 't:a', longMs)),
      );
      equal(new Set(epochs).size, 1);
      equal(await epochOf(other, 't:a'), epochs[0]);
      ok(Number.isSafeInteger(epochs[0]));
    },
  },
  {
    name: 'a made epoch counts as never bumped, a bumped one as bumped',
    async verify({ store }) {
      const made = await epochOf(store, 't:a', longMs);
      ok(made !== undefined && !bumpedSince(made, 0));
      const [bumped] = await store.bump(['t:a'], { keepMs: longMs });
      ok(bumped !== undefined && bumpedSince(bumped, 0));
      const [fromNothing] = await store.bump(['t:b'], { keepMs: longMs });
      ok(fromNothing !== undefined && bumpedSince(fromNothing, 0));
    },
  },
  {
    name: 'bumping raises the epoch for all, each time',
    async verify({ store, other }) {
      let last = (await epochOf(store, 't:a', longMs)) ?? 0;
      for (let i = 0; i < 20; i++) {
        const [epoch] = await (i % 2 === 0 ? store : other).bump(['t:a'], { keepMs: longMs });
        ok(epoch !== undefined && epoch > last, `${epoch} > ${last}`);
        equal(await epochOf(other, 't:a'), epoch);
        last = epoch;
      }
    },
  },
  {
    name: 'of many bumps at once none gets an epoch twice',
    async verify({ store, other }) {
      const bumps = Array.from({ length: 40 }, (_, i) =>
        (i % 2 === 0 ? store : other).bump(['t:a', `t:${i}`], { keepMs: longMs }),
      );
      const epochs = (await Promise.all(bumps)).map(([epoch]) => epoch ?? 0);
      equal(new Set(epochs).size, epochs.length);
      equal(await epochOf(store, 't:a'), Math.max(...epochs));
    },
  },
  {
    name: 'a guard that was lost and made anew gets a higher epoch than it ever had',
    async verify({ store, advance, toleranceMs }) {
      const made = (await store.epochs(['t:a'], { keepMs: briefMs }))[0] ?? 0;
      // A store may keep a guard somewhat longer than it was asked to.
      await advance(2 * briefMs + toleranceMs);
      equal(await epochOf(store, 't:a'), undefined);
      const anew = (await epochOf(store, 't:a', longMs)) ?? 0;
      ok(anew > made, `${anew} > ${made}`);
    },
  },
  {
    name: 'a guard is kept for as long as the longest that was asked for',
    async verify({ store, advance, toleranceMs }) {
      const made = await epochOf(store, 't:a', longMs);
      await store.epochs(['t:a'], { keepMs: briefMs });
      await advance(briefMs + toleranceMs);
      equal(await epochOf(store, 't:a'), made);
    },
  },
  {
    name: 'guards of hostile names do not touch one another',
    async verify({ store }) {
      const guards = [
        't:__proto__',
        't:constructor',
        't:*',
        't:a_b',
        't:aXb',
        't:%',
        "t:'",
        't:{x}',
        't:日本',
      ];
      const made = await store.epochs(guards, { keepMs: longMs });
      const bumped = ['t:*', 't:a_b', 't:%', 't:__proto__'];
      await store.bump(bumped, { keepMs: longMs });
      const now = await store.epochs(guards);
      for (const [i, guard] of guards.entries()) {
        equal(now[i] === made[i], !bumped.includes(guard), guard);
      }
    },
  },
  {
    name: 'a guard and a record of one name are two things',
    async verify({ store }) {
      await store.bump(['ns:a'], { keepMs: longMs });
      deepEqual(await store.read(['ns:a']), [undefined]);
      await store.remove(['ns:a']);
      ok((await epochOf(store, 'ns:a')) !== undefined);
    },
  },
];
