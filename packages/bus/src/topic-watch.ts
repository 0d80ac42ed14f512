import { exponentialBackoff, type Timer } from '@parley/cache-core/kernel';
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
        if (!matches(name)) return;
        const known = options.cursorOf(name);
        // Before the first list nobody can tell a new channel from an old one; the list will have it.
        if (known !== undefined) known.records(epoch, records);
        else if (this.#ready) this.#begin(name, true);
      },
      advanced: (name, position) => {
        if (!matches(name)) return;
        const known = options.cursorOf(name);
        if (known !== undefined) known.advanced(position);
        else if (this.#ready) this.#begin(name, true);
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
    for (const name of this.#names) {
      const cursor = this.#options.cursorOf(name);
      if (cursor !== undefined) this.#options.lost(cursor, name, reason);
    }
    this.#options.onReady();
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
    for (let failures = 0; turn === this.#turn;) {
      try {
        const listed = await this.#ask();
        if (turn !== this.#turn) return;
        for (const { channel, position } of listed) this.#compare(channel, position, asked);
        if (!this.#ready) this.#rejoinUnlisted(new Set(listed.map(({ channel }) => channel)));
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

  /** What became of those that are gone, their logs will tell. */
  #rejoinUnlisted(listed: ReadonlySet<string>): void {
    for (const name of this.#names) if (!listed.has(name)) this.#options.cursorOf(name)?.joined();
  }

  async #ask(): Promise<ChannelPosition[]> {
    const { streams } = this.#core.broker;
    const found: ChannelPosition[] = [];
    for (;;) {
      const after = found.at(-1)?.channel;
      const page = await streams.channels(this.#options.topic, {
        after,
        limit: pageSize,
        signal: this.#core.closing,
      });
      found.push(...page);
      if (page.length < pageSize) return found;
    }
  }

  #again(): void {
    if (this.#closed || !this.#joined) return;
    const afterMs = this.#options.checkEveryMs * (5 / 6 + this.#core.random() / 2);
    this.#timer = this.#core.clock.timer(afterMs, () => void this.#list(), { unref: true });
  }
}
