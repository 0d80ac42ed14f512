import type { Entry } from './entry.ts';

/** Where the reader stands in the log of a channel. */
interface Place {
  epoch: string | undefined;
  seq: number;
}

interface LogPage {
  readonly items: readonly Entry[];
  readonly seq: number;
  readonly epoch: string;
}

export interface FollowerOptions {
  readonly show: (entry: Entry) => Promise<void>;
  /** Rejects when the history that the number belongs to is gone. */
  readonly readLog: (channelId: string, after: number, epoch: string | undefined) => Promise<LogPage>;
  /** Something cannot be shown any more: the numbers belong to another history now. */
  readonly onLost: (channelId: string) => void;
}

/** More than this waits in the log, and not in memory, until the reader has read on. */
const mostWaiting = 1_000;

/**
 * Shows the events of channels, each once and in order, to a reader who may be slow. What live delivery left out, because it was too much or because
 * nobody was connected, is read from the log.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #places = new Map<string, Place>();
  /** Up to where there is something to show, as far as anybody said. */
  readonly #heads = new Map<string, number>();
  #waiting: Entry[] = [];
  #work: Promise<void> | undefined;
  #stopped = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Everything up to a number was shown, or is not wanted. */
  begin(channelId: string, seq: number, epoch: string | undefined): void {
    this.#places.set(channelId, { seq, epoch });
  }

  knows(channelId: string): boolean {
    return this.#places.has(channelId);
  }

  hear(entry: Entry): void {
    const { channelId, seq } = entry;
    if (channelId !== null && seq !== undefined) this.#heads.set(channelId, seq);
    if (this.#waiting.length < mostWaiting) this.#waiting.push(entry);
    this.#go();
  }

  /** There is something up to this number, whether it was heard or not. */
  reach(channelId: string, seq: number): void {
    if (seq <= (this.#heads.get(channelId) ?? this.#places.get(channelId)?.seq ?? Infinity)) return;
    this.#heads.set(channelId, seq);
    this.#go();
  }

  /** Shows nothing more, also of what was heard. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
  }

  /** Resolves when everything that was heard is shown. */
  async settled(): Promise<undefined> {
    await this.#work;
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    return undefined;
  }

  #go(): void {
    this.#work ??= this.#drain()
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.#work = undefined;
      });
  }

  async #drain(): Promise<void> {
    while (!this.#stopped) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const entry of batch) await this.#take(entry);
      if (this.#waiting.length > 0) continue;
      for (const [channelId, head] of this.#heads) {
        const place = this.#places.get(channelId);
        if (place !== undefined && place.seq < head) await this.#fill(channelId, place, head);
      }
      if (this.#waiting.length === 0) return;
    }
  }

  async #take(entry: Entry): Promise<void> {
    if (this.#stopped) return;
    const { channelId, seq, epoch } = entry;
    if (channelId === null || seq === undefined) {
      await this.#options.show(entry);
      return;
    }
    const place = this.#places.get(channelId) ?? { epoch, seq: seq - 1 };
    this.#places.set(channelId, place);
    if (place.epoch !== undefined && epoch !== undefined && place.epoch !== epoch) {
      this.#options.onLost(channelId);
      Object.assign(place, { epoch, seq: seq - 1 });
    }
    place.epoch ??= epoch;
    if (seq > place.seq + 1) await this.#fill(channelId, place, seq - 1);
    if (seq <= place.seq) return;
    place.seq = seq;
    await this.#options.show(entry);
  }

  async #fill(channelId: string, place: Place, upTo: number): Promise<void> {
    while (place.seq < upTo && !this.#stopped) {
      const { items, epoch } = await this.#options.readLog(channelId, place.seq, place.epoch);
      place.epoch ??= epoch;
      const news = items.filter(({ seq = 0 }) => seq > place.seq);
      for (const entry of news) {
        place.seq = entry.seq ?? place.seq;
        await this.#options.show(entry);
      }
      if (news.length > 0) continue;
      // Said to be there, and not in the log: it belonged to a history that is gone.
      this.#heads.delete(channelId);
      return;
    }
  }
}
