import type { Changed, PresenceStore, View } from '@parley/presence';
import { methods, type Saboteur, type Saboteurs } from './saboteur.ts';

type Reap = PresenceStore['reap'];

/** While one reaps another one does the same work, and tells it too. */
const twice: Saboteur = methods((good) => {
  let running: ReturnType<Reap> | undefined;
  return {
    reap: (limit) => {
      running ??= good.reap(limit).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
});

const silent: Saboteur = methods((good) => ({
  reap: async (limit) => ({ ...(await good.reap(limit)), appended: [] }),
}));

/** The log and the number of users are read one after the other. */
const torn: Saboteur = methods((good) => ({
  read: async (requests) => {
    const first = await good.read(requests);
    await new Promise(setImmediate);
    const second = await good.read(requests);
    return first.map((view, i): View => ({ ...view, users: second[i]?.users ?? 0 }));
  },
}));

/** Looks for who is there, and then tells that they left. */
const hasty: Saboteur = methods((good) => ({
  change: async (batch): Promise<Changed> => {
    const changed = await good.change(batch);
    const [one] = batch.changes;
    if (one?.kind !== 'remove' || changed.outcomes[0] === 'done') return changed;
    const [view] = await good.read([{ channel: one.channel, limit: 0 }]);
    if (view === undefined) return changed;
    const leave = {
      event: 'leave',
      user: one.user,
      rank: 0,
      value: '',
      offset: view.top,
      at: view.at,
    } as const;
    return { ...changed, appended: [{ channel: one.channel, epoch: view.epoch, diffs: [leave] }] };
  },
}));

export const raceSaboteurs: Saboteurs = {
  'while some reap, others change and read: each is told once, and what was told is what is there': [
    twice,
    silent,
    torn,
    // What is taken over goes with the former lease.
    methods((good) => ({
      change: async (batch) => {
        const changed = await good.change(batch);
        return batch.former === undefined
          ? changed
          : { ...changed, appended: [...changed.appended, ...changed.appended] };
      },
    })),
    methods((good) => ({ change: (batch) => good.change({ ...batch, former: undefined }), end: good.end })),
  ],
  'a beat at the end of a lease keeps it with all that is under it, or is told that it is over': [
    methods((good) => ({
      beat: async (...words) => ({ ...(await good.beat(...words)), held: true }),
    })),
    methods((good) => ({
      beat: async (lease, leaseMs) => ({ ...(await good.beat(lease, leaseMs)), held: leaseMs < 1_000 }),
    })),
    silent,
  ],
  'who leaves while their time or their lease is over leaves once': [hasty, silent, twice],
};
