import assert from 'node:assert/strict';
import type { Law } from '../../conformance/law.ts';
import { begun, briefMs, gone, longMs, newSession, pass, there, unique, writing } from './harness.ts';
import type { SessionHarness } from './harness.ts';

const odd = '{"text":"\u{1F600} \\u0000 \u0001\u0002\\n%{}[]\'\\"","n":[1,null,-0.5]}';

export const lifeLaws: readonly Law<SessionHarness>[] = [
  {
    name: 'a session is read as it was given, in every process',
    async verify({ store, other }) {
      const visitor = { address: '2001:db8::7', userAgent: 'Browser/1.0 {x} \u00fc\u0001' };
      const full = await begun(store, { data: odd, user: unique('\u00fcser {a}:b'), ...visitor });
      const bare = await begun(store, { data: '' });
      const found = await there(other, full.id);
      assert.deepEqual(
        [found.data, found.user, found.version, found.address, found.userAgent],
        [odd, full.user, full.version, visitor.address, visitor.userAgent],
      );
      const second = await there(other, bare.id);
      assert.deepEqual(
        [second.data, second.user ?? 'nobody', second.address ?? 'none', second.userAgent ?? 'none'],
        ['', 'nobody', 'none', 'none'],
      );
      await gone(store, unique('id'));
    },
  },
  {
    name: 'names that look alike are of different sessions',
    async verify({ store, other }) {
      const base = unique('id');
      const names = [
        base,
        `${base}_`,
        `${base}%`,
        `${base}*`,
        `${base}A`,
        `${base}a`,
        `${base}:u`,
        `{${base}}`,
      ];
      for (const id of names) await begun(store, { id, data: JSON.stringify(id) });
      for (const id of names) assert.equal((await there(other, id)).data, JSON.stringify(id));
    },
  },
  {
    name: 'times are those of the store, and say how long ago and how much longer',
    async verify(harness) {
      const { store } = harness;
      const { id } = await begun(store);
      const first = await there(store, id);
      assert(first.seenForMs >= 0 && first.endsInMs <= longMs && first.endsInMs > longMs - 300_000);
      assert.equal(first.createdAt, first.seenAt);
      await pass(harness, briefMs);
      const later = await there(store, id);
      assert.deepEqual([later.createdAt, later.seenAt], [first.createdAt, first.seenAt]);
      assert(later.seenForMs >= first.seenForMs + briefMs - 1, 'reading is not being seen');
      assert(later.endsInMs <= first.endsInMs - briefMs + 1);
    },
  },
  {
    name: 'a session that is there is not begun again',
    async verify({ store, other }) {
      const { id, version } = await begun(store, { data: '"first"' });
      const second = newSession({ id, data: '"second"', user: unique('user') });
      assert.equal(await other.create(second), 'taken');
      assert.deepEqual(
        [(await there(store, id)).data, (await there(store, id)).version],
        ['"first"', version],
      );
      assert.deepEqual(await store.list(second.user ?? '', 10), []);
    },
  },
  {
    name: 'of many who begin one session at the same time one does',
    async verify({ store, other }) {
      const id = unique('id');
      const wanted = Array.from({ length: 12 }, () => newSession({ id }));
      const verdicts = await Promise.all(wanted.map((one, i) => (i % 2 === 0 ? store : other).create(one)));
      const winners = wanted.filter((_, i) => verdicts[i] === 'created');
      assert.deepEqual([winners.length, verdicts.filter((one) => one === 'taken').length], [1, 11]);
      assert.equal((await there(store, id)).version, winners[0]?.version);
    },
  },
  {
    name: 'a beginning that is repeated is answered as the first one was',
    async verify({ store, other }) {
      const session = await begun(store, { user: unique('user') });
      assert.equal(await other.create(session), 'created');
      assert.equal((await store.list(session.user ?? '', 10)).length, 1);
    },
  },
  {
    name: 'a session that was not seen for its idle time is over, for every call',
    async verify(harness) {
      const { store, other } = harness;
      const user = unique('user');
      const { id } = await begun(store, { user, idleMs: briefMs });
      await pass(harness, briefMs);
      await gone(other, id);
      assert.deepEqual([await store.write(writing(id)), await store.touch(id, longMs)], ['gone', false]);
      assert.deepEqual(
        [await store.list(user, 10), await store.destroy([id], { token: 't', stoneMs: 1 })],
        [[], [false]],
      );
      assert.equal(await store.destroyOf(user, { token: 't', stoneMs: 1 }), 0);
      await gone(store, id);
    },
  },
  {
    name: 'touching a session begins its idle time anew, and changes nothing else',
    async verify(harness) {
      const { store, other } = harness;
      const { id, version } = await begun(store, { idleMs: longMs / 10, data: '"kept"' });
      const first = await there(store, id);
      await pass(harness, briefMs);
      assert.equal(await other.touch(id, longMs), true);
      const later = await there(store, id);
      assert(later.endsInMs > longMs / 2, 'it lives longer');
      assert(later.seenAt >= first.seenAt + briefMs - 1, 'it was seen');
      assert.deepEqual([later.data, later.version, later.createdAt], ['"kept"', version, first.createdAt]);
      await store.touch(id, briefMs);
      await pass(harness, briefMs);
      await gone(store, id);
    },
  },
  {
    name: 'writing a session begins its idle time anew',
    async verify(harness) {
      const { store } = harness;
      const { id } = await begun(store, { idleMs: longMs / 10 });
      const first = await there(store, id);
      await pass(harness, briefMs);
      assert.equal(await store.write(writing(id)), 'done');
      const later = await there(store, id);
      assert(later.endsInMs > longMs / 2 && later.seenAt >= first.seenAt + briefMs - 1);
    },
  },
  {
    name: 'no session outlives its last moment, however often it is seen',
    async verify(harness) {
      const { store } = harness;
      const { id } = await begun(store, { maxAgeMs: longMs });
      await store.touch(id, 5 * longMs);
      assert((await there(store, id)).endsInMs <= longMs);
      await store.write(writing(id, { idleMs: 5 * longMs }));
      assert((await there(store, id)).endsInMs <= longMs);
      const short = await begun(store, { maxAgeMs: briefMs });
      await pass(harness, briefMs);
      await gone(store, short.id);
    },
  },
  {
    name: 'an id whose session is over by its time may be begun again',
    async verify(harness) {
      const { store, other } = harness;
      const { id } = await begun(store, { idleMs: briefMs, data: '"old"', user: unique('user') });
      await pass(harness, briefMs);
      await begun(other, { id, data: '"new"' });
      assert.deepEqual(
        [(await there(store, id)).data, (await there(store, id)).user ?? 'nobody'],
        ['"new"', 'nobody'],
      );
    },
  },
  {
    name: 'what is over is swept in batches, and nothing else',
    needs: ({ store }) => store.capabilities.sweeps,
    async verify(harness) {
      const { store, other } = harness;
      // What others have left behind.
      while ((await store.sweep(1_000)).more);
      const kept = await begun(store);
      for (let i = 0; i < 5; i++) await begun(store, { idleMs: 1 });
      await store.destroy([unique('id')], { token: unique('t'), stoneMs: 1 });
      const stone = unique('id');
      await store.destroy([stone], { token: unique('t'), stoneMs: longMs });
      await pass(harness, 1);
      // A store may leave what is over for a while, as long as nobody sees it.
      let removed = 0;
      for (let more = true; more;) {
        const swept = await other.sweep(2);
        assert(swept.removed <= 2);
        removed += swept.removed;
        more = swept.more;
      }
      assert(removed <= 6, 'only what is over');
      await there(store, kept.id);
      assert.equal(await store.create(newSession({ id: stone })), 'ended');
    },
  },
];
