import assert from 'node:assert/strict';
import type { Law } from '../../conformance/law.ts';
import {
  begun,
  briefMs,
  ending,
  gone,
  idsOf,
  longMs,
  newSession,
  pass,
  rotating,
  there,
  unique,
  writing,
} from './harness.ts';
import type { SessionHarness } from './harness.ts';

const rounds = 8;

export const changeLaws: readonly Law<SessionHarness>[] = [
  {
    name: 'a write in the version that was seen is carried out, in another one it is a conflict',
    async verify({ store, other }) {
      const { id, version } = await begun(store, { data: '1' });
      const second = writing(id, { seen: version, data: '2' });
      assert.equal(await store.write(second), 'done');
      assert.equal(await other.write(writing(id, { seen: version, data: '3' })), 'conflict');
      const found = await there(other, id);
      assert.deepEqual([found.data, found.version], ['2', second.version]);
      assert.equal(await store.write(writing(unique('id'), { seen: version })), 'gone');
    },
  },
  {
    name: 'a write that is repeated is answered as the first one was',
    async verify({ store, other }) {
      const { id, version } = await begun(store);
      const change = writing(id, { seen: version, data: '2' });
      assert.deepEqual([await store.write(change), await other.write(change)], ['done', 'done']);
      assert.equal((await there(store, id)).data, '2');
    },
  },
  {
    name: 'a change that is repeated beside its first copy is done in both eyes',
    async verify({ store, other }) {
      const { id } = await begun(store);
      let [at, seen] = [id, (await there(store, id)).version];
      for (let i = 0; i < rounds; i++) {
        const change = writing(at, { seen, data: `${i}` });
        const both = await Promise.all([store.write(change), other.write(change)]);
        const rotation = rotating(store, at, { seen: change.version });
        const moved = await Promise.all([other.rotate(rotation), store.rotate(rotation)]);
        assert.deepEqual([...both, ...moved], ['done', 'done', 'done', 'done']);
        [at, seen] = [rotation.to, rotation.version];
      }
      assert.equal((await there(store, at)).data, `${rounds - 1}`);
    },
  },
  {
    name: 'a write that has seen nothing replaces whatever is there',
    async verify({ store, other }) {
      const { id } = await begun(store, { data: '1' });
      await store.write(writing(id, { data: '2' }));
      assert.equal(await other.write(writing(id, { data: '3' })), 'done');
      assert.equal((await there(store, id)).data, '3');
    },
  },
  {
    name: 'of many who write in one version at the same time one does',
    async verify({ store, other }) {
      const { id, version } = await begun(store);
      const wanted = Array.from({ length: 12 }, (_, i) => writing(id, { seen: version, data: `${i}` }));
      const verdicts = await Promise.all(wanted.map((one, i) => (i % 2 === 0 ? store : other).write(one)));
      const winners = wanted.filter((_, i) => verdicts[i] === 'done');
      assert.deepEqual([winners.length, verdicts.filter((one) => one === 'conflict').length], [1, 11]);
      assert.equal((await there(store, id)).data, winners[0]?.data);
    },
  },
  {
    name: 'sessions of a user are listed, last seen first, with what is known of them',
    async verify(harness) {
      const { store, other } = harness;
      const user = unique('user');
      const visitor = { address: '192.0.2.1', userAgent: 'a' };
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) {
        ids.push((await begun(store, { user, ...visitor })).id);
        await pass(harness, 2);
      }
      const [first = '', second = '', third = ''] = ids;
      await begun(store, { user: `${user}.` });
      await begun(store);
      assert.deepEqual(idsOf(await other.list(user, 10)), [third, second, first]);
      await pass(harness, 2);
      await store.touch(first, longMs);
      const [seen, ...rest] = await other.list(user, 2);
      assert.deepEqual([seen?.id, ...idsOf(rest)], [first, third]);
      const { createdAt, seenAt } = await there(store, first);
      assert.deepEqual(
        [seen?.address, seen?.userAgent, seen?.createdAt, seen?.seenAt],
        [visitor.address, visitor.userAgent, createdAt, seenAt],
      );
      assert((seen?.seenForMs ?? -1) >= 0 && (seen?.endsInMs ?? 0) > longMs / 2);
      await store.destroy([first], ending());
      assert.deepEqual(idsOf(await store.list(user, 10)), [third, second]);
    },
  },
  {
    name: 'a session is in the list of whom it was given to, and in no other',
    async verify({ store, other }) {
      const [ann, bob] = [unique('user'), unique('user')];
      const { id } = await begun(store);
      const lists = async (): Promise<string[][]> => [
        idsOf(await other.list(ann, 10)),
        idsOf(await other.list(bob, 10)),
      ];
      await store.write(writing(id, { user: ann }));
      assert.deepEqual(await lists(), [[id], []]);
      await store.write(writing(id));
      assert.deepEqual([(await there(store, id)).user, await lists()], [ann, [[id], []]]);
      await store.write(writing(id, { user: bob }));
      assert.deepEqual(await lists(), [[], [id]]);
      await store.write(writing(id, { user: null }));
      assert.deepEqual([(await there(store, id)).user ?? 'nobody', await lists()], ['nobody', [[], []]]);
    },
  },
  {
    name: 'a rotated session is under its new id alone, with all it had',
    async verify({ store, other }) {
      const user = unique('user');
      const session = await begun(store, { user, data: '"d"', address: 'x', userAgent: 'y' });
      const before = await there(store, session.id);
      const rotation = rotating(store, session.id);
      assert.equal(await other.rotate(rotation), 'done');
      await gone(store, session.id);
      const found = await there(store, rotation.to);
      assert.deepEqual(
        [found.user, found.data, found.address, found.userAgent, found.version, found.createdAt],
        [user, '"d"', 'x', 'y', rotation.version, before.createdAt],
      );
      assert.deepEqual(idsOf(await store.list(user, 10)), [rotation.to]);
      assert.deepEqual(
        [await store.write(writing(session.id)), await store.create(newSession({ id: session.id }))],
        ['gone', 'ended'],
      );
      assert.equal(await store.write(writing(rotation.to, { seen: rotation.version })), 'done');
    },
  },
  {
    name: 'a session may be given to a user and changed while it is rotated',
    async verify({ store, other }) {
      const user = unique('user');
      const { id, version } = await begun(store, { data: '"old"' });
      const more = { seen: version, user, data: '"new"', address: 'x', userAgent: 'y' };
      const rotation = rotating(store, id, more);
      assert.equal(await other.rotate(rotation), 'done');
      const found = await there(store, rotation.to);
      assert.deepEqual([found.user, found.data, found.address, found.userAgent], [user, '"new"', 'x', 'y']);
      assert.deepEqual(idsOf(await store.list(user, 10)), [rotation.to]);
    },
  },
  {
    name: 'a rotation that is repeated is answered as the first one was',
    async verify({ store, other }) {
      const { id } = await begun(store);
      const rotation = rotating(store, id);
      assert.deepEqual([await store.rotate(rotation), await other.rotate(rotation)], ['done', 'done']);
      assert.equal(await store.rotate(rotating(store, id)), 'gone');
      await there(store, rotation.to);
    },
  },
  {
    name: 'a rotation in a version that was not seen changes nothing',
    async verify({ store, other }) {
      const { id } = await begun(store);
      const rotation = rotating(store, id, { seen: unique('v') });
      assert.equal(await other.rotate(rotation), 'conflict');
      await there(store, id);
      await gone(store, rotation.to);
      assert.equal(await store.rotate(rotating(store, unique('id'), { seen: 'v' })), 'gone');
    },
  },
  {
    name: 'a rotation moves the last moment only if it is told to',
    async verify(harness) {
      const { store } = harness;
      const { id } = await begun(store, { maxAgeMs: longMs });
      const before = await there(store, id);
      const first = rotating(store, id, { idleMs: 5 * longMs });
      await store.rotate(first);
      const kept = await there(store, first.to);
      assert(kept.endsInMs <= longMs, 'it keeps its last moment');
      await pass(harness, briefMs);
      const second = rotating(store, first.to, { idleMs: 5 * longMs, maxAgeMs: 5 * longMs });
      await store.rotate(second);
      const renewed = await there(store, second.to);
      assert(renewed.endsInMs > 2 * longMs, 'its life begins anew');
      assert(renewed.createdAt >= before.createdAt + briefMs - 1);
    },
  },
];
