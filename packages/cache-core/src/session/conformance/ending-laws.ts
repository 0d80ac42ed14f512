import assert from 'node:assert/strict';
import type { Law } from '../../conformance/law.ts';
import {
  begun,
  briefMs,
  ending,
  gone,
  idsOf,
  newSession,
  pass,
  rotating,
  there,
  unique,
  writing,
} from './harness.ts';
import type { SessionHarness } from './harness.ts';
import type { Ending } from '../session-store.ts';

const rounds = 12;

export const endingLaws: readonly Law<SessionHarness>[] = [
  {
    name: 'what was destroyed comes back by nothing that comes later',
    async verify({ store, other }) {
      const session = await begun(store, { user: unique('user') });
      const { id, user = '', version } = session;
      assert.deepEqual(await other.destroy([id], ending()), [true]);
      assert.deepEqual(
        [
          await store.write(writing(id)),
          await store.write(writing(id, { seen: version })),
          await store.write(writing(id, { version })),
          await store.touch(id, 1_000),
          await store.rotate(rotating(store, id)),
          await store.create(session),
          await other.create(newSession({ id, user })),
        ],
        ['gone', 'gone', 'gone', false, 'gone', 'ended', 'ended'],
      );
      await gone(store, id);
      assert.deepEqual(await store.list(user, 10), []);
    },
  },
  {
    name: 'whoever destroys a session is told so, also when asking again; others are not',
    async verify({ store, other }) {
      const [one, two] = [await begun(store), await begun(store)];
      const [first, second] = [ending(), ending()];
      const unknown = unique('id');
      assert.deepEqual(await store.destroy([one.id, unknown], first), [true, false]);
      assert.deepEqual(await other.destroy([unknown, two.id, one.id], first), [false, true, true]);
      assert.deepEqual(await store.destroy([one.id, two.id], second), [false, false]);
      assert.deepEqual(await store.destroy([one.id, one.id], first), [true, true]);
      await gone(store, one.id, two.id);
    },
  },
  {
    name: 'a beginning that comes after the end is refused, also if it never was there before',
    async verify({ store, other }) {
      const session = newSession({ user: unique('user') });
      assert.deepEqual(await store.destroy([session.id], ending()), [false]);
      assert.equal(await other.create(session), 'ended');
      await gone(store, session.id);
    },
  },
  {
    name: 'the stone of what was destroyed goes with its time',
    async verify(harness) {
      const { store, other } = harness;
      const { id } = await begun(store);
      await store.destroy([id], { ...ending(), stoneMs: briefMs });
      await pass(harness, briefMs);
      assert.equal(await other.create(newSession({ id })), 'created');
    },
  },
  {
    name: 'whatever comes at the same time as the end of a session, it is over afterwards',
    async verify({ store, other }) {
      for (let i = 0; i < rounds; i++) {
        const session = await begun(store, { user: unique('user') });
        const { id, user = '', version } = session;
        const rotation = rotating(store, id);
        await Promise.all([
          store.write(writing(id)),
          other.touch(id, 60_000),
          other.write(writing(id, { seen: version })),
          i % 3 === 0 ? store.rotate(rotation) : 'gone',
          i % 2 === 0 ? other.destroy([id], ending()) : other.destroyOf(user, { ...ending(), only: id }),
          store.create(session),
        ]);
        await gone(store, id, rotation.to);
        assert.deepEqual(await store.list(user, 10), []);
      }
    },
  },
  {
    name: 'whoever ends a session by an id that it had ends it, and is told so',
    async verify({ store, other }) {
      for (const by of ['id', 'user']) {
        const user = unique('user');
        const { id } = await begun(store, { user });
        const first = rotating(store, id);
        const second = rotating(store, first.to);
        await store.rotate(first);
        await other.rotate(second);
        const stranger = { ...ending(), only: id };
        assert.equal(await other.destroyOf(unique('user'), stranger), 0);
        await there(store, second.to);
        const how = ending();
        const end = async (by: string, how: Ending): Promise<number> =>
          by === 'id'
            ? Number((await other.destroy([id], how))[0])
            : other.destroyOf(user, { ...how, only: id });
        assert.deepEqual([await end(by, how), await end(by, how), await end(by, ending())], [1, 1, 0]);
        await gone(store, id, first.to, second.to);
        assert.deepEqual(
          [await store.list(user, 10), await store.create(newSession({ id: second.to }))],
          [[], 'ended'],
        );
      }
    },
  },
  {
    name: 'an id that was given up leads nowhere when its stone has gone',
    async verify(harness) {
      const { store, other } = harness;
      const { id } = await begun(store);
      const rotation = rotating(store, id, { stoneMs: briefMs });
      await store.rotate(rotation);
      await pass(harness, briefMs);
      assert.deepEqual(await other.destroy([id], ending()), [false]);
      await there(store, rotation.to);
    },
  },
  {
    name: 'all sessions of a user end together, but for the one that is excepted',
    async verify({ store, other }) {
      const [user, stranger] = [unique('user'), unique('user')];
      const own = [];
      for (let i = 0; i < 6; i++) own.push((await begun(store, { user })).id);
      const [kept = '', ...rest] = own;
      const others = [await begun(store, { user: stranger }), await begun(store)];
      assert.equal(await other.destroyOf(user, { ...ending(), except: kept }), 5);
      await gone(store, ...rest);
      assert.deepEqual(idsOf(await store.list(user, 10)), [kept]);
      assert.equal(await store.create(newSession({ id: rest[0] ?? '' })), 'ended');
      assert.equal(await store.destroyOf(user, ending()), 1);
      assert.equal(await store.destroyOf(user, ending()), 0);
      await gone(store, kept);
      for (const { id } of others) await there(other, id);
    },
  },
  {
    name: 'one session of a user is ended by its user alone, and that may be repeated',
    async verify({ store, other }) {
      const [user, thief] = [unique('user'), unique('user')];
      const [one, two] = [await begun(store, { user }), await begun(store, { user })];
      const nobody = await begun(store);
      assert.equal(await store.destroyOf(thief, { ...ending(), only: one.id }), 0);
      assert.equal(await store.destroyOf(user, { ...ending(), only: nobody.id }), 0);
      await there(store, one.id);
      await there(store, nobody.id);
      const how = { ...ending(), only: one.id };
      assert.deepEqual([await store.destroyOf(user, how), await other.destroyOf(user, how)], [1, 1]);
      assert.equal(await store.destroyOf(user, { ...ending(), only: one.id }), 0);
      assert.equal(await store.create(newSession({ id: one.id })), 'ended');
      await there(store, two.id);
    },
  },
  {
    name: 'who signs out everywhere has no session left that got another id meanwhile',
    async verify({ store, other }) {
      for (let i = 0; i < rounds; i++) {
        const user = unique('user');
        const sessions = [await begun(store, { user }), await begun(store, { user })];
        const rotations = sessions.map(({ id }) => rotating(store, id));
        await Promise.all([
          ...rotations.map((one) => store.rotate(one)),
          other.destroyOf(user, ending()),
          store.touch(sessions[0]?.id ?? '', 60_000),
        ]);
        await gone(store, ...sessions.map(({ id }) => id), ...rotations.map(({ to }) => to));
        assert.deepEqual(await store.list(user, 10), []);
      }
    },
  },
];
