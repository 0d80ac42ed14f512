import { creates, methods, reads, renamed, turn, writes } from './saboteur.ts';
import type { Saboteur, Saboteurs } from './saboteur.ts';

const days = 86_400_000;

/** Nothing ends by its time. */
const everlasting: Saboteur = creates((one) => ({ ...one, idleMs: 100 * days, maxAgeMs: 100 * days }));

/** Looks first whether there is a session, and puts down a new one later. */
const hasty: Saboteur = methods((good) => ({
  create: async (one) => {
    if ((await good.read(one.id)) !== undefined) return 'taken';
    await turn();
    if ((await good.create(one)) === 'taken') await good.write({ ...one, user: one.user ?? null });
    return 'created';
  },
}));

export const lifeSaboteurs: Saboteurs = {
  'a session is read as it was given, in every process': [
    creates((one) => ({ ...one, data: one.data.replaceAll('\u0001', '') })),
    creates((one) => ({ ...one, userAgent: one.userAgent?.toLowerCase() })),
    creates((one) => ({ ...one, user: one.user?.normalize('NFD') })),
    creates((one) => ({ ...one, address: one.address ?? '' })),
    creates((one) => ({ ...one, user: one.user ?? '' })),
  ],
  'names that look alike are of different sessions': [
    renamed((id) => id.toLowerCase()),
    renamed((id) => id.replaceAll(/[%_*{}]/g, 'x')),
    renamed((id) => id.replace(':u', '')),
  ],
  'times are those of the store, and say how long ago and how much longer': [
    methods((good) => ({
      read: async (id) => {
        await good.touch(id, 600_000);
        return good.read(id);
      },
    })),
    reads((one) => ({ ...one, seenForMs: 0 })),
    reads((one) => ({ ...one, endsInMs: 600_000 })),
    reads((one) => ({ ...one, createdAt: one.createdAt / 1_000 })),
  ],
  'a session that is there is not begun again': [
    methods((good) => ({
      create: async (one) => {
        const verdict = await good.create(one);
        if (verdict === 'taken') await good.write({ ...one, user: one.user ?? null });
        return verdict;
      },
    })),
  ],
  'of many who begin one session at the same time one does': [hasty],
  'a beginning that is repeated is answered as the first one was': [
    methods((good) => ({
      create: async (one) => ((await good.read(one.id)) === undefined ? good.create(one) : 'taken'),
    })),
  ],
  'a session that was not seen for its idle time is over, for every call': [
    everlasting,
    methods((good) => ({
      // A touch brings it back.
      touch: async (id, idleMs) => {
        if (await good.touch(id, idleMs)) return true;
        await good.create({ id, version: 'v', data: '', idleMs, maxAgeMs: days });
        return true;
      },
    })),
    methods((good) => {
      const users = new Map<string, string[]>();
      return {
        create: (one) => {
          users.set(one.user ?? '', [...(users.get(one.user ?? '') ?? []), one.id]);
          return good.create(one);
        },
        list: async (user) =>
          (users.get(user) ?? []).map((id) => ({ id, createdAt: 0, seenAt: 0, seenForMs: 0, endsInMs: 0 })),
      };
    }),
  ],
  'touching a session begins its idle time anew, and changes nothing else': [
    methods((good) => ({ touch: async (id) => (await good.read(id)) !== undefined })),
    // Only ever longer.
    methods((good) => ({
      touch: async (id, idleMs) => good.touch(id, Math.max(idleMs, (await good.read(id))?.endsInMs ?? 0)),
    })),
    methods((good) => ({
      touch: async (id, idleMs) => {
        const found = await good.read(id);
        if (found !== undefined) await good.write({ id, version: 'touched', data: found.data, idleMs });
        return found !== undefined;
      },
    })),
  ],
  'writing a session begins its idle time anew': [
    methods((good) => ({
      write: async (one) => good.write({ ...one, idleMs: (await good.read(one.id))?.endsInMs ?? 0 }),
    })),
  ],
  'no session outlives its last moment, however often it is seen': [
    creates((one) => ({ ...one, maxAgeMs: 100 * days })),
    // Each time that it is written it begins anew.
    methods((good) => ({
      write: async (one) => {
        const found = await good.read(one.id);
        if (found === undefined) return 'gone';
        await good.destroy([one.id], { token: 't', stoneMs: 0 });
        await good.create({ ...one, user: found.user, maxAgeMs: 100 * days });
        return 'done';
      },
    })),
  ],
  'an id whose session is over by its time may be begun again': [
    everlasting,
    methods((good) => {
      const used = new Set<string>();
      return {
        create: (one) => {
          if (used.has(one.id)) return Promise.resolve('ended');
          used.add(one.id);
          return good.create(one);
        },
      };
    }),
    // Something of the former one shows through.
    methods((good) => {
      const users = new Map<string, string | undefined>();
      return {
        create: (one) => {
          const user = one.user ?? users.get(one.id);
          users.set(one.id, user);
          return good.create({ ...one, user });
        },
      };
    }),
  ],
  'what is over is swept in batches, and nothing else': [
    methods((good) => ({ sweep: () => good.sweep(1_000) })),
    methods((good) => {
      const ids: string[] = [];
      return {
        create: (one) => {
          ids.push(one.id);
          return good.create(one);
        },
        sweep: async (limit) => {
          if (limit < 1_000) await good.destroy(ids.slice(0, 1), { token: 't', stoneMs: 1 });
          return good.sweep(limit);
        },
      };
    }),
    // Stones go at once.
    methods((good) => ({
      destroy: (ids, ending) => good.destroy(ids, { ...ending, stoneMs: 1 }),
    })),
  ],
  'a write in the version that was seen is carried out, in another one it is a conflict': [
    writes((one) => ({ ...one, seen: undefined })),
    writes((one) => ({ ...one, version: one.seen ?? one.version })),
  ],
  'a write that is repeated is answered as the first one was': [
    methods((good) => ({
      write: async (one) => {
        const found = await good.read(one.id);
        if (found !== undefined && one.seen !== undefined && found.version !== one.seen) return 'conflict';
        return good.write(one);
      },
    })),
  ],
  'a change that is repeated beside its first copy is done in both eyes': [
    methods((good) => {
      const under = new Set<string>();
      return {
        write: async (one) => {
          if (under.has(one.version)) return 'conflict';
          under.add(one.version);
          return good.write(one);
        },
      };
    }),
    methods((good) => {
      const under = new Set<string>();
      return {
        rotate: async (one) => {
          if (under.has(one.to)) return 'gone';
          under.add(one.to);
          return good.rotate(one);
        },
      };
    }),
  ],
  'a write that has seen nothing replaces whatever is there': [
    methods((good) => {
      const versions = new Map<string, string>();
      return {
        write: (one) => {
          const seen = one.seen ?? versions.get(one.id);
          if (!versions.has(one.id)) versions.set(one.id, one.id);
          return good.write({ ...one, seen });
        },
      };
    }),
  ],
  'of many who write in one version at the same time one does': [
    methods((good) => ({
      write: async (one) => {
        const found = await good.read(one.id);
        await turn();
        if (found !== undefined && one.seen !== undefined && found.version !== one.seen) return 'conflict';
        return good.write({ ...one, seen: undefined });
      },
    })),
  ],
};
