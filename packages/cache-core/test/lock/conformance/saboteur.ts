import type { LockListener, LockReply, LockRequest, LockStore } from '@parley/cache-core/lock';

/** A store that breaks one promise, and otherwise keeps them as well as it can. */
export type Saboteur = (good: LockStore) => LockStore;

/** For each law, stores that it must catch. */
export type Saboteurs = Readonly<Record<string, readonly Saboteur[]>>;

/** Replaces methods. */
export const methods =
  (change: (good: LockStore) => Partial<LockStore>): Saboteur =>
  (good) => ({ ...good, ...change(good) });

/** Changes what is asked for. */
export const requests = (change: (request: LockRequest) => LockRequest): Saboteur =>
  methods((good) => ({ acquire: (request, options) => good.acquire(change(request), options) }));

/** Changes what is answered. */
export const replies = (change: (reply: LockReply, request: LockRequest) => LockReply): Saboteur =>
  methods((good) => ({
    acquire: async (request, options) => change(await good.acquire(request, options), request),
  }));

/** Changes what is heard. */
export const ears = (change: (listener: LockListener) => LockListener): Saboteur =>
  methods((good) => ({ listen: (listener) => good.listen(change(listener)) }));

/** Changes the names of keys. */
export const keys = (change: (key: string) => string): Saboteur =>
  methods((good) => ({
    acquire: (request, options) => good.acquire({ ...request, key: change(request.key) }, options),
    extend: (lease, options) => good.extend({ ...lease, key: change(lease.key) }, options),
    release: (held, options) => good.release({ ...held, key: change(held.key) }, options),
  }));
