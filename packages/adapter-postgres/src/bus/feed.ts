import type { BrokerCall, BrokerFeed, FeedKind, FeedListener } from '@parley/bus';
import { abortable, Closed, safeCall, StoreUnavailable } from '@parley/cache-core/kernel';
import { storeError } from '../errors.ts';
import type { BusTables } from './bus-tables.ts';
import { Ear } from './ear.ts';
import { Followed } from './followed.ts';
import { Lookout } from './look.ts';
import type { News } from './news.ts';
import type { NoticeQueue } from './notice-queue.ts';
import { recordsOf, unpackNotice } from './notice-codec.ts';
import type { NoticeItem } from './notice-codec.ts';
import { Signals } from './signals.ts';

export interface FeedOptions {
  /** Whose notices are told directly, by `heard` and `worked`. */
  readonly self: string;
  /** The body of a parcel that was sent from here a moment ago. */
  readonly sent: (parcel: string) => string | undefined;
  readonly heartbeatMs: number;
  readonly random: () => number;
  readonly noticeQueue: NoticeQueue;
  readonly onClose: (feed: PostgresFeed) => void;
}

interface Begun {
  readonly ear: Ear;
  readonly started: Promise<void>;
  live: boolean;
}

/**
 * What this process hears: one connection that listens to everything said in the schema, and passes on what was joined. Joining costs
 * nothing once it listens. When it is in doubt everything is lost together, and the next join begins another connection.
 */
export class PostgresFeed implements BrokerFeed {
  readonly detectionMs: number;
  readonly #tables: BusTables;
  readonly #listener: FeedListener;
  readonly #options: FeedOptions;
  readonly #followed = new Followed();
  readonly #lookout: Lookout;
  readonly #signals: Signals;
  #ear: Begun | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  #lookMs = 0;
  #lost = 0;
  #unanswered = 0;

  constructor(tables: BusTables, listener: FeedListener, options: FeedOptions) {
    this.#tables = tables;
    this.#listener = listener;
    this.#options = options;
    this.detectionMs = options.heartbeatMs * 3;
    this.#lookout = new Lookout(tables);
    this.#signals = new Signals(tables, {
      isFollowed: (channel, wide) => this.#followed.hears(channel, wide),
      sent: options.sent,
      deliver: (channel, wide, body) => this.#deliver(channel, wide, body),
      onMissed: (error) => this.#lose(storeError(error, 'fetching a signal').message),
    });
  }

  /** For those who watch. */
  get state(): { readonly listening: boolean; readonly joined: number; readonly lookMs: number } {
    return { listening: this.#ear?.live === true, joined: this.#followed.size, lookMs: this.#lookMs };
  }

  /**
   * Listening connections there are, and that ended before their time; of these, those of which nothing but a missing answer told. How long
   * the last look after missed notices took, and how full the server's queue of notices is.
   */
  figures(): Readonly<Record<string, number>> {
    return {
      subscriptions: this.#ear?.live === true ? 1 : 0,
      subscriptionsLost: this.#lost,
      probeTimeouts: this.#unanswered,
      pollMs: this.#lookMs,
      notificationQueue: this.#options.noticeQueue.usage,
    };
  }

  join(kind: FeedKind, names: readonly string[], { signal }: BrokerCall = {}): Promise<void> {
    const joined = this.#inTurn(async () => {
      if (this.#closed) throw new Closed('the feed');
      await abortable(this.#listen(), signal);
      // It may have been lost between two turns.
      if (this.#ear?.live !== true) throw new StoreUnavailable('Postgres: the listener was lost');
      this.#followed.join(kind, names);
    });
    return joined;
  }

  leave(kind: FeedKind, names: readonly string[]): Promise<void> {
    return this.#inTurn(async () => this.#followed.leave(kind, names));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#options.onClose(this);
    this.#followed.clear();
    this.#signals.clear();
    const ear = this.#ear?.ear;
    this.#ear = undefined;
    await ear?.close();
  }

  /** What this process itself has appended. */
  heard(news: readonly News[]): void {
    for (const one of news) this.#tell(one);
  }

  /** Queues to which this process itself has added. */
  worked(queues: Iterable<string>): void {
    for (const queue of queues)
      if (this.#followed.hasQueue(queue)) this.#say((listener) => listener.work(queue));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#last.then(work);
    this.#last = running.catch(() => {});
    return running;
  }

  #listen(): Promise<void> {
    this.#ear ??= this.#begin();
    return this.#ear.started;
  }

  #begin(): Begun {
    const { heartbeatMs, random } = this.#options;
    const ear = new Ear(this.#tables, {
      heartbeatMs,
      detectionMs: this.detectionMs,
      random,
      onNotice: (payload) => this.#hear(payload),
      onLost: (reason, silent) => {
        if (silent) this.#unanswered += 1;
        this.#lose(reason);
      },
      look: (signal) => this.#look(signal),
    });
    const begun: Begun = {
      ear,
      live: false,
      started: ear.start().then(
        () => {
          begun.live = true;
        },
        (error: unknown) => {
          if (this.#ear === begun) this.#ear = undefined;
          throw error;
        },
      ),
    };
    return begun;
  }

  #lose(reason: string): void {
    const { ear, live } = this.#ear ?? {};
    this.#ear = undefined;
    if (live === true) this.#lost += 1;
    ear?.close().catch(() => {});
    this.#signals.clear();
    for (const [kind, names] of this.#followed.clear())
      if (names.length > 0) this.#say((listener) => listener.lost(kind, names, reason));
  }

  #hear(payload: string): void {
    const notice = unpackNotice(payload);
    if (notice === undefined) {
      this.#lose('Postgres: a notice cannot be read by this version');
      return;
    }
    const own = notice.from === this.#options.self;
    const signals = notice.items.filter((item) => item[0] === 'e' || item[0] === 'p');
    if (signals.length > 0) this.#signals.hear(signals);
    if (!own) for (const item of notice.items) this.#hearItem(item);
  }

  #hearItem(item: NoticeItem): void {
    if (item[0] === 'q') {
      this.worked([item[1]]);
    } else if (item[0] === 's') {
      const [, channel, epoch, offset, wide] = item;
      if (!this.#followed.hears(channel, wide === 1)) return;
      this.#tell({ channel, wide: wide === 1, position: { epoch, offset }, records: recordsOf(item) });
    }
  }

  #tell({ channel, wide, position, records }: News): void {
    if (!this.#followed.hears(channel, wide)) return;
    const isNew = this.#followed.reach(channel, position);
    if (records.length > 0) this.#say((listener) => listener.records(channel, position.epoch, records));
    else if (isNew) this.#say((listener) => listener.advanced(channel, position));
  }

  #deliver(channel: string, wide: boolean, body: string): void {
    if (this.#followed.hasChannel(channel))
      this.#say((listener) => listener.signal('channel', channel, body));
    if (wide && this.#followed.hasTopicOf(channel))
      this.#say((listener) => listener.signal('topic', channel, body));
  }

  async #look(signal: AbortSignal): Promise<string | undefined> {
    const { clock } = this.#tables.db;
    const begun = clock.monotonic();
    const { history, logs, queues } = await this.#lookout.look(this.#followed, signal);
    this.#lookMs = clock.monotonic() - begun;
    // Only for those who watch: it is late or missing without harm.
    this.#options.noticeQueue.look(signal).catch(() => undefined);
    for (const { channel, wide, position } of logs) this.#tell({ channel, wide, position, records: [] });
    this.worked(queues);
    // Another one has taken over, and nobody has told it yet.
    return history ?? '';
  }

  #say(what: (listener: FeedListener) => void): void {
    if (!this.#closed) safeCall('feed listener', () => what(this.#listener));
  }
}
