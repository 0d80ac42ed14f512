import type { Change, PresenceStore } from '@parley/presence';
import { changes, methods, sets, views, type Saboteur, type Saboteurs } from './saboteur.ts';

const short = (name: string): string => Buffer.from(name).subarray(0, 1_023).toString();

/** Names of leases are cut. */
const shortLeases: Saboteur = methods((good) => {
  const cut = (lease: string): string => lease.slice(0, 63);
  return {
    open: (lease, ...words) => good.open(cut(lease), ...words),
    beat: (lease, ...words) => good.beat(cut(lease), ...words),
    change: (batch) => good.change({ ...batch, lease: cut(batch.lease) }),
    end: (leases) => good.end(leases.map(cut)),
  };
});

/** Reaps again as long as this is so, and answers all of it. */
const greedy = (goesOn: (round: number, more: boolean) => boolean): Saboteur =>
  methods((good) => ({
    reap: async (limit) => {
      let reaped = await good.reap(limit);
      for (let round = 1; goesOn(round, reaped.more); round++) {
        const next = await good.reap(limit);
        reaped = { ...next, appended: [...reaped.appended, ...next.appended] };
      }
      return reaped;
    },
  }));

/** Keeps a lease for each that has ended. */
const keepsLeases: Saboteur = (good) => {
  const end: PresenceStore['end'] = async (leases) => {
    await good.end(leases);
    for (const lease of leases) await good.open(`${lease} has ended`, 3_600_000 * 24 * 365);
  };
  return { ...good, end, reap: async (limit) => ({ ...(await good.reap(limit)), nextMs: undefined }) };
};

export const limitSaboteurs: Saboteurs = {
  'a name may have 1,024 bytes and a lease 64 characters, and the last of them counts': [
    changes((one): Change => ({ ...one, user: short(one.user) })),
    changes((one): Change => ({ ...one, id: short(one.id) })),
    methods((good) => ({
      change: (batch) =>
        good.change({
          ...batch,
          changes: batch.changes.map((one): Change => ({ ...one, channel: short(one.channel) })),
        }),
      read: (requests) => good.read(requests.map((one) => ({ ...one, channel: short(one.channel) }))),
    })),
    shortLeases,
  ],
  'a value may have as many bytes as the store says, and a call as many changes and channels': [
    sets((one) => ({ ...one, value: Buffer.from(one.value).subarray(0, 65_535).toString() })),
    // Counted in characters.
    views((view) => ({
      ...view,
      members: view.members?.map((one) => ({ ...one, value: one.value.slice(0, 20_000) })),
    })),
    methods((good) => ({
      change: (batch) => good.change({ ...batch, changes: batch.changes.slice(0, 999) }),
    })),
    methods((good) => ({ read: (requests) => good.read(requests.slice(0, 999)) })),
  ],
  'reaping takes out no more at once than it may, of whatever kind, and comes to an end': [
    greedy((round) => round < 2),
    greedy((_, more) => more),
    methods((good) => ({ reap: async (limit) => ({ ...(await good.reap(limit)), more: true }) })),
    // Channels go all at once.
    methods((good) => ({
      read: async (requests) =>
        (await good.read(requests)).map((view) => (view.users === 0 ? { ...view, epoch: '' } : view)),
    })),
  ],
  'nothing is left of what has ended': [
    keepsLeases,
    sets((one) => ({ ...one, idleMs: 86_400_000 })),
    // It says that there is no more to come.
    methods((good) => ({ reap: async (limit) => ({ ...(await good.reap(limit)), nextMs: undefined }) })),
  ],
};
