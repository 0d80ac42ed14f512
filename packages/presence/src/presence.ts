import {
  Closed,
  createInstanceId,
  InvalidArgument,
  parseDuration,
  safeCall,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Duration, Health } from '@parley/cache-core/kernel';
import type { Counts, PresenceListener, Roster } from './channel-view.ts';
import { ChannelViews } from './channel-views.ts';
import { Connection, type ConnectOptions } from './connection.ts';
import { Followers } from './followers.ts';
import { presenceHealth } from './health.ts';
import { LeaseHolder } from './lease-holder.ts';
import { leave } from './leaving.ts';
import { Line } from './line.ts';
import type { UserPresence } from './member.ts';
import { placeOf, requireName } from './names.ts';
import { settingsOf, type PresenceOptions, type PresenceSettings } from './options.ts';
import { Reaper } from './reaper.ts';
import { Registrar } from './registrar.ts';
import { AgentRegistry, type AgentOptions } from './registry.ts';
import { emptyStats, type PresenceFigures } from './stats.ts';
import { StatusBook } from './status-book.ts';
import type { KeptStatus, ManualStatus } from './status.ts';
import { Takeovers } from './takeovers.ts';
import { Typing, type TypingOptions } from './typing.ts';
import { presenceOf, UserView } from './user-view.ts';
import type { View } from './view.ts';
import { watchOf, type Watch } from './watch.ts';

export interface CreatePresenceOptions extends PresenceOptions {
  readonly typing?: TypingOptions | undefined;
  readonly agents?: AgentOptions | undefined;
}

export type UserListener = (presence: UserPresence, stale: boolean) => void;

/** Who is here, in as many processes as there are. Made by `createPresence`. */
export class Presence implements AsyncDisposable {
  /** Names this process, and this presence in it, among all that share the store. */
  readonly processId: string = createInstanceId();
  readonly typing: Typing;
  readonly agents: AgentRegistry;
  readonly #settings: PresenceSettings;
  readonly #stats = emptyStats();
  readonly #closing = new AbortController();
  readonly #line: Line;
  readonly #followers: Followers;
  readonly #leases: LeaseHolder;
  readonly #registrar: Registrar;
  readonly #takeovers: Takeovers;
  readonly #reaper: Reaper;
  readonly #book: StatusBook;
  readonly #views: ChannelViews;
  readonly #connections = new Map<string, Connection>();
  readonly #users = new Map<string, number>();
  #closed: Promise<void> | undefined;

  constructor(options: CreatePresenceOptions) {
    const settings = settingsOf(options);
    const { clock, withinMs, store } = settings;
    const [stats, closing] = [this.#stats, this.#closing.signal];
    this.#settings = settings;
    const line = new Line({ ...settings, stats, closing });
    const followers = new Followers({ settings, line, stats });
    const tell = followers.tell.bind(followers);
    const leases = new LeaseHolder({ ...settings, line, stats, processId: this.processId });
    const registrar = new Registrar({
      ...settings,
      line,
      leases,
      stats,
      closing,
      tell,
      onTaken: ({ channel, user, id }) => this.#connections.get(keyOf(user, id))?.taken(channel),
      onTook: (entry, lease) => this.#takeovers.took(entry, lease),
    });
    const { processId } = this;
    this.#takeovers = new Takeovers({
      ...settings,
      processId,
      stats,
      check: (entry) => registrar.check(entry),
      all: () => this.#connections.values(),
    });
    const isHere = (user: string): boolean => this.#users.has(user);
    this.#line = line;
    this.#followers = followers;
    this.#leases = leases;
    this.#registrar = registrar;
    this.#reaper = new Reaper({ ...settings, line, stats, tell });
    this.#book = new StatusBook({ ...settings, followers, registrar, isHere });
    this.#views = new ChannelViews(settings, followers, this.#book);
    const start = (): void => this.#start();
    this.typing = new Typing({ clock, followers, registrar, withinMs, start }, options.typing);
    const { maxValueBytes } = store.capabilities;
    this.agents = new AgentRegistry(
      { clock, followers, registrar, withinMs, processId, maxValueBytes, start },
      options.agents,
    );
  }

  /**
   * A user has connected to this process. One that is connected under the same id already is that one again, with what it has joined: so one
   * that was lost and comes back within the grace never was away.
   */
  connect(options: ConnectOptions): Connection {
    this.#start();
    const id = options.connection ?? createInstanceId();
    const key = keyOf(requireName('user', options.user), requireName('connection', id));
    const known = this.#connections.get(key);
    if (known !== undefined) {
      known.resume(options);
      return known;
    }
    const { clock, withinMs, graceMs, store } = this.#settings;
    const connection = new Connection(
      { ...options, connection: id },
      {
        clock,
        withinMs,
        graceMs,
        registrar: this.#registrar,
        maxValueBytes: store.capabilities.maxValueBytes,
        rejoined: (channel) => this.#connections.get(key)?.channels.has(channel) === true,
        onEnd: (over) => this.#disconnected(key, over),
      },
    );
    this.#connections.set(key, connection);
    this.#users.set(connection.user, (this.#users.get(connection.user) ?? 0) + 1);
    this.#takeovers.follow();
    // So that it can be put back when the store loses what they have chosen.
    void this.#book.ready();
    return connection;
  }

  /** How the user wants to be seen, in all channels and whatever their connections say; undefined: as they say. */
  setStatus(user: string, status: ManualStatus | undefined): Promise<void> {
    this.#start();
    return this.#book.set(user, status);
  }

  /** What the user has chosen to be seen as; undefined: nothing. Answered from what this process has heard, also while the store is away. */
  async chosen(user: string): Promise<KeptStatus | undefined> {
    this.#start();
    const name = requireName('user', user);
    const { clock, withinMs } = this.#settings;
    await withDeadline(withinMs, () => this.#book.ready(), { clock, what: 'what was chosen' });
    return this.#book.chosen(name);
  }

  /** Who is in a channel: from the view, where somebody watches it, else from the store. */
  members(channel: string): Promise<Roster> {
    this.#start();
    const { clock, withinMs } = this.#settings;
    return withDeadline(withinMs, () => this.#views.roster(channel), { clock, what: 'members' });
  }

  /** How many are in channels, by the store; those who hide are counted too. */
  async counts(channels: readonly string[]): Promise<Counts[]> {
    this.#start();
    const places = channels.map(placeOf.channel);
    const views = await Promise.all(places.map((channel) => this.#followers.read({ channel, limit: 0 })));
    return views.map(({ users, entries }) => ({ users, connections: entries }));
  }

  /** Tells who is in a channel, then what becomes of it. */
  watch(channel: string, listener: PresenceListener): Watch<Roster> {
    this.#start();
    return this.#views.watch(channel, listener);
  }

  /** How users are seen, there or not. */
  async users(ids: readonly string[]): Promise<UserPresence[]> {
    this.#start();
    const channels = ids.map(placeOf.user);
    const { clock, withinMs } = this.#settings;
    const read = (): Promise<readonly [View[], void]> =>
      Promise.all([
        Promise.all(channels.map((channel) => this.#followers.read({ channel, limit: 1 }))),
        this.#book.ready(),
      ]);
    const [views] = await withDeadline(withinMs, read, { clock, what: 'users' });
    return views.map(({ members, at }, i) => {
      const user = ids[i] ?? '';
      return presenceOf(user, members?.[0], at, this.#book.of(user));
    });
  }

  /** Tells how users are seen, first and whenever it changes. */
  watchUsers(ids: readonly string[], listener: UserListener): Watch<ReadonlyMap<string, UserPresence>> {
    this.#start();
    const { clock, withinMs } = this.#settings;
    // All are looked at before the first is followed: what would follow it is not there to be closed when another one is refused.
    const places = new Map(ids.map((user) => [user, placeOf.user(user)] as const));
    const users = new Map([...places].map(([user, place]) => [user, this.#followers.follow(place)] as const));
    const view = new UserView(users, this.#book, (...told) =>
      safeCall('presence user watch', listener, ...told),
    );
    return watchOf({
      clock,
      withinMs,
      ready: async () => void (await view.ready),
      current: () => view.current,
      close: () => view.close(),
    });
  }

  stats(): PresenceFigures {
    const { entries, waiting } = this.#registrar;
    const { size: followed, stale } = this.#followers;
    return { ...this.#stats, entries, waiting, followed, stale, processId: this.processId };
  }

  health(): Promise<Health> {
    const { clock, storeMs } = this.#settings;
    return presenceHealth({
      clock,
      line: this.#line,
      storeMs,
      figures: this.stats(),
      closed: this.#closed !== undefined,
      tooManyStatuses: !this.#book.complete,
    });
  }

  /** Leaves everything, so that others see it now and not when the lease is over. Resolves within the limit, also when the store is away. */
  close(options: { readonly within?: Duration | undefined } = {}): Promise<void> {
    this.#closed ??= this.#close(parseDuration(options.within ?? '5s', { field: 'within' }));
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(withinMs: number): Promise<void> {
    const { leases } = this.#leases;
    const partings = this.#registrar.partings();
    this.#closing.abort(new Closed('the presence'));
    this.#leases.close();
    this.#reaper.close();
    this.#registrar.close();
    this.#takeovers.close();
    // Nothing of them is sent any more; the lease takes them along.
    for (const connection of this.#connections.values()) void connection.close();
    try {
      const leaving = {
        line: this.#line,
        leases: this.#leases,
        reaper: this.#reaper,
        tell: this.#followers.tell.bind(this.#followers),
      };
      await withDeadline(withinMs, (signal) => leave(leases, partings, signal, leaving), {
        clock: this.#settings.clock,
        what: 'leaving',
      });
    } catch {
      // The store is away: what is there goes when the lease is over.
    } finally {
      this.#views.close();
      this.#book.close();
      this.#followers.close();
    }
  }

  #start(): void {
    if (this.#closed !== undefined) throw new Closed('the presence');
    this.#reaper.start();
  }

  #disconnected(key: string, connection: Connection): void {
    if (this.#connections.get(key) !== connection) return;
    this.#connections.delete(key);
    const left = (this.#users.get(connection.user) ?? 1) - 1;
    if (left > 0) this.#users.set(connection.user, left);
    else this.#users.delete(connection.user);
    void this.typing.disconnected(connection.user, connection.id);
  }
}

export function createPresence(options: CreatePresenceOptions): Presence {
  if (typeof options !== 'object' || options === null)
    throw new InvalidArgument('options', 'an object with a store and a feed', options);
  return new Presence(options);
}

const keyOf = (user: string, id: string): string => `${user}\n${id}`;
