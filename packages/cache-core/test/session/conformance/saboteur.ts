import type {
  SessionStore,
  SessionToCreate,
  SessionToRotate,
  SessionToWrite,
  StoredSession,
} from '@parley/cache-core/session';

/** A store that breaks one promise, and otherwise keeps them as well as it can. */
export type Saboteur = (good: SessionStore) => SessionStore;

/** For each law, stores that it must catch. */
export type Saboteurs = Readonly<Record<string, readonly Saboteur[]>>;

export const methods =
  (change: (good: SessionStore) => Partial<SessionStore>): Saboteur =>
  (good) => ({ ...good, ...change(good) });

export const creates = (change: (one: SessionToCreate) => SessionToCreate): Saboteur =>
  methods((good) => ({ create: (one) => good.create(change(one)) }));

export const writes = (change: (one: SessionToWrite) => SessionToWrite): Saboteur =>
  methods((good) => ({ write: (one) => good.write(change(one)) }));

export const rotates = (change: (one: SessionToRotate) => SessionToRotate): Saboteur =>
  methods((good) => ({ rotate: (one) => good.rotate(change(one)) }));

/** Changes what is read. */
export const reads = (change: (one: StoredSession) => StoredSession): Saboteur =>
  methods((good) => ({
    read: async (id) => {
      const found = await good.read(id);
      return found && change(found);
    },
  }));

/** Another name for every id. */
export const renamed =
  (rename: (id: string) => string): Saboteur =>
  (good) => ({
    ...good,
    create: (one) => good.create({ ...one, id: rename(one.id) }),
    read: (id) => good.read(rename(id)),
    write: (one) => good.write({ ...one, id: rename(one.id) }),
    touch: (id, idleMs) => good.touch(rename(id), idleMs),
    destroy: (ids, ending) => good.destroy(ids.map(rename), ending),
  });

/** Waits for a turn of the loop between looking and doing. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
