import type { Closed, Clock, Random } from '@parley/cache-core/kernel';
import { limits, type ClientFrameOf, type HubError, type Message } from '@parley/hub-protocol';
import { Connection } from './connection.ts';
import { createHub } from './create-hub.ts';
import type { Hub } from './hub.ts';
import { Listeners } from './listeners.ts';
import type { HubOptions, Positions, PositionStore } from './options.ts';
import { Outbox } from './outbox.ts';
import { PositionKeeper } from './positions.ts';
import { Ready } from './ready.ts';
import type { CallRoute } from './rest.ts';
import type { SocketConstructor } from './socket.ts';
import { Topics } from './topics.ts';
import { ChannelStore, type Entry } from './store/channel-store.ts';
import { Directory } from './store/directory.ts';
import { Loader } from './store/loader.ts';
import { Membership } from './store/membership.ts';
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
  /** Ends everything, calls as well. */
  readonly end: AbortController;
}

/** The parts of a client, and what they tell each other. */
export class Client {
  readonly hub: Hub;
  readonly #options: ClientOptions;
  readonly #channels = new Map<string, ChannelStore>();
  readonly #listeners = new Listeners();
  readonly #topics = new Topics((frame) => this.#connection.send(frame));
  readonly #ready = new Ready();
  readonly #keeper: PositionKeeper;
  readonly #connection: Connection;
  readonly #loader: Loader;
  readonly #sync: Sync;
  readonly #membership: Membership;
  readonly #outbox: Outbox;
  readonly #view: View;
  readonly #users: Directory;
  #me: string | undefined;
  #saved: Positions | undefined;
  #moved = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { clock, random, call, end, subscribe } = options;
    const shared = { clock, random, channels: this.#channels };
    const joined = subscribe === 'joined';
    const isLeave = ({ event }: Entry): boolean =>
      event.type === 'channel.delete' ||
      (joined && event.type === 'channel.member.leave' && event.userId === this.#me);
    this.#keeper = new PositionKeeper(options.positions);
    this.#view = new View(() => ({
      connection: this.#connection.state,
      me: this.#me,
      ready: this.#membership.ready,
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
      onDown: (error) => this.#down(error),
      onState: () => this.#view.changed(),
    });
    this.#sync = new Sync({
      ...shared,
      send: (frame) => this.#connection.send(frame),
      isLoading: (id) => this.#loader.isLoading(id),
      load: (id, again) => this.#membership.load(id, again),
      onApplied: (entry) => {
        this.#moved = true;
        this.#listeners.tell(entry);
      },
      onMoment: (entry) => this.#moment(entry),
      onGone: (id) => this.#membership.forget(id),
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
      signal: end.signal,
      epoch: () => this.#sync.epoch,
      onLoaded: (id, base, page) => {
        this.#membership.place(id, base, page);
        this.#moved = true;
        this.#changed();
      },
      onGone: (id) => this.#membership.forget(id),
    });
    this.#membership = new Membership({
      clock,
      random,
      subscribe,
      channels: this.#channels,
      makeStore: (id) => this.#makeStore(id),
      loader: this.#loader,
      sync: this.#sync,
      signal: end.signal,
      saved: () => this.#saved,
      send: (frame) => this.#connection.send(frame),
      onReady: () => {
        this.#moved = true;
        this.#ready.resolve();
      },
      onChanged: () => this.#changed(),
    });
    this.#users = new Directory(clock, this.#loader, () => {
      for (const store of this.#channels.values()) store.dirty();
      this.#view.changed();
    });
    this.#outbox = new Outbox({
      clock,
      random,
      giveUpMs: options.giveUpMs,
      send: (frame) => {
        this.#connection.requireFitting(frame);
        return this.#connection.send(frame);
      },
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
      mostAppended: () => this.#connection.limits.append,
      connect: () => {
        this.#ready.again();
        this.#connection.open();
      },
      ready: () => this.#ready.promise,
      closed: end.signal,
      changed: () => this.#changed(),
      learn: (message, seq) => this.#learn(message, seq),
      close: (reason) => this.#close(reason),
    });
  }

  async start(): Promise<void> {
    this.#saved = await this.#keeper.load();
    if (!this.#options.end.signal.aborted) this.#connection.open();
  }

  #close(reason: Closed): void {
    this.#options.end.abort(reason);
    this.#loader.stopAll();
    this.#membership.close();
    this.#connection.close();
    this.#outbox.close();
    this.#ready.reject(reason);
  }

  #hello(): Pick<ClientFrameOf<'hello'>, 'epoch' | 'positions' | 'subscribe'> {
    const { subscribe } = this.#options;
    const known = this.#positions() ?? this.#saved;
    // Channels beyond that are heard from now on, and what they have missed is found by their heads.
    const told = Object.entries(known?.positions ?? {}).slice(0, limits.positions);
    return {
      ...(known !== undefined && { epoch: known.epoch, positions: Object.fromEntries(told) }),
      subscribe: subscribe === 'joined' ? subscribe : [...subscribe],
    };
  }

  #positions(): Positions | undefined {
    const { epoch } = this.#sync;
    if (epoch === undefined || !this.#membership.ready) return undefined;
    const stores = [...this.#channels.values()].filter((store) => store.epoch === epoch);
    return { epoch, positions: Object.fromEntries(stores.map(({ id, position }) => [id, position])) };
  }

  #welcome(epoch: string, userId: string): void {
    this.#me = userId;
    this.#sync.turnTo(epoch);
    this.#outbox.flush();
    this.#topics.again();
    this.#membership.refresh();
    void this.#users.refresh();
  }

  /** @param error why no attempt follows */
  #down(error: HubError | undefined): void {
    this.#sync.restart();
    if (error !== undefined) this.#ready.reject(error);
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
      onUncounted: () => this.#membership.recountSoon(),
    });
  }

  #moment(entry: Entry): void {
    const { event } = entry;
    if (event.type === 'channel.message.append') this.#channels.get(event.channelId)?.append(event);
    else if (event.type === 'channel.read') this.#channels.get(event.channelId)?.recount(event.reading);
    else if (event.type === 'user.update') this.#users.learn(event.user);
    else if (event.type === 'channel.create' && !this.#channels.has(event.channelId))
      this.#membership.load(event.channelId);
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
    const positions = this.#keeper.keeps ? this.#positions() : undefined;
    if (positions !== undefined) void this.#keeper.save(positions);
  }
}
