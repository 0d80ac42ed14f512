import type { PresenceStore } from '@parley/presence';
import { batches, methods, sets, type Saboteur, type Saboteurs } from './saboteur.ts';

const days = 86_400_000;

/** A lease that is not held is begun by whoever uses it. */
const obliging: Saboteur = methods((good) => ({
  beat: async (lease, leaseMs) => {
    const beat = await good.beat(lease, leaseMs);
    if (!beat.held) await good.open(lease, leaseMs);
    return { ...beat, held: true };
  },
  change: async (batch) => {
    const changed = await good.change(batch);
    if (changed.verdict !== 'lapsed') return changed;
    await good.open(batch.lease, days);
    return good.change(batch);
  },
}));

/** Every change is made under one lease that never ends. */
function ownerless(good: PresenceStore): PresenceStore {
  let turn = 0;
  const opened = good.open('all', days);
  return {
    ...good,
    change: async (batch) => {
      await opened;
      turn += 1;
      return good.change({ ...batch, lease: 'all', turn });
    },
  };
}

/** What is reaped is told again with the next reaping. */
const repeating: Saboteur = methods((good) => {
  let last: Awaited<ReturnType<PresenceStore['reap']>>['appended'] = [];
  return {
    reap: async (limit) => {
      const reaped = await good.reap(limit);
      const appended = [...last, ...reaped.appended];
      last = reaped.appended;
      return { ...reaped, appended };
    },
  };
});

const silent: Saboteur = methods((good) => ({
  reap: async (limit) => ({ ...(await good.reap(limit)), appended: [] }),
}));

const never: Saboteur = methods((good) => ({
  reap: async () => good.reap(0).then((one) => ({ ...one, more: false })),
}));

export const leaseSaboteurs: Saboteurs = {
  'under a lease that is not held nothing is changed': [obliging, ownerless],
  'a batch that comes after a later one is not carried out': [
    methods((good) => {
      let turn = 0;
      return { change: (batch) => good.change({ ...batch, turn: (turn += 1) }) };
    }),
    // Each turn only once, in any order.
    methods((good) => {
      const seen = new Set<number>();
      let turn = 0;
      return {
        change: async (batch) => {
          if (seen.has(batch.turn)) return good.change({ ...batch, turn: 0 });
          seen.add(batch.turn);
          turn += 1;
          return good.change({ ...batch, turn });
        },
      };
    }),
  ],
  'a beat keeps the lease, and one that comes too late does not bring it back': [
    obliging,
    methods((good) => ({
      beat: async (lease, leaseMs) => good.beat(lease, Math.max(1, leaseMs / 100)),
    })),
    methods((good) => ({ open: (lease) => good.open(lease, days), beat: (lease) => good.beat(lease, days) })),
  ],
  'what was under a lease is there until it is reaped, and leaves once': [
    repeating,
    silent,
    methods((good) => ({
      read: async (requests) => {
        await good.reap(1_000);
        return good.read(requests);
      },
    })),
  ],
  'when one of two leases of a user ends they stay, and what is left is told': [
    silent,
    never,
    ownerless,
    // A connection is named by its user alone.
    (good) => sets((one) => ({ ...one, id: 'only', take: true }))(good),
  ],
  'a lease that was ended changes nothing any more': [
    methods(() => ({ end: async () => undefined })),
    obliging,
  ],
  'what another lease holds is left alone unless it is taken': [
    sets((one) => ({ ...one, take: true })),
    sets((one) => ({ ...one, take: false })),
    ownerless,
  ],
  'what a lease held that is over may be set by others': [
    methods((good) => ({
      change: async (batch) => {
        const changed = await good.change(batch);
        const { outcomes } = changed;
        return { ...changed, outcomes: outcomes.map((one) => (batch.lease.length > 5 ? 'taken' : one)) };
      },
    })),
    methods((good) => ({ beat: (lease) => good.beat(lease, days) })),
  ],
  'a lease takes over what the former one held, and the rest goes with that one': [
    batches((batch) => ({ ...batch, former: undefined })),
    ownerless,
    never,
  ],
  'the epoch of the store stays while it loses nothing, and is the same for all': [
    methods((good) => ({
      beat: async (lease, leaseMs) => ({ ...(await good.beat(lease, leaseMs)), epoch: `${Math.random()}` }),
    })),
    methods((good) => ({ open: async (lease, leaseMs) => `${await good.open(lease, leaseMs)}.` })),
  ],
  'a store that lost everything says so': [
    obliging,
    methods((good) => ({
      read: async (requests) => (await good.read(requests)).map((view) => ({ ...view, epoch: 'always' })),
    })),
  ],
};
