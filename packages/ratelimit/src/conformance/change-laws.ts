import assert from 'node:assert/strict';
import type { LimitStore } from '../store.ts';
import {
  bare,
  charge,
  kinds,
  longMs,
  peek,
  Reference,
  remaining,
  ruleWith,
  take,
  unique,
  type LimitHarness,
} from './harness.ts';
import type { Law } from './law.ts';

const counting = kinds.filter((kind) => kind !== 'concurrency');

const hold = async (
  store: LimitStore,
  what: 'release' | 'renew',
  holds: Parameters<LimitStore['renew']>[0],
) => (await store[what](holds)).map(({ held }) => held);

export const changeLaws: readonly Law<LimitHarness>[] = [
  {
    name: 'penalties charge without asking up to twice the burst, and rewards give back what was charged',
    async verify({ store, advance }) {
      for (const kind of counting) {
        const usual = ruleWith({ kind, limit: 4, periodMs: 400 });
        const larger = { ...usual, limit: 6, burst: 6 };
        const identity = unique('i');
        const reference = new Reference();
        for (const [i, by] of [1, 3, 2, 9, 1, -3, -2, 4, -20, -1, 5, -1, 13, -4].entries()) {
          // By another limit it drains otherwise, and goes further.
          const rule = i % 3 === 2 ? larger : usual;
          const [standing] = await store.adjust([{ rule, identity, by }]);
          assert(standing !== undefined);
          const expected = reference.book.adjust({ rule, identity }, by, standing.at);
          assert.deepEqual(bare(standing), bare(expected), `${kind} by ${by}`);
          const one = charge(rule, identity, 2);
          reference.peek(one, await peek(store, one));
          await advance(30);
        }
      }
    },
  },
  {
    name: 'a block denies everything until it is over or ended, and costs nothing',
    async verify({ store, other, advance }) {
      for (const kind of kinds) {
        const rule = ruleWith({ kind, limit: 3 });
        const identity = unique('i');
        const [blocked] = await store.block([{ rule, identity, forMs: longMs }]);
        assert.deepEqual([blocked?.ok, blocked?.blockedMs, blocked?.remaining], [false, longMs, 0]);
        const { ok, standings } = await take(other, [charge(rule, identity)], { holder: 'h' });
        assert.equal(ok, false);
        assert(standings[0] !== undefined && standings[0].retryAfterMs > longMs / 2);
        await store.block([{ rule, identity, forMs: 0 }]);
        assert.equal(await remaining(other, rule, identity), 3, kind);
      }
      const rule = ruleWith({ limit: 3 });
      const identity = unique('i');
      await take(store, [charge(rule, identity)]);
      const [begun] = await store.block([{ rule, identity, forMs: 100 }]);
      assert(begun !== undefined);
      for (let over = false; !over;) {
        const { ok, at: now } = await take(store, [charge(rule, identity)]);
        assert.equal(ok, now >= begun.at + 100);
        over = ok;
        await advance(20);
      }
      assert.equal(await remaining(store, rule, identity), 1);
    },
  },
  {
    name: 'who exceeds a rule with a plan is blocked, longer each time until that is forgotten',
    async verify({ store, advance }) {
      const block = { forMs: 40, factor: 2, maxMs: 120, forgetMs: 150 };
      const rule = ruleWith({ kind: 'fixed', limit: 1, periodMs: 30, block });
      const reference = new Reference();
      const identity = unique('i');
      const ask = async (): Promise<void> => {
        const request = { charges: [charge(rule, identity)] };
        reference.take(request, await take(store, request.charges));
      };
      for (const pause of [0, 0, 10, 45, 0, 90, 0, 5, 130, 0, 130, 0, 330, 0, 0]) {
        await ask();
        await advance(pause);
      }
    },
  },
  {
    name: 'only the rule that was exceeded blocks, and only where it was a call',
    async verify({ store }) {
      const block = { forMs: longMs, factor: 1, maxMs: longMs, forgetMs: longMs };
      const [one, two] = [ruleWith({ limit: 1, block }), ruleWith({ limit: 2, block })];
      const identity = unique('i');
      const both = [charge(one, identity), charge(two, identity)];
      await take(store, both);
      await peek(store, charge(two, identity, 2));
      const { standings } = await take(store, both);
      assert.deepEqual(
        standings.map(({ blockedMs }) => blockedMs),
        [longMs, 0],
      );
      await store.adjust([{ rule: two, identity, by: 2 }]);
      assert.equal((await peek(store, charge(two, identity))).blockedMs, 0);
    },
  },
  {
    name: 'a reset is about one identity and one rule, and takes blocks along',
    async verify({ store, other }) {
      for (const kind of kinds) {
        const [rule, second] = [ruleWith({ kind, limit: 2 }), ruleWith({ kind, limit: 2 })];
        const [ann, bob] = [unique('i'), unique('i')];
        for (const identity of [ann, bob])
          await take(store, [charge(rule, identity), charge(second, identity)], { holder: 'h' });
        await store.block([{ rule, identity: ann, forMs: longMs }]);
        await other.reset([{ rule, identity: ann }]);
        const left = [
          await remaining(store, rule, ann),
          await remaining(store, second, ann),
          await remaining(store, rule, bob),
        ];
        assert.deepEqual(left, [2, 1, 1], kind);
      }
    },
  },
  {
    name: 'slots are held by their holder until they are given back',
    async verify({ store, other }) {
      const rule = ruleWith({ kind: 'concurrency', limit: 4 });
      const identity = unique('i');
      const ask = (holder: string, cost = 1) => take(store, [charge(rule, identity, cost)], { holder });
      assert.deepEqual(
        [(await ask('a', 3)).ok, (await ask('b', 2)).ok, (await ask('b')).ok],
        [true, false, true],
      );
      // Who has some gets no more, and is not denied.
      assert.deepEqual([(await ask('a', 3)).ok, (await ask('c')).ok], [true, false]);
      assert.equal(await remaining(store, rule, identity), 0);
      const holds = ['a', 'nobody', 'a'].map((holder) => ({ rule, identity, holder }));
      assert.deepEqual(await hold(other, 'release', holds), [true, false, false]);
      assert.equal(await remaining(store, rule, identity), 3);
      assert.deepEqual(await hold(store, 'renew', [...holds, { rule, identity, holder: 'b' }]), [
        false,
        false,
        false,
        true,
      ]);
      assert.equal((await ask('c', 3)).ok, true);
    },
  },
  {
    name: 'slots that nobody renews come back by themselves',
    async verify({ store, other, advance }) {
      const rule = ruleWith({ kind: 'concurrency', limit: 4, periodMs: 400 });
      const identity = unique('i');
      const reference = new Reference();
      const ask = async (holder: string, cost: number): Promise<void> => {
        const request = { charges: [charge(rule, identity, cost)], holder };
        reference.take(request, await take(store, request.charges, request));
      };
      await ask('a', 1);
      await ask('b', 2);
      for (let i = 0; i < 5; i++) {
        await advance(120);
        const [renewed] = await other.renew([{ rule, identity, holder: 'b' }]);
        assert(renewed !== undefined);
        const expected = reference.book.renew({ rule, identity }, 'b', renewed.at);
        assert.equal(renewed.held, expected.held);
        reference.peek(charge(rule, identity, 2), await peek(store, charge(rule, identity, 2)));
      }
      await advance(450);
      await ask('c', 4);
    },
  },
];
