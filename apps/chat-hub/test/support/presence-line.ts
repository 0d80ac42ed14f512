import { StoreUnavailable, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import {
  createPresence,
  memoryFeed,
  memoryPresenceStore,
  type Presence,
  type PresenceStore,
} from '@parley/presence';

/** Presence in virtual time, over a store that can be taken away. */
export class PresenceLine {
  readonly clock: VirtualClock = virtualClock();
  readonly presence: Presence;
  isAway = false;

  constructor() {
    const store = memoryPresenceStore({ clock: this.clock });
    const through = <T>(work: () => Promise<T>): Promise<T> =>
      this.isAway ? Promise.reject(new StoreUnavailable('it is away')) : work();
    const cut: PresenceStore = {
      ...store,
      open: (...given) => through(() => store.open(...given)),
      beat: (...given) => through(() => store.beat(...given)),
      change: (...given) => through(() => store.change(...given)),
      end: (...given) => through(() => store.end(...given)),
      reap: (...given) => through(() => store.reap(...given)),
      read: (...given) => through(() => store.read(...given)),
    };
    this.presence = createPresence({ clock: this.clock, store: cut, feed: memoryFeed() });
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.clock.settle();
  }
}
