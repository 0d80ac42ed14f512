import { exponentialBackoff, withDeadline, type Timer } from '@parley/cache-core/kernel';
import type { ChannelPosition } from './broker.ts';
import type { BusCore } from './core.ts';
import type { Cursor } from './cursor.ts';

export interface TopicWatchOptions {
  readonly topic: string;
  readonly checkEveryMs: number;
  readonly matches: (name: string) => boolean;
  readonly cursorOf: (name: string) => Cursor | undefined;
  /** @param isNew it came into being while we listened, so that all of it is new */
  readonly open: (name: string, isNew: boolean) => Cursor;
  readonly lost: (cursor: Cursor, name: string, reason: string) => void;
  /** The channel is gone, and there is nothing of it to be told any more. False when somebody is still at work on it. */
  readonly forget: (name: string) => boolean;
  readonly onReady: () => void;
}

const pageSize = 500;

/**
 * Follows a topic as a whole. The list of its channels, asked for whenever the feed was joined and now and then, tells which there are and
 * where each stands; a channel that is heard of and not in the list is a new one.
 */
export class TopicWatch {
  readonly #core: BusCore;
  readonly #options: TopicWatchOptions;
  readonly #leave: () => void;
  readonly #names = new Set<string>();
  /** Those that were heard of while it was not ready, and may be missing in the list that was on its way. */
  readonly #heard = new Set<string>();
  #joined = false;
  #ready = false;
  #listedBefore = false;
  #turn = 0;
  #timer: Timer | undefined;
  #closed = false;
  #verifiedAt = -Infinity;

  constructor(core: BusCore, options: TopicWatchOptions) {
    this.#core = core;
    this.#options = options;
    const { topic, matches } = options;
    this.#leave = core.hearing.follow('topic', topic, {
      joined: () => {
        this.#joined = true;
        void this.#list();
      },
      lost: (reason) => this.#lose(reason),
      records: (name, epoch, records) => {
        const known = options.cursorOf(name);
        if (known !== undefined) known.records(epoch, records);
        else if (matches(name)) this.#discover(name);
      },
      advanced: (name, position) => {
        const known = options.cursorOf(name);
        if (known !== undefined) known.advanced(position);
        else if (matches(name)) this.#discover(name);
      },
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  get verifiedAt(): number {
    return this.#verifiedAt;
  }

  close(): void {
    this.#closed = true;
    this.#turn += 1;
    this.#timer?.cancel();
    this.#leave();
  }

  #lose(reason: string): void {
    this.#joined = false;
    this.#ready = false;
    this.#turn += 1;
    this.#timer?.cancel();
    this.#heard.clear();
    for (const name of this.#names) {
      const cursor = this.#options.cursorOf(name);
      if (cursor !== undefined) this.#options.lost(cursor, name, reason);
    }
    this.#options.onReady();
  }

  /** Before the list nobody can tell a new channel from an old one. */
  #discover(name: string): void {
    if (this.#ready) this.#begin(name, true);
    else this.#heard.add(name);
  }

  #begin(name: string, isNew: boolean, at?: ChannelPosition['position']): void {
    this.#names.add(name);
    this.#options.open(name, isNew).joined(at);
  }

  /** Takes up channels that are new, and compares the others with where they stand. */
  async #list(): Promise<void> {
    const { clock, random, closing } = this.#core;
    const backoff = exponentialBackoff({ baseMs: 100, maxMs: 2_000, minMs: 10, random });
    const turn = (this.#turn += 1);
    const asked = clock.monotonic();
    for (let failures = 0; turn === this.#turn && !closing.aborted;) {
      try {
        const listed = await this.#ask();
        if (turn !== this.#turn) return;
        for (const { channel, position } of listed) this.#compare(channel, position, asked);
        this.#lookAfterUnlisted(new Set(listed.map(({ channel }) => channel)));
        this.#beginHeard();
        this.#verifiedAt = asked;
        this.#listedBefore = true;
        this.#ready = true;
        this.#options.onReady();
        this.#again();
        return;
      } catch {
        failures += 1;
        await clock.sleep(backoff(failures), { signal: closing, unref: true }).catch(() => undefined);
      }
    }
  }

  #compare(name: string, position: ChannelPosition['position'], asked: number): void {
    if (!this.#options.matches(name)) return;
    const cursor = this.#options.cursorOf(name);
    if (cursor === undefined) this.#begin(name, this.#listedBefore, position);
    else if (!this.#ready) cursor.joined();
    else if (cursor.advanced(position, asked)) this.#core.stats.lateFinds += 1;
  }

  /** What became of those that are gone, their logs will tell; who has been told that there is nothing need not ask again. */
  #lookAfterUnlisted(listed: ReadonlySet<string>): void {
    for (const name of this.#names) {
      if (listed.has(name)) continue;
      const cursor = this.#options.cursorOf(name);
      const empty = this.#ready && cursor?.live === true && cursor.position?.offset === 0;
      if (empty && this.#options.forget(name)) this.#names.delete(name);
      else cursor?.joined();
    }
  }

  /** Those that the list did not have came into being after it was made. */
  #beginHeard(): void {
    for (const name of this.#heard) if (this.#options.cursorOf(name) === undefined) this.#begin(name, true);
    this.#heard.clear();
  }

  async #ask(): Promise<ChannelPosition[]> {
    const { broker, clock, callMs, closing } = this.#core;
    const limit = Math.min(pageSize, broker.capabilities.maxBatch);
    const found: ChannelPosition[] = [];
    for (;;) {
      const after = found.at(-1)?.channel;
      const page = await withDeadline(
        callMs,
        (signal) => broker.streams.channels(this.#options.topic, { after, limit, signal }),
        { clock, signal: closing, what: 'listing channels' },
      );
      found.push(...page);
      if (page.length < limit) return found;
    }
  }

  #again(): void {
    if (this.#closed || !this.#joined) return;
    const afterMs = this.#options.checkEveryMs * (5 / 6 + this.#core.random() / 2);
    this.#timer = this.#core.clock.timer(afterMs, () => void this.#list(), { unref: true });
  }
}
