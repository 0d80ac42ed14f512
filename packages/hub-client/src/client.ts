import type { Closed, Clock, Random } from '@parley/cache-core/kernel';
import type { Message } from '@parley/hub-protocol';
import { Connection } from './connection.ts';
import { createHub } from './create-hub.ts';
import type { Hub } from './hub.ts';
import { Listeners } from './listeners.ts';
import type { HubOptions, Positions, PositionStore } from './options.ts';
import { loadPositions, savePositions } from './positions.ts';
import { Outbox } from './outbox.ts';
import type { CallRoute } from './rest.ts';
import type { SocketConstructor } from './socket.ts';
import { Topics } from './topics.ts';
import { ChannelStore, type Base, type Entry, type Page } from './store/channel-store.ts';
import { Directory } from './store/directory.ts';
import { Loader } from './store/loader.ts';
import { Sync } from './store/sync.ts';
import { View } from './store/view.ts';

export interface ClientOptions {
  readonly url: URL;
  readonly token: () => Promise<string | undefined>;
  readonly call: CallRoute;
  readonly subscribe: 'joined' | readonly string[];
  readonly keep: number;
  readonly giveUpMs: number;
  readonly maxPauseMs: number;
  readonly WebSocket: SocketConstructor;
  readonly network: HubOptions['network'];
  readonly positions: PositionStore | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/** The parts of a client, and what they tell each other. */
export class Client {
  readonly hub: Hub;
  readonly #options: ClientOptions;
  readonly #end = new AbortController();
  readonly #channels = new Map<string, ChannelStore>();
  readonly #listeners = new Listeners();
  readonly #topics = new Topics((frame) => this.#connection.send(frame));
  readonly #ready = Promise.withResolvers<void>();
  readonly #connection: Connection;
  readonly #loader: Loader;
  readonly #sync: Sync;
  readonly #outbox: Outbox;
  readonly #view: View;
  readonly #users: Directory;
  #me: string | undefined;
  #begun = false;
  #isReady = false;
  /** Heard of while the channels are read for the first time. */
  #noted = new Set<string>();
  #saved: Positions | undefined;
  #moved = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { clock, random, call } = options;
    const shared = { clock, random, channels: this.#channels };
    const joined = options.subscribe === 'joined';
    const isLeave = ({ event }: Entry): boolean =>
      event.type === 'channel.delete' ||
      (joined && event.type === 'channel.member.leave' && event.userId === this.#me);
    this.#ready.promise.catch(() => undefined);
    this.#view = new View(() => ({
      connection: this.#connection.state,
      me: this.#me,
      ready: this.#isReady,
      users: this.#users.all,
      channels: this.#channels.values(),
    }));
    this.#connection = new Connection({
      ...options,
      hello: () => this.#hello(),
      onWelcome: (frame) => this.#welcome(frame.epoch, frame.userId),
      onFrames: (frames) => {
        for (const frame of frames) if (!this.#outbox.take(frame)) this.#sync.take(frame);
        this.#changed();
      },
      onDown: () => this.#sync.restart(),
      onState: () => this.#view.changed(),
    });
    this.#sync = new Sync({
      ...shared,
      send: (frame) => this.#connection.send(frame),
      isLoading: (id) => this.#loader.isLoading(id),
      load: (id, again) => this.#load(id, again),
      onApplied: (entry) => {
        this.#moved = true;
        this.#listeners.tell(entry);
      },
      onMoment: (entry) => this.#moment(entry),
      onGone: (id) => this.#forget(id),
      onEpoch: (epoch) => {
        for (const store of this.#channels.values()) {
          if (store.epoch === epoch) continue;
          store.expire();
          this.#loader.load(store.id, true);
        }
      },
      isLeave,
    });
    this.#loader = new Loader({
      ...shared,
      call,
      joined,
      signal: this.#end.signal,
      epoch: () => this.#sync.epoch,
      onLoaded: (id, base, page) => {
        this.#place(id, base, page);
        this.#changed();
      },
      onGone: (id) => this.#forget(id),
    });
    this.#users = new Directory(clock, this.#loader, () => {
      for (const store of this.#channels.values()) store.dirty();
      this.#view.changed();
    });
    this.#outbox = new Outbox({
      clock,
      random,
      giveUpMs: options.giveUpMs,
      send: (frame) => this.#connection.send(frame),
      onAcknowledged: (message, seq) => this.#learn(message, seq),
      onChanged: (id) => {
        this.#channels.get(id)?.dirty();
        this.#view.changed();
      },
    });
    this.hub = createHub({
      call,
      view: this.#view,
      listeners: this.#listeners,
      topics: this.#topics,
      outbox: this.#outbox,
      channel: (id) => this.#channels.get(id),
      channelIsCurrent: (store) => store.epoch === this.#sync.epoch,
      send: (frame) => this.#connection.send(frame),
      connect: () => this.#connection.open(),
      ready: this.#ready.promise,
      closed: this.#end.signal,
      changed: () => this.#changed(),
      learn: (message, seq) => this.#learn(message, seq),
      close: (reason) => this.#close(reason),
    });
  }

  async start(): Promise<void> {
    this.#saved = await loadPositions(this.#options.positions);
    if (!this.#end.signal.aborted) this.#connection.open();
  }

  #close(reason: Closed): void {
    this.#end.abort(reason);
    this.#loader.stopAll();
    this.#connection.close();
    this.#outbox.close();
    this.#ready.reject(reason);
  }

  #hello(): ReturnType<ConstructorParameters<typeof Connection>[0]['hello']> {
    const { subscribe } = this.#options;
    const known = this.#positions() ?? this.#saved;
    return {
      ...(known !== undefined && { epoch: known.epoch, positions: { ...known.positions } }),
      subscribe: subscribe === 'joined' ? subscribe : [...subscribe],
    };
  }

  #positions(): Positions | undefined {
    const { epoch } = this.#sync;
    if (epoch === undefined || !this.#isReady) return undefined;
    const stores = [...this.#channels.values()].filter((store) => store.epoch === epoch);
    return { epoch, positions: Object.fromEntries(stores.map(({ id, position }) => [id, position])) };
  }

  #welcome(epoch: string, userId: string): void {
    this.#me = userId;
    this.#sync.turnTo(epoch);
    this.#outbox.flush();
    this.#topics.again();
    if (this.#begun) void this.#reconcile();
    else void this.#begin();
    void this.#users.refresh();
  }

  /** All channels at once, without their messages. */
  async #begin(): Promise<void> {
    this.#begun = true;
    const { subscribe } = this.#options;
    if (subscribe === 'joined') {
      const read = await this.#loader.insist(async () => ({
        channels: await this.#loader.channels(),
        readings: new Map((await this.#loader.readings()).map((reading) => [reading.channelId, reading])),
      }));
      for (const channel of read?.channels ?? []) {
        const epoch = this.#sync.epoch ?? '';
        const saved = this.#saved?.epoch === epoch ? this.#saved.positions[channel.id] : undefined;
        const position = Math.min(saved ?? channel.seq, channel.seq);
        this.#place(channel.id, {
          channel,
          reading: read?.readings.get(channel.id) ?? null,
          epoch,
          position,
        });
      }
    }
    if (this.#end.signal.aborted) return;
    this.#isReady = true;
    this.#ready.resolve();
    for (const id of subscribe === 'joined' ? this.#noted : subscribe) {
      const store = this.#channels.get(id);
      if (store === undefined) this.#loader.load(id);
      else this.#sync.goOn(store);
    }
    this.#noted = new Set();
    this.#changed();
  }

  /** What was missed and is in no log: markers that moved, channels that came and went. */
  async #reconcile(): Promise<void> {
    if (!this.#isReady) return;
    const before = [...this.#channels.keys()];
    const readings = await this.#loader.insist(() => this.#loader.readings());
    if (readings === undefined || this.#end.signal.aborted) return;
    const byChannel = new Map(readings.map((reading) => [reading.channelId, reading]));
    for (const [channelId, reading] of byChannel) {
      const store = this.#channels.get(channelId);
      if (store === undefined) {
        if (this.#options.subscribe === 'joined') this.#loader.load(channelId);
      } else if (store.lastReadSeq > reading.lastReadSeq)
        this.#connection.send({ type: 'read', channelId, seq: store.lastReadSeq });
      else store.recount(reading);
    }
    if (this.#options.subscribe === 'joined')
      for (const id of before) if (!byChannel.has(id)) this.#forget(id);
    this.#changed();
  }

  #place(id: string, base: Base, page?: Page & { readonly older: boolean }): void {
    const known = this.#channels.get(id);
    const store = known ?? this.#makeStore(id);
    this.#channels.set(id, store);
    store.reset(known === undefined && page === undefined ? this.#sync.beginning(base) : base, page);
    this.#moved = true;
    this.#sync.goOn(store);
  }

  #makeStore(channelId: string): ChannelStore {
    return new ChannelStore({
      channelId,
      keep: this.#options.keep,
      me: () =>
        this.#me === undefined ? undefined : { id: this.#me, role: this.#users.all.get(this.#me)?.role },
      outgoing: (id) => this.#outbox.rows(id),
      onMessage: (message) => {
        if (message.clientId !== null && message.senderId === this.#me) this.#outbox.seen(message);
      },
    });
  }

  #load(id: string, again?: boolean): void {
    if (this.#isReady || this.#channels.has(id)) this.#loader.load(id, again);
    else this.#noted.add(id);
  }

  #forget(id: string): void {
    this.#loader.stop(id);
    this.#sync.forget(id);
    this.#channels.delete(id);
    this.#view.changed();
  }

  #moment(entry: Entry): void {
    const { event } = entry;
    if (event.type === 'channel.message.append') this.#channels.get(event.channelId)?.append(event);
    else if (event.type === 'channel.read') this.#channels.get(event.channelId)?.recount(event.reading);
    else if (event.type === 'user.update') this.#users.learn(event.user);
    else if (event.type === 'channel.create' && !this.#channels.has(event.channelId))
      this.#load(event.channelId);
    this.#listeners.tell(entry);
  }

  #learn(message: Message, seq: number): void {
    this.#channels.get(message.channelId)?.learn(message, seq);
    if (message.clientId !== null) this.#outbox.seen(message);
    this.#changed();
  }

  #changed(): void {
    this.#view.changed();
    if (!this.#moved) return;
    this.#moved = false;
    const positions = this.#positions();
    if (positions === undefined) return;
    void savePositions(this.#options.positions, positions);
  }
}
