import assert from 'node:assert/strict';
import { isParleyError } from '@parley/cache-core/kernel';
import type { PresenceStore, StoreCall } from '../store.ts';
import { longMs, membersOf, Party, set, toldOf, unique, viewOf, type PresenceHarness } from './harness.ts';
import type { Law } from './law.ts';

/** One call of each kind. */
const calls = (
  { lease }: Party,
  channel: string,
): Readonly<Record<string, (store: PresenceStore, options?: StoreCall) => Promise<unknown>>> => ({
  open: (store, options) => store.open(unique('lease'), 1, options),
  beat: (store, options) => store.beat(lease, longMs, options),
  change: (store, options) =>
    store.change({ lease, turn: 1_000, changes: [set(channel, 'late', 't')] }, options),
  end: (store, options) => store.end([unique('lease')], options),
  reap: (store, options) => store.reap(0, options),
  read: (store, options) => store.read([{ channel, limit: 1 }], options),
});

async function failureOf(name: string, call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => assert.fail(`${name} must fail`),
    (error: unknown) => error,
  );
}

async function eventually<T>(
  { advance }: Pick<PresenceHarness, 'advance'>,
  question: () => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await question();
    } catch (error) {
      if (tries >= 600) throw error;
      await advance(50);
    }
  }
}

export const faultLaws: readonly Law<PresenceHarness>[] = [
  {
    name: 'a call whose caller has given up ends, and changes nothing when it was given up before',
    async verify({ store }) {
      const channel = unique('c');
      const one = await Party.open(store);
      for (const [name, call] of Object.entries(calls(one, channel))) {
        const error = await failureOf(name, call(store, { signal: AbortSignal.abort() }));
        assert(isParleyError(error, 'ABORTED'), `${name} must say that it was given up`);
      }
      assert.deepEqual(await membersOf(store, channel), []);
      for (const [name, call] of Object.entries(calls(one, channel))) {
        const giving = new AbortController();
        const outcome = call(store, { signal: giving.signal }).then(
          () => undefined,
          (error: unknown) => error,
        );
        giving.abort();
        const error = await outcome;
        assert(error === undefined || isParleyError(error, 'ABORTED'), `${name} must be done or given up`);
      }
      const { verdict } = await one.try([set(channel, 'ann', 't')], { turn: 1_001 });
      assert.equal(verdict, 'done');
    },
  },
  {
    name: 'a store that is away says so, repeats nothing, and goes on when it is back',
    needs: 'cut',
    async verify(harness) {
      const { store, cut } = harness;
      assert(cut !== undefined);
      const channel = unique('c');
      const one = await Party.open(store);
      await one.change(set(channel, 'ann', 't'));
      assert.equal((await store.health()).status, 'up');
      const heal = await cut();
      try {
        for (const [name, call] of Object.entries(calls(one, channel))) {
          const error = await failureOf(name, call(store));
          assert(
            isParleyError(error, 'STORE_UNAVAILABLE'),
            `${name} must be unavailable, not ${String(error)}`,
          );
          assert(error.cause !== undefined, `${name} must tell why`);
        }
        assert.notEqual((await store.health()).status, 'up');
      } finally {
        await heal();
      }
      const { held } = await eventually(harness, () => store.beat(one.lease, longMs));
      assert.equal(held, true);
      const changed = await one.change(set(channel, 'bob', 't'));
      assert.deepEqual(toldOf(changed, channel), ['join bob 1']);
      // A store may read over another connection, which comes back by itself.
      assert.deepEqual(await eventually(harness, () => membersOf(store, channel)), ['ann 1', 'bob 1']);
      assert.equal((await store.health()).status, 'up');
    },
  },
  {
    name: 'a store that may have lost what it had answered for is in another epoch, and so are its channels',
    needs: 'fallBehind',
    async verify(harness) {
      const { store, fallBehind } = harness;
      assert(fallBehind !== undefined);
      const [here, there] = [unique('c'), unique('c')];
      const one = await Party.open(store);
      await one.change(set(here, 'ann', 't'), set(there, 'ann', 't'));
      const before = await store.beat(one.lease, longMs);
      const views = [await viewOf(store, here), await viewOf(store, there)];
      const take = await fallBehind();
      const lost = await one.change(set(here, 'bob', 't'), set(here, 'ann', 't', { value: 'x' }));
      assert.equal(toldOf(lost, here).length, 2);
      await take();
      const { epoch } = await eventually(harness, () => store.beat(one.lease, longMs));
      assert.notEqual(epoch, before.epoch, 'who beats must be told');
      const known = views.map((view) => view.epoch);
      for (const offset of [1, 3]) {
        // Of what was cut, some is noticed only now.
        const view = await eventually(harness, () => viewOf(store, here, { epoch: known[0] ?? '', offset }));
        assert(view.epoch !== known[0], 'who knows the old log must not take this one for it');
        assert.equal(view.diffs, undefined);
      }
      await one.renew();
      const again = await one.change(set(here, 'cy', 't'), set(there, 'cy', 't'));
      for (const appended of again.appended)
        assert(!known.includes(appended.epoch), 'what is told now must not go on from what was lost');
      // Nobody's offset means two things in one epoch.
      const now = await viewOf(store, here);
      assert.equal(again.appended.find(({ channel }) => channel === here)?.epoch, now.epoch);
    },
  },
];
