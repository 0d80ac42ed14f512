import type { SessionStore } from '@parley/cache-core/session';
import { methods, rotates, turn, writes } from './saboteur.ts';
import type { Saboteur, Saboteurs } from './saboteur.ts';

const days = 86_400_000;

/** What is destroyed is deleted, and nothing is left of it. */
const stoneless: Saboteur = methods((good) => ({
  destroy: (ids, ending) => good.destroy(ids, { ...ending, stoneMs: 0 }),
  destroyOf: (user, ending) => good.destroyOf(user, { ...ending, stoneMs: 0 }),
  rotate: (change) => good.rotate({ ...change, stoneMs: 0 }),
}));

/** A write puts down what it has, whether there is a session or not. */
const upserting: Saboteur = (good) => {
  const bare = stoneless(good);
  return {
    ...bare,
    write: async (one) => {
      const verdict = await bare.write(one);
      if (verdict !== 'gone') return verdict;
      await bare.create({ ...one, user: one.user ?? undefined, maxAgeMs: days });
      return 'done';
    },
  };
};

/** An id that a session has no more is the id of nothing. */
const pathless: Saboteur = methods((good) => {
  const former = new Set<string>();
  return {
    rotate: (change) => {
      former.add(change.from);
      return good.rotate(change);
    },
    destroy: async (ids, ending) => {
      const ended = await good.destroy(
        ids.filter((id) => !former.has(id)),
        ending,
      );
      return ids.map((id) => !former.has(id) && ended.shift() === true);
    },
    destroyOf: async (user, ending) => (former.has(ending.only ?? '') ? 0 : good.destroyOf(user, ending)),
  };
});

/** A rotation is made of a reading, a beginning and an end. */
const stepwise: Saboteur = methods((good) => ({
  rotate: async ({ from, to, version, idleMs, stoneMs }) => {
    const found = await good.read(from);
    if (found === undefined) return 'gone';
    await turn();
    await good.create({ ...found, id: to, version, idleMs, maxAgeMs: days });
    await good.destroy([from], { token: version, stoneMs });
    return 'done';
  },
}));

const bareList = (change: (good: SessionStore) => SessionStore['list']): Saboteur =>
  methods((good) => ({ list: change(good) }));

export const endingSaboteurs: Saboteurs = {
  'sessions of a user are listed, last seen first, with what is known of them': [
    bareList((good) => async (user, limit) => (await good.list(user, limit)).toReversed()),
    bareList((good) => (user) => good.list(user, 100)),
    bareList(
      (good) => async (user, limit) =>
        (await good.list(user, limit)).map(({ id, ...one }) => ({ ...one, id, userAgent: undefined })),
    ),
    // Those whose name begins alike as well.
    bareList((good) => async (user, limit) => [
      ...(await good.list(user, limit)),
      ...(await good.list(`${user}.`, limit)),
    ]),
    // As it was when it began.
    bareList(
      (good) => async (user, limit) =>
        (await good.list(user, limit)).map((one) => ({ ...one, seenAt: one.createdAt })),
    ),
  ],
  'a session is in the list of whom it was given to, and in no other': [
    writes((one) => ({ ...one, user: undefined })),
    writes((one) => ({ ...one, user: one.user ?? null })),
    writes((one) => ({ ...one, user: one.user ?? undefined })),
  ],
  'a rotated session is under its new id alone, with all it had': [
    // The former one stays.
    methods((good) => ({
      rotate: async (change) => {
        const found = await good.read(change.from);
        if (found === undefined) return 'gone';
        await good.create({ ...found, id: change.to, version: change.version, idleMs: days, maxAgeMs: days });
        return 'done';
      },
    })),
    stoneless,
    rotates((one) => ({ ...one, data: one.data ?? '{}' })),
    rotates((one) => ({ ...one, maxAgeMs: days, address: '' })),
  ],
  'a session may be given to a user and changed while it is rotated': [
    rotates((one) => ({ ...one, user: undefined })),
    rotates((one) => ({ ...one, data: undefined })),
    rotates((one) => ({ ...one, address: undefined })),
  ],
  'a rotation that is repeated is answered as the first one was': [
    methods((good) => ({
      rotate: async (change) => ((await good.read(change.from)) === undefined ? 'gone' : good.rotate(change)),
    })),
  ],
  'a rotation in a version that was not seen changes nothing': [
    rotates((one) => ({ ...one, seen: undefined })),
  ],
  'a rotation moves the last moment only if it is told to': [
    rotates((one) => ({ ...one, maxAgeMs: one.maxAgeMs ?? days })),
    rotates((one) => ({ ...one, maxAgeMs: undefined })),
  ],
  'what was destroyed comes back by nothing that comes later': [
    stoneless,
    upserting,
    methods(() => ({ destroy: async (ids) => ids.map(() => true) })),
  ],
  'whoever ends a session by an id that it had ends it, and is told so': [
    pathless,
    // Whosever it is.
    methods((good) => ({
      destroyOf: async (user, { only, ...ending }) => {
        if (only === undefined) return good.destroyOf(user, ending);
        const [ended] = await good.destroy([only], ending);
        return ended === true ? 1 : 0;
      },
    })),
    // Nobody is told.
    methods((good) => ({
      destroy: async (ids, ending) => {
        const there = await Promise.all(ids.map((id) => good.read(id)));
        const ended = await good.destroy(ids, ending);
        return ended.map((one, i) => one && there[i] !== undefined);
      },
    })),
  ],
  'an id that was given up leads nowhere when its stone has gone': [
    rotates((one) => ({ ...one, stoneMs: days })),
  ],
  'whoever destroys a session is told so, also when asking again; others are not': [
    stoneless,
    methods((good) => ({ destroy: (ids, ending) => good.destroy(ids, { ...ending, token: 'same' }) })),
    methods((good) => ({
      destroy: async (ids, ending) => (await good.destroy(ids, ending)).toReversed(),
    })),
    methods((good) => ({
      destroy: async (ids, ending) => (await good.destroy(ids, ending)).map(() => true),
    })),
  ],
  'a beginning that comes after the end is refused, also if it never was there before': [
    methods((good) => ({
      destroy: async (ids, ending) => {
        const ended = [];
        for (const id of ids) {
          const there = (await good.read(id)) !== undefined;
          ended.push(there && (await good.destroy([id], ending))[0] === true);
        }
        return ended;
      },
    })),
  ],
  'the stone of what was destroyed goes with its time': [
    methods((good) => ({ destroy: (ids, ending) => good.destroy(ids, { ...ending, stoneMs: days }) })),
  ],
  'whatever comes at the same time as the end of a session, it is over afterwards': [
    // Looks, and writes later: in between it may have ended.
    (good) => {
      const bare = stoneless(good);
      return {
        ...bare,
        write: async (one) => {
          const found = await bare.read(one.id);
          await turn();
          if (found === undefined) return 'gone';
          const verdict = await bare.write({ ...one, seen: undefined });
          if (verdict === 'gone') await bare.create({ ...one, user: found.user, maxAgeMs: days });
          return 'done';
        },
      };
    },
    stoneless,
    pathless,
  ],
  'all sessions of a user end together, but for the one that is excepted': [
    methods((good) => ({
      destroyOf: (user, ending) => good.destroyOf(user, { ...ending, except: undefined }),
    })),
    methods((good) => ({
      destroyOf: async (user, ending) => {
        const ended = await good.destroyOf(user, ending);
        return ended === 0 ? 1 : ended;
      },
    })),
    stoneless,
    // Only so many.
    methods((good) => ({
      destroyOf: async (user, ending) => {
        const some = (await good.list(user, 4)).filter(({ id }) => id !== ending.except);
        const ended = await good.destroy(
          some.map(({ id }) => id),
          ending,
        );
        return ended.filter(Boolean).length;
      },
    })),
  ],
  'one session of a user is ended by its user alone, and that may be repeated': [
    methods((good) => ({
      destroyOf: async (user, { only, ...ending }) => {
        if (only === undefined) return good.destroyOf(user, ending);
        const [ended] = await good.destroy([only], ending);
        return ended === true ? 1 : 0;
      },
    })),
    methods((good) => ({
      destroyOf: (user, ending) => good.destroyOf(user, { ...ending, only: undefined }),
    })),
    stoneless,
  ],
  'who signs out everywhere has no session left that got another id meanwhile': [
    stepwise,
    // Looks whom it has to end, and ends those.
    (good) => {
      const bare = pathless(good);
      return {
        ...bare,
        destroyOf: async (user, ending) => {
          const ids = (await bare.list(user, 100)).map(({ id }) => id);
          await turn();
          const ended = await bare.destroy(ids, ending);
          return ended.filter(Boolean).length;
        },
        rotate: async (change) => {
          await Promise.resolve();
          return bare.rotate(change);
        },
      };
    },
  ],
};
