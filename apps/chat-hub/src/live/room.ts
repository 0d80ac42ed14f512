import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { Told } from './altered-query.ts';
import type { Follower } from './follower.ts';
import type { Entry, LogReader, RoomNews } from './log-reader.ts';
import { timeOf } from './lines.ts';
import { RecentEntries } from './recent-entries.ts';

export interface RoomOptions {
  readonly channelId: string;
  readonly head: number;
  readonly log: LogReader;
  readonly clock: Clock;
  /** Changes of members and settings: told when everybody has heard of them, and nobody of what comes after them. */
  readonly onNews: (room: Room, news: RoomNews) => void;
  /** Entries that were told, each once and in order. */
  readonly onTold?: ((entries: readonly Entry[]) => void) | undefined;
  readonly onError: (error: unknown, channelId: string) => void;
}

/** What arrives ahead of its turn waits so long for what is between; commits of two connections can be heard in the wrong order. */
const patienceMs = 25;
const maxEarly = 1_024;
/** By several, as those told last may be of the log that took the place of the one that was told before. */
const maxTold = 16;
/** What says that earlier entries would be read differently now. */
const outdating: ReadonlySet<string> = new Set(['channel.message.edit', 'channel.message.delete']);

/**
 * One channel as this node shows it: every entry of its log in order, once, to all who follow it here. Entries may be told by anybody, often,
 * never or in any order; what is missing is read.
 */
export class Room {
  readonly channelId: string;
  readonly followers = new Set<Follower>();
  readonly #options: RoomOptions;
  #head: number;
  readonly #recent = new RecentEntries();
  readonly #early = new Map<number, Entry>();
  #patience: Timer | undefined;
  #repair: Promise<void> | undefined;
  #closed = false;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.channelId = options.channelId;
    this.#head = options.head;
  }

  get head(): number {
    return this.#head;
  }

  /** The last entries that were told here. */
  get told(): readonly Told[] {
    const { channelId } = this;
    const entries = this.#recent
      .tail(maxTold)
      .map((entry) => ({ channelId, seq: entry.seq, at: timeOf(entry) }));
    return entries.length > 0 ? entries : [{ channelId, seq: this.#head, at: undefined }];
  }

  /** Entries of the log that somebody has heard of. */
  tell(entries: readonly Entry[]): void {
    if (this.#closed) return;
    const next: Entry[] = [];
    for (const entry of entries) {
      if (entry.seq === this.#head + next.length + 1) next.push(entry);
      else if (entry.seq > this.#head + next.length) this.#early.set(entry.seq, entry);
    }
    if (next.length > 0) this.#advance(next);
    if (this.#early.size > 0) this.#fit();
  }

  /** Something that is kept nowhere: for who is up to date and has room for it. */
  whisper(line: string): void {
    for (const follower of this.followers) follower.whisper(line);
  }

  /** The log is known to reach this far; resolves when the room has read on. */
  async reach(head: number): Promise<void> {
    if (head > this.#head && !this.#closed) await this.#mend();
  }

  /** Entries behind a position, up to the head: at most so many, and one at least where there is one. */
  async read(after: number, limit: number): Promise<readonly Entry[]> {
    const head = this.#head;
    const near = this.#recent.last(head - after, limit);
    if (near !== undefined) return near;
    // Pages begin where those of others begin, so that many who come back share them.
    const start = after - (after % limit);
    const entries = await this.#options.log.read(this.channelId, start, limit);
    this.#remember(entries);
    if (start === after && (entries.at(-1)?.seq ?? 0) <= head) return entries;
    // What lies behind the head may be behind news that were not told yet.
    return entries.filter(({ seq }) => seq > after && seq <= head);
  }

  close(): void {
    this.#closed = true;
    this.#patience?.cancel();
    this.#early.clear();
    for (const follower of this.followers) follower.end();
  }

  #keep(entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (last?.news === undefined || !outdating.has(last.news.type)) return this.#recent.push(entries);
    // The log itself shows messages as they are now: nothing that was edited away or deleted is told again.
    this.#recent.clear();
    this.#recent.push([last]);
  }

  /** The last page of a log is what most ask for who come back. */
  #remember(entries: readonly Entry[]): void {
    const first = this.#head - this.#recent.size + 1;
    const before = entries.filter(({ seq }) => seq < first);
    if (before.at(-1)?.seq === first - 1) this.#recent.prepend(before);
  }

  #advance(entries: readonly Entry[]): void {
    // Who loses the right to listen hears that it did, and nothing behind it.
    for (let from = 0; from < entries.length;) {
      const i = entries.findIndex(({ news }, at) => at >= from && news !== undefined);
      const to = i === -1 ? entries.length : i + 1;
      this.#say(entries.slice(from, to));
      const news = entries[to - 1]?.news;
      if (news !== undefined) this.#options.onNews(this, news);
      from = to;
    }
  }

  #say(entries: readonly Entry[]): void {
    const before = this.#head;
    this.#head += entries.length;
    this.#keep(entries);
    const lines = entries.map(({ line }) => line).join('\n');
    for (const follower of this.followers) follower.hear(before, this.#head, lines);
    this.#options.onTold?.(entries);
  }

  /** Puts what was early in its place, and asks the log when what is between does not come. */
  #fit(): void {
    const next: Entry[] = [];
    for (let seq = this.#head + 1; ; seq += 1) {
      const entry = this.#early.get(seq);
      if (entry === undefined) break;
      next.push(entry);
    }
    this.#advance(next);
    for (const seq of this.#early.keys()) if (seq <= this.#head) this.#early.delete(seq);
    if (this.#early.size === 0) return;
    if (this.#early.size > maxEarly) void this.#mend();
    else {
      this.#patience ??= this.#options.clock.timer(patienceMs, () => {
        this.#patience = undefined;
        if (this.#early.size > 0) void this.#mend();
      });
    }
  }

  #mend(): Promise<void> {
    this.#repair ??= this.#readOn()
      .catch((error: unknown) => this.#options.onError(error, this.channelId))
      .finally(() => (this.#repair = undefined));
    return this.#repair;
  }

  async #readOn(): Promise<void> {
    const pageSize = 256;
    for (;;) {
      const entries = await this.#options.log.read(this.channelId, this.#head, pageSize);
      this.tell(entries);
      if (entries.length < pageSize || this.#closed) return;
    }
  }
}
