import {
  createPresence,
  memoryFeed,
  memoryPresenceStore,
  type CreatePresenceOptions,
  type Feed,
  type MemoryPresenceStore,
  type Notice,
  type Presence,
  type PresenceEvent,
  type PresenceStore,
  type StoreCall,
} from '@parley/presence';
import { StoreUnavailable, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';

/** What stands between a process and the store and feed that it shares with others. */
interface Cable {
  /**
   * `cut`: calls fail; `hung`: they are never answered, and nothing is carried out; `unheard`: they are carried out and never answered;
   * `late`: they lie before the store until it goes on, also when nobody waits for them any more.
   */
  state: 'fine' | 'cut' | 'hung' | 'unheard' | 'late';
  /** What lies before the store. */
  readonly held: (() => void)[];
  /** Of the feed alone. */
  deaf: boolean;
  mute: boolean;
}

export interface Process {
  readonly presence: Presence;
  readonly cable: Cable;
}

/** Several processes over one store, in virtual time. */
export class World {
  readonly clock: VirtualClock = virtualClock();
  readonly store: MemoryPresenceStore;
  readonly feed: Feed = memoryFeed();
  readonly processes: Process[] = [];

  constructor(
    makeStore: (clock: VirtualClock) => MemoryPresenceStore = (clock) => memoryPresenceStore({ clock }),
  ) {
    this.store = makeStore(this.clock);
  }

  process(options: Partial<CreatePresenceOptions> = {}): Process {
    const cable: Cable = { state: 'fine', held: [], deaf: false, mute: false };
    const presence = createPresence({
      clock: this.clock,
      store: cabled(this.store, cable),
      feed: cabledFeed(this.feed, cable),
      ...options,
    });
    const process = { presence, cable };
    this.processes.push(process);
    return process;
  }

  presence(options: Partial<CreatePresenceOptions> = {}): Presence {
    return this.process(options).presence;
  }

  /** The outcome of something that needs time to pass. */
  async settle<T>(promise: Promise<T>, withinMs = 10_000): Promise<T> {
    const outcome = { settled: false };
    const over = (): void => {
      outcome.settled = true;
    };
    promise.then(over, over);
    for (let waited = 0; waited <= withinMs; waited += 10) {
      await this.clock.settle();
      if (outcome.settled) return promise;
      await this.clock.advance(10);
    }
    throw new Error('it does not settle');
  }

  /** What lies before the store is carried out, before anything that is sent from now on. */
  goOn(): void {
    for (const { cable } of this.processes) cable.state = 'fine';
    for (const { cable } of this.processes) for (const carryOut of cable.held.splice(0)) carryOut();
  }

  async close(): Promise<void> {
    this.goOn();
    await this.settle(Promise.all(this.processes.map(({ presence }) => presence.close())));
  }
}

function cabled(store: PresenceStore, cable: Cable): PresenceStore {
  const through = <Call extends StoreCall, T>(
    call: Call | undefined,
    work: (call?: Call) => Promise<T>,
  ): Promise<T> => {
    if (cable.state === 'cut') return Promise.reject(new StoreUnavailable('it is cut'));
    if (cable.state === 'hung') return new Promise(() => undefined);
    if (cable.state === 'unheard') return work().then(() => new Promise(() => undefined));
    // What a server has before it, it does not know to be given up.
    const sent = call && { ...call, signal: undefined };
    if (cable.state === 'late') return new Promise((resolve) => cable.held.push(() => resolve(work(sent))));
    return work(call);
  };
  return {
    ...store,
    open: (lease, leaseMs, call) => through(call, (now) => store.open(lease, leaseMs, now)),
    beat: (lease, leaseMs, call) => through(call, (now) => store.beat(lease, leaseMs, now)),
    change: (batch, call) => through(call, (now) => store.change(batch, now)),
    end: (leases, call) => through(call, (now) => store.end(leases, now)),
    reap: (limit, call) => through(call, (now) => store.reap(limit, now)),
    read: (requests, call) => through(call, (now) => store.read(requests, now)),
  };
}

function cabledFeed(feed: Feed, cable: Cable): Feed {
  return {
    send: async (notices: readonly Notice[]) => {
      if (!cable.mute && cable.state === 'fine') await feed.send(notices);
    },
    follow: (channel, listener) =>
      feed.follow(channel, {
        notice: (body) => {
          if (!cable.deaf && cable.state === 'fine') listener.notice(body);
        },
        hearing: (hears) => listener.hearing(hears),
      }),
  };
}

/** What a watcher was told, in few words. */
export class Seen {
  readonly events: string[] = [];
  readonly all: PresenceEvent[] = [];

  readonly listener = (event: PresenceEvent): void => {
    this.all.push(event);
    if (event.type === 'snapshot')
      this.events.push(
        `snapshot ${event.roster.members
          .map(({ user }) => user)
          .toSorted()
          .join(' ')}`.trim(),
      );
    else if (event.type === 'leave') this.events.push(`leave ${event.user}`);
    else if (event.type === 'stale') this.events.push(event.stale ? 'stale' : 'right');
    else this.events.push(`${event.type} ${event.member.user} ${event.member.status}`);
  };

  /** Since the last time that this was asked. */
  take(): string[] {
    return this.events.splice(0);
  }
}
