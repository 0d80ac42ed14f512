import assert from 'node:assert/strict';
import {
  charge,
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

const token = (id: string, keepMs = longMs) => ({ token: { id, keepMs } });

export const requestLaws: readonly Law<LimitHarness>[] = [
  {
    name: 'a request is charged as a whole or not at all, and what is denied costs nothing',
    async verify({ store, other }) {
      const [wide, narrow] = [ruleWith({ limit: 10 }), ruleWith({ kind: 'fixed', limit: 2 })];
      const identity = unique('i');
      const both = [charge(wide, identity, 2), charge(narrow, identity)];
      for (const ok of [true, true, false, false, false]) assert.equal((await take(store, both)).ok, ok);
      const { standings } = await take(other, both);
      assert.deepEqual(
        standings.map((one) => [one.ok, one.remaining]),
        [
          [true, 6],
          [false, 0],
        ],
      );
      assert.deepEqual(
        [await remaining(store, wide, identity), await remaining(store, narrow, identity)],
        [6, 0],
      );
    },
  },
  {
    name: 'a request over several identities is charged as a whole or not at all',
    async verify({ store }) {
      const rule = ruleWith({ limit: 6 });
      const names = Array.from({ length: 8 }, () => unique('i'));
      const [last = ''] = names.slice(-1);
      await take(store, [charge(rule, last, 4)]);
      const all = names.map((name) => charge(rule, name, 2));
      const [one, two] = [await take(store, all), await take(store, all)];
      assert.deepEqual([one.ok, two.ok], [true, false]);
      assert.deepEqual(
        two.standings.map(({ ok }) => ok),
        names.map((name) => name !== last),
      );
      // Where this takes several steps, what was reserved is given back by the end of the call.
      for (const name of names.slice(0, -1)) assert.equal(await remaining(store, rule, name), 4);
      assert.equal(await remaining(store, rule, last), 0);
    },
  },
  {
    name: 'charges in shadow decide nothing, and are made where they can be',
    async verify({ store }) {
      const [rule, shadow] = [ruleWith({ limit: 3 }), ruleWith({ kind: 'log', limit: 1 })];
      const identity = unique('i');
      const both = [charge(rule, identity), charge(shadow, identity, 1, true)];
      const seen = [];
      for (let i = 0; i < 4; i++) {
        const { ok, standings } = await take(store, both);
        seen.push([ok, ...standings.map((one) => one.ok)]);
      }
      assert.deepEqual(seen, [
        [true, true, true],
        [true, true, false],
        [true, true, false],
        [false, false, false],
      ]);
      const denied = unique('i');
      await take(store, [charge(rule, denied, 3)]);
      await take(store, [charge(rule, denied), charge(shadow, denied, 1, true)]);
      assert.equal(await remaining(store, shadow, denied), 1);
    },
  },
  {
    name: 'a request that was admitted under a token changes nothing when it comes again',
    async verify({ store, other }) {
      const [rule, log] = [ruleWith({ limit: 3 }), ruleWith({ kind: 'log', limit: 3 })];
      const identity = unique('i');
      const charges = [charge(rule, identity, 2), charge(log, identity)];
      const first = await take(store, charges, token('t'));
      assert.deepEqual([first.ok, first.replayed], [true, false]);
      for (const each of [store, other, store]) {
        const { ok, replayed, standings } = await take(each, charges, token('t'));
        assert.deepEqual([ok, replayed], [true, true]);
        assert.deepEqual(
          standings.map((one) => [one.ok, one.remaining, one.retryAfterMs]),
          [
            [true, 1, 0],
            [true, 2, 0],
          ],
        );
      }
      // Whatever else happened.
      await store.block([{ rule, identity, forMs: longMs }]);
      assert.equal((await take(other, charges, token('t'))).ok, true);
      assert.equal((await take(other, charges, token('u'))).ok, false);
      await store.reset([{ rule, identity }]);
      assert.equal((await take(other, charges, token('t'))).replayed, true);
      assert.equal(await remaining(store, rule, identity), 3);
    },
  },
  {
    name: 'a request that was denied under a token is decided anew',
    async verify({ store }) {
      const rule = ruleWith({ limit: 1 });
      const identity = unique('i');
      await take(store, [charge(rule, identity)]);
      assert.equal((await take(store, [charge(rule, identity)], token('t'))).ok, false);
      await store.reset([{ rule, identity }]);
      const { ok, replayed } = await take(store, [charge(rule, identity)], token('t'));
      assert.deepEqual([ok, replayed], [true, false]);
    },
  },
  {
    name: 'a token belongs to its request, and another one with the same token is charged',
    async verify({ store }) {
      const [rule, other] = [ruleWith(), ruleWith()];
      const [ann, bob] = [unique('i'), unique('i')];
      const requests = [
        [charge(rule, ann)],
        [charge(rule, bob)],
        [charge(other, ann)],
        [charge(rule, ann), charge(other, ann)],
        [charge({ ...rule, kind: 'log' }, ann)],
      ];
      for (const again of [false, true]) {
        for (const charges of requests)
          assert.equal((await take(store, charges, token('t'))).replayed, again);
      }
      assert.equal(await remaining(store, rule, ann), 3);
    },
  },
  {
    name: 'a token is forgotten after its time',
    async verify({ store, advance }) {
      const rule = ruleWith();
      const identity = unique('i');
      const ask = () => take(store, [charge(rule, identity)], token('t', 60));
      const first = await ask();
      await advance(20);
      const second = await ask();
      assert.equal(second.replayed, second.at < first.at + 60);
      await advance(200);
      const third = await ask();
      assert.deepEqual([third.ok, third.replayed], [true, false]);
    },
  },
  {
    name: 'requests of one call are decided in their order',
    async verify({ store }) {
      const [rule, other] = [ruleWith({ limit: 3 }), ruleWith({ limit: 1 })];
      const identity = unique('i');
      const costs = [2, 2, 1, 1];
      const taken = await store.take([
        ...costs.map((cost) => ({ charges: [charge(rule, identity, cost)] })),
        { charges: [charge(other, unique('i'))] },
        { charges: [charge(rule, identity), charge(other, identity)] },
      ]);
      assert.deepEqual(
        taken.map(({ ok }) => ok),
        [true, false, true, false, true, false],
      );
      assert.equal(await remaining(store, other, identity), 1);
    },
  },
  {
    name: 'one call carries as much as the store allows, or nothing',
    async verify({ store, other }) {
      const rule = ruleWith();
      const count = Math.min(200, store.capabilities.maxBatch);
      const names = Array.from({ length: count }, () => unique('i'));
      const taken = await store.take(
        names.map((name, i) => ({ charges: [charge(rule, name, 1 + (i % 5))] })),
      );
      assert.deepEqual(
        taken.map(({ standings }) => standings[0]?.remaining),
        names.map((_, i) => 4 - (i % 5)),
      );
      const peeked = await other.peek(names.map((name) => charge(rule, name)));
      assert.deepEqual(
        peeked.map((one) => one.remaining),
        names.map((_, i) => 4 - (i % 5)),
      );
      const none = [store.take([]), store.peek([]), store.adjust([]), store.block([]), store.release([])];
      assert.deepEqual(await Promise.all([...none, store.renew([])]), [[], [], [], [], [], []]);
      await store.reset([]);
    },
  },
  {
    name: 'of many who ask at once no more are admitted than there is',
    async verify({ store, other }) {
      for (const kind of ['gcra', 'sliding', 'log', 'concurrency'] as const) {
        const [rule, second] = [ruleWith({ kind, limit: 10 }), ruleWith({ limit: 15 })];
        const identity = unique('i');
        const all = await Promise.all(
          Array.from({ length: 60 }, (_, i) =>
            take(i % 2 === 0 ? store : other, [charge(rule, identity), charge(second, identity)], {
              holder: `h${i}`,
            }),
          ),
        );
        assert.equal(all.filter(({ ok }) => ok).length, 10, kind);
        assert.equal(await remaining(store, second, identity), 5);
      }
    },
  },
  {
    name: 'a look changes nothing',
    async verify({ store }) {
      const rule = ruleWith({
        limit: 2,
        block: { forMs: longMs, factor: 1, maxMs: longMs, forgetMs: longMs },
      });
      const reference = new Reference();
      const identity = unique('i');
      for (const cost of [1, 1, 2, 2]) {
        reference.peek(charge(rule, identity, cost), await peek(store, charge(rule, identity, cost)));
        const request = { charges: [charge(rule, identity)] };
        reference.peek(charge(rule, identity, cost), await peek(store, charge(rule, identity, cost)));
        if (cost === 1) reference.take(request, await take(store, request.charges));
      }
      assert.equal((await peek(store, charge(rule, identity))).blockedMs, 0);
    },
  },
  {
    name: 'names mean nothing',
    async verify({ store, other }) {
      const rule = ruleWith({ limit: 1 });
      const hostile = [
        'a',
        'a:b',
        'a:',
        ':a',
        '{a}',
        '}{',
        'a{b}',
        'a*',
        'a%',
        'a%7D',
        '__proto__',
        '\'"\\',
        'ü漢🜁',
      ];
      const prefix = unique('i');
      const names = hostile.flatMap((name) => [name, name.toUpperCase(), `${name} `]);
      for (const name of new Set(names.map((each) => prefix + each))) {
        const { ok, replayed } = await take(store, [charge(rule, name)], token(`t${name}`));
        assert.deepEqual([ok, replayed], [true, false], name);
        assert.equal((await take(other, [charge(rule, name)])).ok, false, name);
      }
      const slots = ruleWith({ kind: 'concurrency', limit: names.length });
      const holders = new Set(names);
      for (const holder of holders)
        assert.equal((await take(store, [charge(slots, prefix)], { holder })).ok, true);
      assert.equal(await remaining(store, slots, prefix), names.length - holders.size);
      const [first] = await store.release([{ rule: slots, identity: prefix, holder: 'a:b' }]);
      assert.equal(first?.held, true);
      assert.equal(await remaining(store, slots, prefix), names.length - holders.size + 1);
    },
  },
];
