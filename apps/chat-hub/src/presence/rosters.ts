import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { Roster } from '@parley/hub-protocol';
import type { Presence } from '@parley/presence';
import { asked } from './asked.ts';
import { Listener, type Ear } from './ear.ts';
import { rosterOf } from './seen.ts';
import { WatchedChannel } from './watched-channel.ts';

export interface RostersOptions {
  readonly presence: Pick<Presence, 'watch' | 'members' | 'typing'>;
  readonly clock: Clock;
}

/** A channel that is looked at for one ear, until it is released. */
export interface HeldRoster {
  /** Resolves when it is known who is there. Rejects with `UNAVAILABLE` at its limit. */
  readonly ready: () => Promise<void>;
  /** Tells who is there, and from now on what becomes of it. */
  readonly begin: () => void;
  /** Nothing more is told until it begins again. */
  readonly quiet: () => void;
  readonly release: () => void;
}

interface Opened {
  readonly channel: WatchedChannel;
  holds: number;
  lingering: Timer | undefined;
}

/** Who goes from one channel to another often comes back. */
const lingerMs = 5_000;

/** The channels that somebody on this node watches, each once. */
export class Rosters {
  readonly #options: RostersOptions;
  readonly #open = new Map<string, Opened>();
  #holds = 0;
  #closed = false;

  constructor(options: RostersOptions) {
    this.#options = options;
  }

  /** Channels that are watched. */
  get size(): number {
    return this.#open.size;
  }

  /** By how many sockets, each counted for every channel. */
  get watches(): number {
    return this.#holds;
  }

  hold(channelId: string, ear: Ear): HeldRoster {
    const opened = this.#open.get(channelId) ?? this.#begin(channelId);
    const { channel } = opened;
    const listener = new Listener(ear, (one) => channel.tell(one));
    opened.lingering?.cancel();
    opened.lingering = undefined;
    opened.holds += 1;
    this.#holds += 1;
    let held = true;
    return {
      ready: () => asked(channel.ready()),
      begin: () => {
        if (!held) return;
        channel.listeners.add(listener);
        listener.begin();
      },
      quiet: () => listener.quiet(),
      release: () => {
        if (!held) return;
        held = false;
        listener.quiet();
        channel.listeners.delete(listener);
        this.#release(channelId, opened);
      },
    };
  }

  /** Who is there now, from what is watched, else from the store. */
  async read(channelId: string): Promise<Roster> {
    const { presence } = this.#options;
    const [present, typing] = await asked(
      Promise.all([presence.members(channelId), presence.typing.list(channelId)]),
    );
    return rosterOf(channelId, present, typing);
  }

  close(): void {
    this.#closed = true;
    for (const { channel, lingering } of this.#open.values()) {
      lingering?.cancel();
      channel.close();
    }
    this.#open.clear();
  }

  #begin(channelId: string): Opened {
    const channel = new WatchedChannel({ channelId, ...this.#options });
    const opened: Opened = { channel, holds: 0, lingering: undefined };
    this.#open.set(channelId, opened);
    return opened;
  }

  #release(channelId: string, opened: Opened): void {
    opened.holds -= 1;
    this.#holds -= 1;
    if (opened.holds > 0 || this.#closed) return;
    opened.lingering = this.#options.clock.timer(
      lingerMs,
      () => {
        this.#open.delete(channelId);
        opened.channel.close();
      },
      { unref: true },
    );
  }
}
