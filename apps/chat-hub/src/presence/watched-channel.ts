import type { Clock, Timer } from '@parley/cache-core/kernel';
import { channelAddress, type HubEvent, type Roster } from '@parley/hub-protocol';
import type { Presence, PresenceEvent, Roster as Members, TypingNow, Watch } from '@parley/presence';
import { momentLine } from '../live/lines.ts';
import type { Ear, Listener } from './ear.ts';
import { gone, rosterOf, seen, typistOf } from './seen.ts';

export interface WatchedChannelOptions {
  readonly channelId: string;
  readonly presence: Pick<Presence, 'watch' | 'typing'>;
  readonly clock: Clock;
}

/** Between two rosters for everybody: of a channel where all are listed, and of one where they are too many. */
const pauseMs = { whole: 250, sample: 5_000 };

/** A channel that somebody on this node watches: looked at once, and told to all who do. */
export class WatchedChannel {
  readonly listeners = new Set<Listener>();
  readonly #options: WatchedChannelOptions;
  readonly #members: Watch<Members>;
  readonly #typing: Watch<TypingNow>;
  #typists: ReadonlySet<string> = new Set();
  #typingStale = false;
  /** The frame, for as long as nothing changes. */
  #line: string | undefined;
  #toldAt = -Infinity;
  #telling: Timer | undefined;

  constructor(options: WatchedChannelOptions) {
    const { channelId, presence } = options;
    this.#options = options;
    this.#members = presence.watch(channelId, (event) => this.#hear(event));
    this.#typing = presence.typing.watch(channelId, (now) => this.#hearTypists(now));
  }

  /** Resolves when it is known who is there; rejects at the limit, and it may be asked again. */
  async ready(): Promise<void> {
    await Promise.all([this.#members.ready(), this.#typing.ready()]);
  }

  get roster(): Roster {
    const { channelId } = this.#options;
    return rosterOf(channelId, this.#members.current, this.#typing.current);
  }

  /** Tells one who it is that is there, if they have room for it. */
  tell(ear: Ear): boolean {
    this.#line ??= JSON.stringify({ type: 'roster', roster: this.roster });
    return ear.tell('roster', this.#line);
  }

  close(): void {
    this.#telling?.cancel();
    this.#members.close();
    this.#typing.close();
    this.listeners.clear();
  }

  #hear(event: PresenceEvent): void {
    this.#line = undefined;
    const { channelId } = this.#options;
    if (event.type === 'join' || event.type === 'update') {
      const presence = seen(event.member);
      this.#say({ type: 'channel.presence', channelId, presence }, presence.userId);
    } else if (event.type === 'leave') {
      const presence = gone(event.user, event.at);
      this.#say({ type: 'channel.presence', channelId, presence }, presence.userId);
    } else this.#again();
  }

  #hearTypists({ users, stale }: TypingNow): void {
    this.#line = undefined;
    if (this.#typingStale !== stale) this.#again();
    this.#typingStale = stale;
    const before = this.#typists;
    const now = new Set(users);
    this.#typists = now;
    for (const name of before) if (!now.has(name)) this.#sayTyping(name, 'stop');
    for (const name of now) if (!before.has(name)) this.#sayTyping(name, 'start');
  }

  #sayTyping(name: string, state: 'start' | 'stop'): void {
    const { channelId } = this.#options;
    const { userId, threadId } = typistOf(name);
    this.#say({ type: 'channel.typing', channelId, userId, state, threadId }, userId);
  }

  #say(event: HubEvent, actorId: string): void {
    if (this.listeners.size === 0) return;
    const { channelId, clock } = this.#options;
    const line = momentLine({ event, actorId, channelId, to: channelAddress(channelId) }, clock.now());
    for (const listener of this.listeners) listener.change(line);
  }

  /** Everybody is to be told the whole, but not all the time. */
  #again(): void {
    if (this.#telling !== undefined || this.listeners.size === 0) return;
    const { clock } = this.#options;
    const pause = this.#members.current.complete ? pauseMs.whole : pauseMs.sample;
    const waitMs = Math.max(0, this.#toldAt + pause - clock.monotonic());
    this.#telling = clock.timer(
      waitMs,
      () => {
        this.#telling = undefined;
        this.#toldAt = clock.monotonic();
        for (const listener of this.listeners) listener.again();
      },
      { unref: true },
    );
  }
}
