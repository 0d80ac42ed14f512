import { createBatcher } from '@parley/cache-core/kernel';
import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { Feed, Following } from './feed.ts';
import { Follower } from './follower.ts';
import type { Line } from './line.ts';
import { noticesOf, wordOf } from './notice.ts';
import type { PresenceSettings } from './options.ts';
import type { PresenceStats } from './stats.ts';
import type { ReadRequest } from './store.ts';
import type { Appended, View } from './view.ts';

export interface FollowersOptions {
  readonly settings: PresenceSettings;
  readonly line: Line;
  readonly stats: PresenceStats;
}

export interface Followed {
  readonly follower: Follower;
  readonly release: () => void;
}

interface Shared {
  readonly follower: Follower;
  readonly following: Following;
  users: number;
}

/** The channels that this process follows, each once, however many watch it. */
export class Followers {
  /** Asks the store; what is asked in one turn goes together. */
  readonly read: (request: ReadRequest) => Promise<View>;
  readonly #settings: PresenceSettings;
  readonly #feed: Feed;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #stats: PresenceStats;
  readonly #line: Line;
  readonly #shared = new Map<string, Shared>();
  #timer: Timer | undefined;
  /** When all are looked at (monotonic). */
  #allAt: number | undefined;
  #closed = false;

  constructor({ settings, line, stats }: FollowersOptions) {
    this.#settings = settings;
    this.#feed = settings.feed;
    this.#clock = settings.clock;
    this.#random = settings.random;
    this.#stats = stats;
    this.#line = line;
    const { partOf, capabilities } = settings.store;
    const readIn = keyed(() =>
      createBatcher<ReadRequest, View>({
        run: (requests) => line.call('read presence', (store, signal) => store.read(requests, { signal })),
        maxBatch: Math.min(256, capabilities.maxBatch),
        maxInFlight: 2,
      }),
    );
    this.read = (request) => readIn(partOf?.(request.channel) ?? '')(request);
    line.onTurn((up) => {
      for (const { follower } of this.#shared.values()) {
        // Of a store with parts, those that are there say that what is in them is right.
        if (up || partOf !== undefined) void follower.look();
        else follower.doubt();
      }
    });
  }

  get size(): number {
    return this.#shared.size;
  }

  get stale(): number {
    return [...this.#shared.values()].filter(({ follower }) => follower.stale).length;
  }

  get maxMembers(): number {
    return this.#settings.store.capabilities.maxMembers;
  }

  find(channel: string): Follower | undefined {
    return this.#shared.get(channel)?.follower;
  }

  /** @param options.whole everybody is known, however many they are */
  follow(channel: string, { whole = false }: { readonly whole?: boolean } = {}): Followed {
    const shared = this.#shared.get(channel) ?? this.#open(channel, whole);
    shared.users += 1;
    let held = true;
    return {
      follower: shared.follower,
      release: () => {
        if (held) this.#release(channel, shared);
        held = false;
      },
    };
  }

  /** Tells those in this process and those in others what was put into the logs. */
  tell(appended: readonly Appended[]): void {
    if (appended.length === 0) return;
    for (const { channel, epoch, diffs } of appended) {
      const top = diffs.at(-1)?.offset ?? 0;
      this.#shared.get(channel)?.follower.hear({ epoch, top, diffs });
    }
    const notices = noticesOf(appended);
    this.#stats.noticesSent += notices.length;
    this.#feed.send(notices).catch(() => {
      this.#stats.noticesFailed += notices.length;
    });
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    for (const { follower, following } of this.#shared.values()) {
      following.close();
      follower.close();
    }
    this.#shared.clear();
  }

  #open(channel: string, whole: boolean): Shared {
    const { clock, largeAbove, sample, sampleMs, gatherMs, reapMs, heartbeatMs, store } = this.#settings;
    const follower = new Follower({
      channel,
      clock,
      stats: this.#stats,
      read: this.read,
      largeAbove: whole ? store.capabilities.maxMembers : largeAbove,
      sample,
      sampleMs,
      gatherMs,
      slackMs: reapMs + heartbeatMs * 0.4,
    });
    const following = this.#feed.follow(channel, {
      notice: (body) => {
        const word = wordOf(body);
        if (word === undefined) return;
        this.#stats.noticesHeard += 1;
        follower.hear(word);
      },
      hearing: (hears) => {
        if (hears) void follower.look();
      },
    });
    const shared: Shared = { follower, following, users: 0 };
    this.#shared.set(channel, shared);
    void follower.look();
    this.#arm();
    return shared;
  }

  #release(channel: string, shared: Shared): void {
    shared.users -= 1;
    if (shared.users > 0 || this.#shared.get(channel) !== shared) return;
    this.#shared.delete(channel);
    shared.following.close();
    shared.follower.close();
  }

  /** At times that are drawn anew, so that processes do not ask together. */
  #arm(): void {
    if (this.#timer !== undefined || this.#closed || this.#shared.size === 0) return;
    const { checkMs } = this.#settings;
    this.#allAt ??= this.#clock.monotonic() + checkMs * (5 / 6 + this.#random() / 6);
    const allInMs = Math.max(0, this.#allAt - this.#clock.monotonic());
    const afterMs = this.#line.up ? allInMs : Math.min(allInMs, 1_000);
    this.#timer = this.#clock.timer(afterMs, () => void this.#check(), { unref: true });
  }

  /** All of them, and those that may not be right more often while the store or a part of it is away. */
  async #check(): Promise<void> {
    const all = this.#allAt === undefined || this.#clock.monotonic() >= this.#allAt;
    if (all) this.#allAt = undefined;
    const some = Array.from(this.#shared.values(), ({ follower }) => follower);
    await Promise.all(some.filter(({ stale }) => all || stale).map((follower) => follower.look()));
    this.#timer = undefined;
    this.#arm();
  }
}

/** Made once for each key. */
function keyed<Made>(make: () => Made): (key: string) => Made {
  const made = new Map<string, Made>();
  return (key) => {
    const one = made.get(key) ?? make();
    made.set(key, one);
    return one;
  };
}
