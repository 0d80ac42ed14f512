import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { ClientFrame, EventOf, NotificationLevel, Reading } from '@parley/hub-protocol';
import type { Positions } from '../options.ts';
import type { Base, ChannelStore, Page } from './channel-store.ts';
import type { Loader } from './loader.ts';
import type { Sync } from './sync.ts';

export interface MembershipOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly subscribe: 'joined' | readonly string[];
  readonly channels: Map<string, ChannelStore>;
  readonly makeStore: (channelId: string) => ChannelStore;
  readonly loader: Loader;
  readonly sync: Sync;
  readonly signal: AbortSignal;
  /** Where the client before this one stood. */
  readonly saved: () => Positions | undefined;
  readonly send: (frame: ClientFrame) => boolean;
  readonly onReady: () => void;
  readonly onChanged: () => void;
}

/** Everybody who follows a channel finds at the same moment that a count is not sure any more. */
const recountMs = 10_000;

/** Which channels there are for the user: read once, kept by events, and compared with the hub after each new connection. */
export class Membership {
  defaultLevel: NotificationLevel | null = null;
  readonly #options: MembershipOptions;
  #begun = false;
  #ready = false;
  /** How often a choice was told. */
  #choices = 0;
  #recount: Timer | undefined;
  /** Heard of while the channels are read for the first time. */
  #noted = new Set<string>();

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** The user has chosen of what to be told. */
  choose({ channelId, level }: EventOf<'notifications.update'>): void {
    this.#choices += 1;
    if (channelId === null) this.defaultLevel = level;
    else this.#options.channels.get(channelId)?.choose(level);
  }

  /** A connection is there. */
  refresh(): void {
    if (!this.#begun) void this.#begin();
    else if (this.#ready) void this.#reconcile();
  }

  /** Some count is not sure any more: the hub is asked for all of them, a little later. */
  recountSoon(): void {
    const { clock, random } = this.#options;
    this.#recount ??= clock.timer(random() * recountMs, () => {
      this.#recount = undefined;
      this.refresh();
    });
  }

  close(): void {
    this.#recount?.cancel();
  }

  place(id: string, base: Base, page?: Page & { readonly older: boolean }): void {
    const { channels, makeStore, sync } = this.#options;
    const known = channels.get(id);
    const store = known ?? makeStore(id);
    channels.set(id, store);
    store.reset(known === undefined && page === undefined ? sync.beginning(this.#asNews(base)) : base, page);
    sync.goOn(store);
  }

  /** The first that is heard of a channel may be old by then: what the user has not read is told to listeners as well. */
  #asNews(base: Base): Base {
    if (!this.#ready || this.#options.subscribe !== 'joined' || base.reading === null) return base;
    return { ...base, position: Math.min(base.position, base.reading.lastReadSeq) };
  }

  load(id: string, again?: boolean): void {
    if (this.#ready || this.#options.channels.has(id)) this.#options.loader.load(id, again);
    else this.#noted.add(id);
  }

  forget(id: string): void {
    this.#options.loader.stop(id);
    this.#options.sync.forget(id);
    this.#options.channels.delete(id);
    this.#options.onChanged();
  }

  /** All channels at once, without their messages. */
  async #begin(): Promise<void> {
    this.#begun = true;
    const { subscribe, channels, loader, sync, signal, onReady, onChanged } = this.#options;
    if (subscribe === 'joined') await this.#readJoined();
    if (signal.aborted) return;
    this.#ready = true;
    onReady();
    for (const id of subscribe === 'joined' ? this.#noted : subscribe) {
      const store = channels.get(id);
      if (store === undefined) loader.load(id);
      else sync.goOn(store);
    }
    this.#noted = new Set();
    onChanged();
  }

  async #readJoined(): Promise<void> {
    const { loader, sync, saved } = this.#options;
    const read = await loader.insist(async () => {
      const { epoch = '' } = sync;
      const all = { epoch, channels: await loader.channels(), readings: await this.#readings() };
      // Some of it is of another history.
      if (sync.epoch !== epoch) throw new Error('the epoch has changed');
      return all;
    });
    if (read === undefined) return;
    const { epoch, readings } = read;
    const known = saved()?.epoch === epoch ? saved()?.positions : undefined;
    for (const channel of read.channels) {
      const position = Math.min(known?.[channel.id] ?? channel.seq, channel.seq);
      this.place(channel.id, { channel, reading: readings.get(channel.id) ?? null, epoch, position });
    }
  }

  /** What was missed and is in no log: markers that moved, channels that came and went. */
  async #reconcile(): Promise<void> {
    const { subscribe, channels, loader, signal, send, onChanged } = this.#options;
    const before = [...channels.keys()];
    const readings = await loader.insist(() => this.#readings());
    if (readings === undefined || signal.aborted) return;
    for (const [channelId, reading] of readings) {
      const store = channels.get(channelId);
      if (store === undefined) {
        if (subscribe === 'joined') loader.load(channelId);
      } else if (store.lastReadSeq > reading.lastReadSeq)
        send({ type: 'read', channelId, seq: store.lastReadSeq });
      store?.recount(reading);
    }
    if (subscribe === 'joined') for (const id of before) if (!readings.has(id)) this.forget(id);
    onChanged();
  }

  async #readings(): Promise<ReadonlyMap<string, Reading>> {
    const choices = this.#choices;
    const { items: readings, defaultLevel = null } = await this.#options.loader.readings();
    if (this.#choices !== choices) throw new Error('the level has changed');
    this.defaultLevel = defaultLevel;
    return new Map(readings.map((reading) => [reading.channelId, reading]));
  }
}
