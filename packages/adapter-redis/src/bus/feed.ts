import type { BrokerCall, BrokerFeed, FeedKind, FeedListener, StoredRecord } from '@parley/bus';
import {
  abortable,
  Closed,
  safeCall,
  throwIfAborted,
  withDeadline,
  type Clock,
} from '@parley/cache-core/kernel';
import { Alarms } from './alarms.ts';
import {
  follow,
  isTold,
  keyOf,
  newJoined,
  type FeedSubscriber,
  type Joined,
  type SubscriberEvents,
} from './joined.ts';
import { silence, type Place } from './subscriber.ts';
import { readWork, tellAdvance, tellRecords, tellSignal } from './words.ts';

const closeMs = 1_000;

export interface FeedOptions {
  readonly clock: Clock;
  readonly listener: FeedListener;
  readonly detectionMs: number;
  /** Resolves when it is known what is where; rejects while it is not. */
  readonly ready: () => Promise<void>;
  /** Where a name is told. */
  readonly placesOf: (kind: FeedKind, name: string) => readonly Place[];
  /** What a channel of Redis is for, by its name. */
  readonly isTopic: (channel: string) => boolean;
  /** Which server tells on channels of this tag. */
  readonly serverOf: (tag: string) => string;
  /** Rejects when it cannot be subscribed to. */
  readonly subscriberFor: (tag: string, events: SubscriberEvents) => Promise<FeedSubscriber>;
  readonly asError: (error: unknown) => Error;
  readonly onClose: (feed: RedisFeed) => void;
  /** Something could not be joined: perhaps it is not where it was looked for. */
  readonly onRefusal: () => void;
}

/** What one process hears: one connection for each server that it follows something on. Nothing is joined again by itself. */
export class RedisFeed implements BrokerFeed {
  readonly #options: FeedOptions;
  readonly #names = new Map<string, Joined>();
  readonly #byChannel = new Map<string, Joined>();
  readonly #servers = new Map<string, Promise<FeedSubscriber>>();
  readonly #subscribers = new Set<FeedSubscriber>();
  readonly #alarms: Alarms;
  #turn: Promise<unknown> = Promise.resolve();
  #ended = 0;
  #unheard = 0;
  #closing: Promise<void> | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#alarms = new Alarms(options.clock, (queue) => this.#tell(() => options.listener.work(queue)));
  }

  get detectionMs(): number {
    return this.#options.detectionMs;
  }

  /** Subscriptions there are, and that ended before their time; of these, those that nothing but their probes told of. */
  figures(): Readonly<Record<string, number>> {
    return {
      subscriptions: this.#subscribers.size,
      subscriptionsLost: this.#ended,
      probeTimeouts: this.#unheard,
    };
  }

  async join(kind: FeedKind, names: readonly string[], { signal }: BrokerCall = {}): Promise<void> {
    throwIfAborted(signal);
    this.#requireOpen();
    const joining = this.#join(kind, names, signal);
    await (signal === undefined ? joining : abortable(joining, signal));
  }

  async leave(kind: FeedKind, names: readonly string[]): Promise<void> {
    const { left } = await this.#inTurn(async () => {
      const known = names.flatMap((name) => this.#names.get(keyOf(kind, name)) ?? []);
      return { left: this.#release(known) };
    });
    await left;
  }

  close(): Promise<void> {
    this.#options.onClose(this);
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#names.clear();
    this.#byChannel.clear();
    this.#alarms.clear();
    const stopping = [
      ...[...this.#subscribers].map((subscriber) => subscriber.stop()),
      ...[...this.#servers.values()].map(async (opening) => (await opening).stop()),
    ];
    // One that is only being opened is closed when it has been, by this or with the connection.
    const { clock } = this.#options;
    await withDeadline(closeMs, () => Promise.allSettled(stopping), { clock }).catch(() => undefined);
  }

  /** Either all of it is joined, or what of it was not joined before is left again. */
  async #join(kind: FeedKind, names: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const { joined, fresh } = await this.#inTurn(() => this.#enter(kind, names));
    try {
      await Promise.all(joined.map(({ confirmed }) => confirmed));
      throwIfAborted(signal);
      this.#requireOpen();
      if (joined.some(({ isLost }) => isLost)) throw new Error('it was lost while it was being joined');
    } catch (error) {
      this.#options.onRefusal();
      // What another call has joined meanwhile is its own.
      await this.#release(fresh.filter(({ calls }) => calls === 1));
      throw this.#options.asError(error);
    }
  }

  /** Ends when the commands are on their way, so that those of the next call come behind them. */
  async #enter(kind: FeedKind, names: readonly string[]): Promise<{ joined: Joined[]; fresh: Joined[] }> {
    const { placesOf, serverOf, ready } = this.#options;
    await ready();
    this.#requireOpen();
    const fresh: Joined[] = [];
    const joined = [...new Set(names)].map((name) => {
      const known = this.#names.get(keyOf(kind, name));
      if (known !== undefined) {
        known.calls += 1;
        return known;
      }
      const entry = newJoined(kind, name, placesOf(kind, name));
      fresh.push(entry);
      return entry;
    });
    for (const entry of fresh) {
      this.#names.set(keyOf(kind, entry.name), entry);
      for (const { channel } of entry.places) this.#byChannel.set(channel, entry);
    }
    const followed = fresh.flatMap((entry) => entry.places.map((place) => ({ entry, place })));
    const wanted = [...Map.groupBy(followed, ({ place }) => serverOf(place.tag))];
    const opened = await Promise.allSettled(
      wanted.map(([server, [first]]) => this.#subscriber(server, first?.place.tag ?? '')),
    );
    this.#requireOpen();
    for (const [i, [, some]] of wanted.entries()) {
      // Whoever joins one of them next begins anew.
      follow(some, opened[i])?.catch(() => this.#release(some.map(({ entry }) => entry)));
    }
    for (const entry of fresh) {
      const enter = (): void => {
        entry.isIn = !entry.isLost;
      };
      entry.confirmed.then(enter, () => undefined);
    }
    return { joined, fresh };
  }

  #subscriber(server: string, tag: string): Promise<FeedSubscriber> {
    const known = this.#servers.get(server);
    if (known !== undefined) return known;
    const opening = this.#options.subscriberFor(tag, {
      onMessage: (channel, text) => this.#hear(channel, text),
      onLost: (channels, reason) => this.#lose(channels, reason),
      onEnd: (subscriber, reason) => {
        this.#ended += 1;
        if (reason === silence) this.#unheard += 1;
        this.#subscribers.delete(subscriber);
        if (this.#servers.get(server) === opening) this.#servers.delete(server);
      },
    });
    this.#servers.set(server, opening);
    opening.then(
      (subscriber) => this.#subscribers.add(subscriber),
      () => {
        if (this.#servers.get(server) === opening) this.#servers.delete(server);
      },
    );
    return opening;
  }

  /** Whether a record of this place is the next that those who follow the channel wait for. */
  awaits(channel: string, epoch: string, offset: number): boolean {
    const { isIn, reached } = this.#names.get(keyOf('channel', channel)) ?? {};
    return isIn === true && reached?.epoch === epoch && reached.offset + 1 === offset;
  }

  /** What this process has appended itself, and is awaited: so it need not wait for the server to say it on another connection. */
  heard(channel: string, epoch: string, records: readonly StoredRecord[]): void {
    const joined = this.#names.get(keyOf('channel', channel));
    if (joined !== undefined) this.#tell(() => this.#tellRecords(joined, channel, epoch, records));
  }

  #tellRecords(joined: Joined, name: string, epoch: string, records: readonly StoredRecord[]): void {
    joined.reached = { epoch, offset: records.at(-1)?.offset ?? 0 };
    this.#options.listener.records(name, epoch, records);
  }

  #hear(channel: string, text: string): void {
    const { listener, isTopic } = this.#options;
    const joined = this.#byChannel.get(channel);
    // Left, or lost, while it was under way.
    if (joined === undefined) return;
    this.#tell(() => {
      if (text.startsWith('R')) {
        return tellRecords(
          text,
          (name, epoch, records) => this.#tellRecords(joined, name, epoch, records),
          (epoch, first) => joined.kind === 'channel' && isTold(joined, epoch, first),
        );
      }
      joined.reached = undefined;
      if (text.startsWith('A')) return tellAdvance(text, listener.advanced);
      if (text.startsWith('S'))
        return tellSignal(text, isTopic(channel) ? 'topic' : 'channel', listener.signal);
      const work = readWork(text);
      if (work === undefined) return;
      for (const afterMs of work.afterMs) this.#alarms.set(work.queue, afterMs);
    });
  }

  #lose(channels: readonly string[], reason: string): void {
    const lost = [...new Set(channels.flatMap((channel) => this.#byChannel.get(channel) ?? []))];
    for (const entry of lost) entry.isLost = true;
    void this.#release(lost);
    for (const kind of ['channel', 'topic', 'queue'] as const) {
      const names = lost.filter((entry) => entry.kind === kind && entry.isIn).map(({ name }) => name);
      if (names.length > 0) this.#tell(() => this.#options.listener.lost(kind, names, reason));
    }
  }

  /** Forgets them at once; resolves when the servers have heard of it. */
  async #release(entries: readonly Joined[]): Promise<void> {
    const followed = new Map<FeedSubscriber, Place[]>();
    for (const entry of entries) {
      if (this.#names.get(keyOf(entry.kind, entry.name)) !== entry) continue;
      this.#names.delete(keyOf(entry.kind, entry.name));
      if (entry.kind === 'queue') this.#alarms.forget(entry.name);
      for (const { channel } of entry.places) this.#byChannel.delete(channel);
      for (const [subscriber, places] of entry.at) {
        followed.set(subscriber, [...(followed.get(subscriber) ?? []), ...places]);
      }
    }
    await Promise.all([...followed].map(([subscriber, places]) => subscriber.unsubscribe(places)));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw new Closed('The feed');
  }

  #tell(say: () => void): void {
    if (this.#closing === undefined) safeCall('bus.feed', say);
  }
}
