import { safeCall } from '@parley/cache-core/kernel';
import type { NotificationLevel, User } from '@parley/hub-protocol';
import type { AgentsState, ChannelState, ConnectionState, HubState, RosterState } from '../state.ts';
import type { ChannelStore } from './channel-store.ts';

export interface ViewSource {
  readonly connection: ConnectionState;
  readonly me: string | undefined;
  readonly ready: boolean;
  readonly defaultLevel: NotificationLevel | null;
  readonly users: ReadonlyMap<string, User>;
  readonly channels: Iterable<ChannelStore>;
  readonly rosters: ReadonlyMap<string, RosterState>;
  readonly agents: AgentsState | undefined;
}

/** The state as it is shown: made when somebody asks, and with what did not change taken from before. */
export class View {
  readonly #source: () => ViewSource;
  #listeners: ReadonlySet<() => void> = new Set();
  #snapshot: HubState | undefined;
  #stale = true;

  constructor(source: () => ViewSource) {
    this.#source = source;
  }

  changed(): void {
    this.#stale = true;
    for (const listener of this.#listeners) safeCall('subscribe', listener);
  }

  subscribe(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners = new Set(this.#listeners).add(own);
    return () => {
      this.#listeners = new Set([...this.#listeners].filter((other) => other !== own));
    };
  }

  snapshot(): HubState {
    const before = this.#snapshot;
    if (before !== undefined && !this.#stale) return before;
    this.#stale = false;
    const { channels, ...rest } = this.#source();
    const views = sharedMap(before?.channels, channels);
    const now = { ...rest, channels: views };
    this.#snapshot = before !== undefined && same(before, now) ? before : now;
    return this.#snapshot;
  }
}

function sharedMap(
  before: ReadonlyMap<string, ChannelState> | undefined,
  stores: Iterable<ChannelStore>,
): ReadonlyMap<string, ChannelState> {
  const now = new Map<string, ChannelState>();
  for (const store of stores) {
    const view = store.view();
    if (view !== undefined) now.set(store.id, view);
  }
  const same = before?.size === now.size && [...now].every(([id, view]) => before.get(id) === view);
  return same && before !== undefined ? before : now;
}

/** They have the same parts. */
function same(before: HubState, now: HubState): boolean {
  return Object.entries(now).every(([part, value]) => Reflect.get(before, part) === value);
}
