import { memoryPresenceStore, type PresenceStore } from '@parley/presence';
import type { PresenceHarness } from '@parley/presence/conformance';
import { StoreUnavailable, virtualClock } from '@parley/cache-core/kernel';

/** The memory store with a second one that is told everything, as a replica is, until it falls behind. */
export function memoryHarness(): Required<PresenceHarness> {
  const clock = virtualClock();
  const servers = [memoryPresenceStore({ clock }), memoryPresenceStore({ clock })] as const;
  let [serving, standby]: readonly (typeof servers)[number][] = servers;
  let isCut = false;

  /** The answer of the one that serves. */
  const through = async <T>(call: (store: PresenceStore) => Promise<T>): Promise<T> => {
    if (isCut) throw new StoreUnavailable('it is cut', { cause: new Error('cut') });
    const [answer] = await Promise.all([
      call(serving ?? servers[0]),
      ...(standby === undefined ? [] : [call(standby)]),
    ]);
    return answer;
  };

  const store: PresenceStore = {
    ...servers[0],
    open: (...words) => through((one) => one.open(...words)),
    beat: (...words) => through((one) => one.beat(...words)),
    change: (...words) => through((one) => one.change(...words)),
    end: (...words) => through((one) => one.end(...words)),
    reap: (...words) => through((one) => one.reap(...words)),
    read: (...words) => through((one) => one.read(...words)),
    health: async () => ({
      ...(await (serving ?? servers[0]).health()),
      status: isCut ? 'down' : 'up',
    }),
  };
  return {
    store,
    other: store,
    advance: (ms) => clock.advance(ms),
    toleranceMs: 0,
    lose: async () => {
      for (const server of servers) server.forget();
    },
    fallBehind: async () => {
      const behind = standby;
      standby = undefined;
      return async () => {
        serving = behind;
      };
    },
    cut: async () => {
      isCut = true;
      return async () => {
        isCut = false;
      };
    },
    kept: async () => {
      const { details = {} } = await (serving ?? servers[0]).health();
      return Number(details['channels']) + Number(details['leases']);
    },
  };
}
