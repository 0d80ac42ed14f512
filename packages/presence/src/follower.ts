import { safeCall } from '@parley/cache-core/kernel';
import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { Word } from './notice.ts';
import { Replica, type Held, type ReplicaChange } from './replica.ts';
import type { PresenceStats } from './stats.ts';
import type { ReadRequest } from './store.ts';
import type { Position, View } from './view.ts';

export interface FollowerOptions {
  readonly channel: string;
  readonly clock: Clock;
  readonly stats: PresenceStats;
  readonly read: (request: ReadRequest) => Promise<View>;
  /** Up to how many users everybody is known. */
  readonly largeAbove: number;
  /** How many are, where there are more. */
  readonly sample: number;
  readonly sampleMs: number;
  readonly gatherMs: number;
  /** How much later than at its time somebody else may take out what has ended. */
  readonly slackMs: number;
}

export interface FollowerListener {
  readonly changed: (change: ReplicaChange) => void;
  /** Whether everybody is known has changed, or the sample is another one. */
  readonly replaced: () => void;
  readonly stale: (stale: boolean) => void;
  /** The store may have lost what it had answered for. Told before it is known what it has. */
  readonly lost?: (() => void) | undefined;
  /** The store has lost its data, and these in it. */
  readonly missing?: ((members: readonly Held[]) => void) | undefined;
}

/** How many words wait for the view that is being read. */
const maxHeard = 256;

/** Follows one channel: by what other processes tell, and by the store, which is right. */
export class Follower {
  readonly channel: string;
  readonly #options: FollowerOptions;
  readonly #replica: Replica;
  readonly #listeners = new Set<FollowerListener>();
  readonly #first = Promise.withResolvers<void>();
  #complete = true;
  #known = false;
  #confirmed = false;
  #closed = false;
  #told = true;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  /** Also when the log would do: it does not tell how long what was set again lasts. */
  #whole = false;
  /** The large channel is one no more: everybody is asked for, while it is still a sample that is known. */
  #shrunk = false;
  #heard: Word[] = [];
  #ends: Timer | undefined;
  #gathered: Timer | undefined;
  #resample: Timer | undefined;

  constructor(options: FollowerOptions) {
    this.channel = options.channel;
    this.#options = options;
    this.#replica = new Replica((change) => this.#each((listener) => listener.changed(change)));
  }

  /** Resolves when it is known who is there. */
  get ready(): Promise<void> {
    return this.#first.promise;
  }

  /** It may not be right: the store is away, or has lost its data a moment ago. */
  get stale(): boolean {
    return !this.#confirmed || this.#replica.unconfirmed.size > 0;
  }

  get known(): boolean {
    return this.#known;
  }

  /** Whether everybody is known, or a sample. */
  get complete(): boolean {
    return this.#complete;
  }

  get members(): ReadonlyMap<string, Held> {
    return this.#replica.members;
  }

  get position(): Position | undefined {
    return this.#replica.position;
  }

  get at(): number {
    return this.#replica.at;
  }

  get users(): number {
    return this.#complete ? this.#replica.members.size : this.#replica.users;
  }

  /** As of the last look. */
  get entries(): number {
    return Math.max(this.#replica.entries, this.users);
  }

  listen(listener: FollowerListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  hear(word: Word): void {
    if (this.#closed || word.diffs.length + word.top === 0) return;
    if (this.#looking !== undefined) {
      this.#heard.push(word);
      if (this.#heard.length > maxHeard) this.#heard.shift();
      return;
    }
    if (!this.#known) return;
    if (!this.#complete) this.#sampleSoon();
    else if (!this.#follow(word)) {
      this.#options.stats.holes += 1;
      void this.look();
    }
  }

  /** Compares with the store. Never rejects: what could not be read leaves it stale. */
  look(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return this.#looking;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** The store is away: nobody knows whether this is right. */
  doubt(): void {
    this.#confirmed = false;
    this.#tellStale();
  }

  close(): void {
    this.#closed = true;
    for (const timer of [this.#ends, this.#gathered, this.#resample]) timer?.cancel();
    this.#listeners.clear();
    this.#first.resolve();
  }

  async #look(): Promise<void> {
    do {
      this.#lookAgain = false;
      this.#heard = [];
      if (!(await this.#lookOnce())) continue;
      for (const word of this.#heard.splice(0)) {
        if (this.#complete && !this.#follow(word)) this.#lookAgain = true;
      }
    } while (this.#lookAgain && !this.#closed);
  }

  async #lookOnce(): Promise<boolean> {
    const { read, channel, largeAbove, sample, clock, stats } = this.#options;
    const whole = this.#whole;
    const all = this.#complete || this.#shrunk;
    const after = whole || !this.#complete ? undefined : this.#replica.position;
    this.#whole = false;
    let view: View;
    try {
      view = await read({ channel, after, limit: all ? largeAbove : sample });
    } catch {
      // What was to be read is not known yet. Meanwhile somebody else may have asked for everything.
      this.#whole ||= whole;
      this.doubt();
      return false;
    }
    if (this.#closed) return false;
    if (view.diffs !== undefined) {
      if (view.diffs.length > 0) stats.lateFinds += 1;
      // When that made it a large channel, or does not fit, the log is of no more use.
      if (!this.#follow({ epoch: view.epoch, top: view.top, diffs: view.diffs })) {
        this.#whole = true;
        this.#lookAgain = true;
      }
      this.#replica.entries = view.entries;
    } else this.#reset(view, all, clock.monotonic());
    this.#confirmed = true;
    this.#known = true;
    this.#first.resolve();
    this.#tellStale();
    this.#watchEnds();
    return true;
  }

  /** @param all everybody was asked for, as far as there is room */
  #reset(view: View, all: boolean, now: number): void {
    const { stats, largeAbove, sample } = this.#options;
    stats.snapshots += 1;
    const fits = view.users <= (this.#complete ? largeAbove : largeAbove * 0.8);
    const wasSample = !this.#complete;
    this.#shrunk = fits && !all && view.users > sample;
    this.#complete = fits && !this.#shrunk;
    if (this.#shrunk) this.#lookAgain = true;
    else if (fits) {
      const { position } = this.#replica;
      const isOther = position !== undefined && position.epoch !== view.epoch;
      if (isOther) this.#each((listener) => listener.lost?.());
      // Who was in no sample was there all the same, and does not join now.
      if (wasSample && !isOther) this.#replica.sample(view, view.users, now);
      else this.#replica.reset(view, now);
      this.#gather(isOther);
      if (wasSample) this.#each((listener) => listener.replaced());
    } else {
      this.#replica.sample(view, sample, now);
      this.#each((listener) => listener.replaced());
    }
  }

  /** Whether it fits on what is known. */
  #follow({ epoch, top, diffs }: Word): boolean {
    const { clock, stats, largeAbove } = this.#options;
    const fits = this.#replica.take(epoch, diffs, clock.monotonic());
    const { position } = this.#replica;
    if (fits) stats.diffs += diffs.length;
    if (fits && this.#replica.members.size > largeAbove) return false;
    this.#watchEnds();
    this.#tellStale();
    return fits && position?.epoch === epoch && position.offset >= top;
  }

  /** Those who were there before the store lost its data are given the time to be registered again. */
  #gather(isOther: boolean): void {
    const missing = this.#replica.missing();
    if (missing.length > 0 && !isOther && this.#gathered !== undefined) return;
    this.#gathered?.cancel();
    this.#gathered = undefined;
    if (missing.length > 0) {
      this.#armGathering();
      this.#each((listener) => listener.missing?.(missing));
    }
  }

  #armGathering(): void {
    const { clock, gatherMs } = this.#options;
    const end = (): void => {
      this.#gathered = undefined;
      // While the store is away nobody can register again.
      if (this.#confirmed) this.#replica.dropUnconfirmed();
      else this.#armGathering();
      this.#tellStale();
    };
    this.#gathered = clock.timer(gatherMs, end, { unref: true });
  }

  #sampleSoon(): void {
    if (this.#resample !== undefined) return;
    this.#resample = this.#options.clock.timer(
      this.#options.sampleMs,
      () => {
        this.#resample = undefined;
        void this.look();
      },
      { unref: true },
    );
  }

  /** What ends by its time is taken out by some process; when none did, or the store is away, it ends here all the same. */
  #watchEnds(): void {
    const { clock, slackMs } = this.#options;
    this.#ends?.cancel();
    this.#ends = undefined;
    const next = this.#replica.nextEnd();
    if (next === Infinity || this.#closed) return;
    const afterMs = Math.max(0, next - clock.monotonic()) + slackMs;
    this.#ends = clock.timer(afterMs, () => void this.#end(), { unref: true });
  }

  async #end(): Promise<void> {
    this.#whole = true;
    await this.look();
    if (this.#closed || this.#confirmed) return;
    const due = this.#options.clock.monotonic() - this.#options.slackMs;
    const over = [...this.#replica.members.values()].filter(({ endsAt }) => endsAt <= due);
    for (const { user } of over) this.#replica.drop(user, this.#replica.at);
    this.#watchEnds();
  }

  #tellStale(): void {
    if (this.#told === this.stale || !this.#known) return;
    this.#told = this.stale;
    this.#each((listener) => listener.stale(this.#told));
  }

  #each(tell: (listener: FollowerListener) => void): void {
    for (const listener of this.#listeners) safeCall('presence listener', tell, listener);
  }
}
