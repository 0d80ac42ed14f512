import type { ChangeBatch, PresenceStore, StoreCall } from '@parley/presence';
import { isParleyError, StoreFault } from '@parley/cache-core/kernel';
import { methods, type Saboteur, type Saboteurs } from './saboteur.ts';

/** Goes through every call. */
const all = (
  change: <T>(work: (options?: StoreCall) => Promise<T>, options?: StoreCall) => Promise<T>,
): Saboteur =>
  methods((good) => ({
    open: (lease, leaseMs, options) => change((now) => good.open(lease, leaseMs, now), options),
    beat: (lease, leaseMs, options) => change((now) => good.beat(lease, leaseMs, now), options),
    change: (batch, options) => change((now) => good.change(batch, now), options),
    end: (leases, options) => change((now) => good.end(leases, now), options),
    reap: (limit, options) => change((now) => good.reap(limit, { ...options, signal: now?.signal }), options),
    read: (requests, options) => change((now) => good.read(requests, now), options),
  }));

const isAway = (error: unknown): boolean => isParleyError(error, 'STORE_UNAVAILABLE');

/** What fails is done when the store is back. */
const repeating: Saboteur = (good) => {
  let given: ChangeBatch | undefined;
  const change: PresenceStore['change'] = (batch) =>
    good.change(batch).catch((error: unknown) => {
      given = batch;
      throw error;
    });
  const beat: PresenceStore['beat'] = async (...words) => {
    const answer = await good.beat(...words);
    if (given !== undefined) await good.change({ ...given, turn: 1.5 });
    return answer;
  };
  return { ...good, change, beat };
};

const first = <Value>(): ((value: Value) => Value) => {
  let known: Value | undefined;
  return (value) => (known ??= value);
};

export const faultSaboteurs: Saboteurs = {
  'a call whose caller has given up ends, and changes nothing when it was given up before': [
    all((work) => work()),
    all((work, options) =>
      work(options).catch(() => {
        throw new Error('given up');
      }),
    ),
    methods((good) => ({
      change: async (batch, options) => {
        await good.change(batch);
        return good.change({ ...batch, turn: batch.turn + 0.5 }, options);
      },
    })),
  ],
  'a store that is away says so, repeats nothing, and goes on when it is back': [
    all((work, options) =>
      work(options).catch((error: unknown) => {
        throw isAway(error) ? new StoreFault('it is cut', { cause: error }) : error;
      }),
    ),
    all((work, options) =>
      work(options).catch((error: unknown) => {
        throw isAway(error) ? new Error('it is cut', { cause: error }) : error;
      }),
    ),
    methods((good) => ({ reap: (limit) => good.reap(limit).catch(() => Promise.reject(new Error('cut'))) })),
    repeating,
    methods((good) => ({
      health: async () => {
        const health = await good.health();
        if (health.status !== 'up') throw new Error('it is down');
        return health;
      },
    })),
    methods((good) => ({ health: async () => ({ ...(await good.health()), status: 'up' }) })),
  ],
  'a store that may have lost what it had answered for is in another epoch, and so are its channels': [
    methods((good) => ({ beat: async (...words) => ({ ...(await good.beat(...words)), epoch: 'always' }) })),
    methods((good) => {
      const epoch = first<string>();
      return {
        read: async (requests) =>
          (await good.read(requests)).map((view) => ({ ...view, epoch: epoch(view.epoch) })),
      };
    }),
    methods((good) => {
      const epoch = first<string>();
      return {
        change: async (batch) => {
          const changed = await good.change(batch);
          const appended = changed.appended.map((one) => ({ ...one, epoch: epoch(one.epoch) }));
          return { ...changed, appended };
        },
      };
    }),
  ],
};
