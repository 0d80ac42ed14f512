import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { Cache } from '../cache.ts';
import { gate, until, withCaches, counted, type CacheHarness } from './cache-harness.ts';
import type { Law } from './law.ts';
import { skewMs } from './store-harness.ts';

/** What is invalidated is never served again: not by a load that was under way, not by another process. */
export const invalidationLaws: readonly Law<CacheHarness>[] = [
  {
    name: 'a subscription vouches for itself while it is live, and no further than it could notice a loss',
    async verify(harness) {
      const { clock, first } = harness;
      const { detectionMs } = first.invalidation;
      let state: 'live' | 'suspect' = 'suspect';
      const subscription = first.invalidation.subscribe({
        notice: () => {},
        state: (now) => (state = now),
      });
      try {
        for (let renewed = 0, last = -Infinity; renewed < 3; renewed++) {
          let vouched = -Infinity;
          const more = async (): Promise<boolean> => {
            vouched = subscription.vouchedUntil();
            return state === 'live' && (vouched > last || vouched === Infinity);
          };
          await until(harness, more, 'the subscription to vouch for more');
          ok(vouched > clock.monotonic() - detectionMs, 'it vouches for what is long past');
          if (detectionMs === 0) equal(vouched, Infinity);
          else ok(vouched <= clock.monotonic() + detectionMs, 'it vouches for more than it can know');
          last = vouched;
        }
      } finally {
        await subscription.close();
      }
      equal(subscription.vouchedUntil(), -Infinity);
    },
  },
  {
    name: 'a key that is deleted while its loader runs is not stored',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        const { opened, open, entered, enter } = gate();
        const old = one.get('user', async () => {
          enter();
          await opened;
          return 'old';
        });
        await entered;
        await two.delete('user');
        open();
        equal(await old, 'old');
        equal(await two.get('user', () => 'new'), 'new');
        await until(harness, async () => (await one.get('user')) === 'new', 'the new value');
      }),
  },
  {
    name: 'who asks after a deletion does not get the load that began before it',
    verify: (harness) =>
      withCaches(harness, {}, async (one) => {
        const { opened, open, entered, enter } = gate();
        const old = one.get('user', async () => {
          enter();
          await opened;
          return 'old';
        });
        await entered;
        await one.delete('user');
        const fresh = one.get('user', () => 'new');
        open();
        deepEqual(await Promise.all([old, fresh]), ['old', 'new']);
        equal(await one.get('user'), 'new');
      }),
  },
  {
    name: 'a key whose tag is invalidated while its loader runs is stale at once',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        for (const tags of [['users'], () => ['users']]) {
          await one.delete('user');
          const { opened, open, entered, enter } = gate();
          const load = one.get(
            'user',
            async () => {
              enter();
              await opened;
              return 'old';
            },
            { tags },
          );
          await entered;
          await two.invalidateByTag('users');
          open();
          await load;
          // Tags that are known only after a load are compared by clocks, which may differ between servers.
          await harness.advance(skewMs);
          equal(await two.get('user', () => 'new', { tags }), 'new');
          await until(harness, async () => (await one.get('user')) === 'new', 'the new value');
        }
      }),
  },
  {
    name: 'a tag invalidates what carries it or a tag below it, and nothing else',
    verify: (harness) =>
      withCaches(harness, {}, async (one) => {
        const all = ['a', 'b', 'c', 'd', 'e'];
        /** Here, and for who knows nothing yet. */
        const expect = async (values: readonly unknown[]): Promise<void> => {
          deepEqual(await one.mget(all), values);
          deepEqual(await freshView(harness, (fresh) => fresh.mget(all)), values);
        };
        await one.set('a', 1, { tags: ['users:1'] });
        await one.set('b', 2, { tags: ['users:2', 'teams:9'] });
        await one.set('c', 3, { tags: ['usersX:1'] });
        await one.set('d', 4, { tags: ['__proto__'] });
        await one.set('e', 5);
        await one.invalidateByTag('users:1');
        await expect([undefined, 2, 3, 4, 5]);
        await one.invalidateByTags(['users', '__proto__']);
        await expect([undefined, undefined, 3, undefined, 5]);
        await one.set('b', 6, { tags: ['teams:9', 'users:2'] });
        await one.invalidateByTag('teams');
        await expect([undefined, undefined, 3, undefined, 5]);
      }),
  },
  {
    name: 'clearing a namespace clears it and those below it, and no lookalike',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        const names = ['app_1', 'appX1', 'app', 'app.1'];
        for (const name of names) await one.namespace(name).set('k', name);
        await one.namespace('app_1').namespace('inner').set('k', 'inner');
        await two.namespace('app_1').clear();
        await until(
          harness,
          async () => (await one.namespace('app_1').get('k')) === undefined,
          'the clearing to arrive',
        );
        equal(await one.namespace('app_1').namespace('inner').get('k'), undefined);
        for (const name of names.slice(1)) {
          equal(await one.namespace(name).get('k'), name);
          equal(await freshView(harness, (fresh) => fresh.namespace(name).get('k')), name);
        }
        await two.clear();
        await until(
          harness,
          async () => (await one.namespace('app').get('k')) === undefined,
          'the clearing to arrive',
        );
      }),
  },
  {
    name: 'what one process sets, deletes or invalidates, another soon sees',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        await one.set('a', 1, { tags: ['t'] });
        equal(await two.get('a'), 1);
        await one.set('a', 2, { tags: ['t'] });
        await until(harness, async () => (await two.get('a')) === 2, 'the new value', 2000);
        await two.invalidateByTag('t');
        equal(await two.get('a'), undefined);
        await until(harness, async () => (await one.get('a')) === undefined, 'the invalidation', 2000);
        await two.set('a', 3);
        await until(harness, async () => (await one.get('a')) === 3, 'the value after it', 2000);
        await one.delete('a');
        await until(harness, async () => (await two.get('a')) === undefined, 'the deletion', 2000);
      }),
  },
  {
    name: 'of writes and reads in two processes at once, both end with what the store has',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        for (let round = 0; round < 10; round++) {
          const key = `k${round}`;
          const work: Promise<unknown>[] = [];
          for (let i = 0; i < 10; i++) {
            work.push((i % 2 === 0 ? one : two).set(key, i), one.get(key), two.get(key));
            if (i % 3 === 0) await harness.advance(1);
          }
          await Promise.all(work);
          // Without a read after it, which would hide that the word of a write was lost.
          await Promise.all([one.set(key, 'one'), two.set(key, 'two')]);
          const stored = await freshView(harness, (fresh) => fresh.get(key));
          await until(
            harness,
            async () => (await one.get(key)) === stored && (await two.get(key)) === stored,
            'agreement',
            2000,
          );
        }
      }),
  },
  {
    name: 'warm reads of tagged entries ask the store nothing',
    verify: (harness) => {
      const { store, calls } = counted(harness.first.store);
      return withCaches({ ...harness, first: { ...harness.first, store } }, {}, async (one) => {
        for (let i = 0; i < 20; i++) await one.get(`k${i}`, () => i, { tags: ['t', `t:${i}`] });
        calls.length = 0;
        for (let i = 0; i < 100; i++) equal(await one.get(`k${i % 20}`, () => -1, { tags: ['t'] }), i % 20);
        deepEqual(calls, []);
      });
    },
  },
  {
    name: 'a loader that fails rejects with its own error, and nothing is kept',
    verify: (harness) =>
      withCaches(harness, {}, async (one, two) => {
        const own = new Error('of the loader');
        await rejects(
          one.get('k', () => Promise.reject(own)),
          (error) => error === own,
        );
        equal(await two.get('k', () => 'second'), 'second');
      }),
  },
];

/** What somebody sees who remembers nothing. */
function freshView<T>(harness: CacheHarness, look: (cache: Cache) => Promise<T>): Promise<T> {
  return withCaches(harness, { local: false }, look);
}
