import type { Closed, Clock, Random } from '@parley/cache-core/kernel';
import type { ClientFrame, HubError, Message } from '@parley/hub-protocol';
import { Asked } from './asked.ts';
import { Connection } from './connection.ts';
import { createHub } from './create-hub.ts';
import { greetingOf } from './greeting.ts';
import type { Hub } from './hub.ts';
import { Listeners } from './listeners.ts';
import type { HubOptions, Positions, PositionStore } from './options.ts';
import { Outbox } from './outbox.ts';
import { PositionKeeper } from './positions.ts';
import { createOneself, type Oneself } from './presence/oneself.ts';
import { Presences } from './presence/presences.ts';
import { Ready } from './ready.ts';
import type { CallRoute } from './rest.ts';
import type { SocketConstructor } from './socket.ts';
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
  readonly session: string;
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
  readonly #topics = new Asked(
    (topic, wanted) => void this.#connection.send({ type: wanted ? 'listen' : 'unlisten', topic }),
  );
  readonly #ready = new Ready();
  readonly #keeper: PositionKeeper;
  readonly #connection: Connection;
  readonly #loader: Loader;
  readonly #sync: Sync;
  readonly #membership: Membership;
  readonly #outbox: Outbox;
  readonly #view: View;
  readonly #users: Directory;
  readonly #presences: Presences;
  readonly #oneself: Oneself;
  #me: string | undefined;
  #saved: Positions | undefined;
  #moved = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    const { clock, random, call, end, subscribe } = options;
    const send = (frame: ClientFrame): boolean => this.#connection.send(frame);
    const shared = { clock, random, channels: this.#channels };
    const joined = subscribe === 'joined';
    const onGone = (id: string): void => {
      this.#membership.forget(id);
      this.#presences.forget(id);
    };
    const isLeave = ({ event }: Entry): boolean =>
      event.type === 'channel.delete' ||
      (joined && event.type === 'channel.member.leave' && event.userId === this.#me);
    this.#keeper = new PositionKeeper(options.positions);
    this.#view = new View(() => ({
      connection: this.#connection.state,
      me: this.#me,
      ready: this.#membership.ready,
      defaultLevel: this.#membership.defaultLevel,
      users: this.#users.all,
      channels: this.#channels.values(),
      rosters: this.#presences.rosters,
      agents: this.#presences.agents,
    }));
    this.#connection = new Connection({
      ...options,
      hello: () => greetingOf(this.#positions() ?? this.#saved, subscribe, options.session),
      onWelcome: (frame) => this.#welcome(frame.epoch, frame.userId),
      onFrames: (frames) => {
        for (const frame of frames) {
          this.#presences.take(frame);
          if (!this.#outbox.take(frame)) this.#sync.take(frame);
        }
        this.#changed();
      },
      onDown: (error) => this.#down(error),
      onState: () => this.#view.changed(),
    });
    this.#sync = new Sync({
      ...shared,
      send,
      isLoading: (id) => this.#loader.isLoading(id),
      load: (id, again) => this.#membership.load(id, again),
      onApplied: (entry) => {
        this.#moved = true;
        this.#listeners.tell(entry);
      },
      onMoment: (entry) => this.#moment(entry),
      onGone,
      onEpoch: (epoch) => {
        for (const store of this.#channels.values()) {
          if (store.epoch === epoch) continue;
          store.expire();
          this.#loader.load(store.id, true);
        }
        void this.#users.refresh(0);
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
      onGone,
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
      send,
      onReady: () => {
        this.#moved = true;
        this.#ready.resolve();
      },
      onChanged: () => this.#changed(),
    });
    this.#presences = new Presences({
      clock,
      send,
      me: () => this.#me,
      onChanged: () => this.#view.changed(),
    });
    this.#oneself = createOneself(clock, send);
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
        return send(frame);
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
      send,
      presences: this.#presences,
      oneself: this.#oneself,
      mostAppended: () => this.#connection.limits.append,
      connect: () => {
        this.#ready.again();
        this.#connection.open();
      },
      ready: () => this.#ready.promise,
      closed: end.signal,
      changed: () => this.#changed(),
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
    this.#oneself.begin();
    this.#presences.begin();
    this.#membership.refresh();
    void this.#users.refresh();
  }

  /** @param error why no attempt follows */
  #down(error: HubError | undefined): void {
    this.#sync.restart();
    this.#presences.down();
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
    this.#presences.hear(event);
    if (event.type === 'channel.message.append') this.#channels.get(event.channelId)?.append(event);
    else if (event.type === 'channel.read') this.#channels.get(event.channelId)?.recount(event.reading);
    else if (event.type === 'notifications.update') this.#membership.choose(event);
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
