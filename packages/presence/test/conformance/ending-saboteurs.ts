import { changes, methods, sets, views, type Saboteur, type Saboteurs } from './saboteur.ts';

const days = 86_400_000;
const unlimited: Saboteur = methods((good) => ({ reap: () => good.reap(100_000) }));
const timeless: Saboteur = sets((one) => ({ ...one, forMs: undefined, owned: true }));
const idle = (change: (ms: number) => number): Saboteur =>
  sets((one) => ({ ...one, idleMs: change(one.idleMs) }));

export const endingSaboteurs: Saboteurs = {
  'an entry ends by its time, and setting it again begins the time anew': [
    timeless,
    // The time counts from when it was first set.
    methods((good) => {
      const seen = new Set<string>();
      return {
        change: (batch) =>
          good.change({
            ...batch,
            changes: batch.changes.filter(({ channel, user, id }) => {
              const name = `${channel} ${user} ${id}`;
              const known = seen.has(name);
              seen.add(name);
              return !known;
            }),
          }),
      };
    }),
    views((view) => ({ ...view, members: view.members?.map((one) => ({ ...one, endsInMs: days })) })),
  ],
  'an entry that is set without a time does not end by it any more': [
    sets((one) => ({ ...one, forMs: one.forMs ?? 1 })),
  ],
  'an entry of a lease goes with the lease, also when its time is not over': [
    sets((one) => ({ ...one, owned: one.forMs === undefined })),
  ],
  'an entry that is nobody’s outlives the lease, and anybody may change it': [
    sets((one) => ({ ...one, owned: true })),
    timeless,
  ],
  'an entry that lingers stays with rank 0 when its lease is over, and then goes': [
    sets((one) => ({ ...one, lingerMs: undefined })),
    sets((one) => ({ ...one, lingerMs: one.lingerMs === undefined ? undefined : days })),
    sets((one) => ({ ...one, rank: 0 })),
  ],
  'an entry that would linger goes at once when it is removed, and by its own time': [
    changes((one) =>
      one.kind === 'set'
        ? one
        : { ...one, kind: 'set', rank: 0, value: '', take: false, owned: false, forMs: days, idleMs: days },
    ),
    timeless,
  ],
  'reaping does as much as it may, and says whether there is more': [
    unlimited,
    methods((good) => ({ reap: async (limit) => ({ ...(await good.reap(limit)), more: false }) })),
  ],
  'reaping with 0, or too late after a moment of the store, takes nothing out': [
    methods((good) => ({ reap: (limit) => good.reap(limit) })),
    methods((good) => ({ reap: (limit, call) => good.reap(Math.max(1, limit), call) })),
    methods((good) => ({ reap: (limit, call) => good.reap(call?.within === undefined ? limit : 0) })),
    // It takes what it does not know for the beginning of time.
    methods((good) => ({
      reap: (limit, call) => good.reap(limit, call?.within?.moment === '' ? {} : call),
    })),
  ],
  'reaping says when the next thing ends': [
    methods((good) => ({ reap: async (limit) => ({ ...(await good.reap(limit)), nextMs: undefined }) })),
    methods((good) => {
      let first: number | undefined;
      return {
        reap: async (limit) => {
          const reaped = await good.reap(limit);
          first ??= reaped.nextMs;
          return { ...reaped, nextMs: first };
        },
      };
    }),
  ],
  'a channel is remembered for its time when nobody is in it, and then forgotten': [
    idle(() => days),
    idle(() => 1),
    views((view) => (view.users === 0 ? { ...view, at: 0 } : view)),
  ],
  'a channel that somebody enters again in time is not forgotten': [
    methods((good) => ({
      read: async (requests) =>
        (await good.read(requests)).map((view) => (view.top > 2 ? { ...view, members: [] } : view)),
    })),
  ],
};
