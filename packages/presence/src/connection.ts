import { InvalidArgument, withDeadline } from '@parley/cache-core/kernel';
import type { Abortable, Clock, Timer } from '@parley/cache-core/kernel';
import { encodeProfile, type Profile } from './member.ts';
import { channelAt, placeOf, requireName } from './names.ts';
import type { Registrar, SubmitOptions } from './registrar.ts';
import { rankOf, type Activity } from './status.ts';

export interface ConnectOptions extends Profile {
  readonly user: string;
  /**
   * Names the connection among those of its user, and stays the same when it is made again: the id of a session, of a tab.
   * @default a new one
   */
  readonly connection?: string | undefined;
  /** @default 'online' */
  readonly activity?: Activity | undefined;
}

export interface ConnectionUpdate extends Profile {
  readonly activity?: Activity | undefined;
}

export interface ConnectionParts {
  readonly clock: Clock;
  readonly registrar: Registrar;
  readonly withinMs: number;
  readonly graceMs: number;
  readonly maxValueBytes: number;
  /** Whether the user has come back to this process under the same id, and has joined the channel again. */
  readonly rejoined: (channel: string) => boolean;
  /** It is over: closed, lost for good, or another process has it. */
  readonly onEnd: (connection: Connection) => void;
}

/** For how long it is remembered when the last connection went: of a channel its log, of a user when that was. */
const idleMs = { channel: 300_000, user: 86_400_000 };

/**
 * A connection of a user to this process: what it has joined, it is in until it leaves, is closed, or the process ends. Promises resolve when
 * the store has it; while the store is away they wait, reject at their limit, and what was asked for is carried out when it is back.
 */
export class Connection implements AsyncDisposable {
  readonly id: string;
  readonly user: string;
  readonly #parts: ConnectionParts;
  readonly #channels = new Set<string>();
  #activity: Activity;
  #profile: Profile;
  #value: string;
  #grace: Timer | undefined;
  #over = false;
  #begun: Promise<void>;

  constructor(options: ConnectOptions & { readonly connection: string }, parts: ConnectionParts) {
    this.#parts = parts;
    this.id = requireName('connection', options.connection);
    this.user = requireName('user', options.user);
    this.#activity = requireActivity(options.activity ?? 'online');
    this.#profile = { avatar: options.avatar, details: options.details };
    this.#value = encodeProfile(this.#profile, parts.maxValueBytes);
    this.#begun = this.#set(placeOf.user(this.user), { claim: true });
  }

  /** The channels that it has joined. */
  get channels(): ReadonlySet<string> {
    return this.#channels;
  }

  /** False when it was closed, was lost for longer than the grace, or came to another process. */
  get open(): boolean {
    return !this.#over;
  }

  /** Resolves when the store knows that the user is there. */
  ready(options: Abortable = {}): Promise<void> {
    return this.#within('a connection', this.#begun, options);
  }

  join(channel: string, options: Abortable = {}): Promise<void> {
    const place = placeOf.channel(channel);
    if (this.#over) return Promise.resolve();
    this.#channels.add(channel);
    return this.#within('a join', this.#set(place, { claim: true }), options);
  }

  leave(channel: string, options: Abortable = {}): Promise<void> {
    const place = placeOf.channel(channel);
    if (!this.#channels.delete(channel)) return Promise.resolve();
    return this.#within('a leave', this.#drop(place), options);
  }

  /** In all channels; what is not named stays as it is. */
  update(update: ConnectionUpdate, options: Abortable = {}): Promise<void> {
    const profile = { ...this.#profile, ...update };
    const value = encodeProfile(
      { avatar: profile.avatar, details: profile.details },
      this.#parts.maxValueBytes,
    );
    const activity = requireActivity(update.activity ?? this.#activity);
    if (this.#over || (value === this.#value && activity === this.#activity)) return Promise.resolve();
    this.#profile = profile;
    this.#activity = activity;
    this.#value = value;
    const all = this.#places.map((place) => this.#set(place, { gentle: true }));
    return this.#within('an update', Promise.all(all), options);
  }

  /** It was lost without a word: it stays until the grace is over, unless it is connected again under its id. */
  lost(): void {
    if (this.#over) return;
    const { clock, graceMs, registrar } = this.#parts;
    // The client may be connected to another process by now, and what waits here must not take it from there.
    for (const channel of this.#places) registrar.concede({ channel, user: this.user, id: this.id });
    this.#grace ??= clock.timer(graceMs, () => void this.close().catch(() => undefined), { unref: true });
  }

  /** It is there again. What it has joined it is still in. */
  resume(update: ConnectionUpdate): void {
    this.#grace?.cancel();
    this.#grace = undefined;
    // Another process may have had it in between.
    this.#begun = this.#set(placeOf.user(this.user), { claim: true });
    for (const channel of this.#channels) void this.#set(placeOf.channel(channel), { claim: true });
    this.update(update).catch(() => undefined);
  }

  /** Leaves everything. */
  close(options: Abortable = {}): Promise<void> {
    if (this.#over) return Promise.resolve();
    this.#end();
    const places = [...Array.from(this.#channels, placeOf.channel), placeOf.user(this.user)];
    this.#channels.clear();
    return this.#within('a close', Promise.all(places.map((place) => this.#drop(place))), options);
  }

  /** Another process has taken the place over: the client is connected there. */
  taken(place: string): void {
    if (place !== placeOf.user(this.user)) this.#channels.delete(channelAt(place));
    else if (!this.#over) {
      const { clock, graceMs, registrar } = this.#parts;
      const behind = [...this.#channels];
      this.#channels.clear();
      this.#end();
      // The client joins there, a moment later, what it is still in. Left at once, it would be seen to go and to come.
      for (const channel of behind)
        registrar.concede({ channel: placeOf.channel(channel), user: this.user, id: this.id });
      clock.timer(graceMs, () => this.#leave(behind), { unref: true });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #places(): string[] {
    return [placeOf.user(this.user), ...Array.from(this.#channels, placeOf.channel)];
  }

  /** What it had joined and the client has joined nowhere since. */
  #leave(behind: readonly string[]): void {
    for (const channel of behind)
      if (!this.#parts.rejoined(channel)) this.#drop(placeOf.channel(channel)).catch(() => undefined);
  }

  #end(): void {
    this.#over = true;
    this.#grace?.cancel();
    this.#parts.onEnd(this);
  }

  #set(channel: string, options: SubmitOptions): Promise<void> {
    const { user, id } = this;
    const rank = rankOf[this.#activity];
    const kept = channel === placeOf.user(user) ? idleMs.user : idleMs.channel;
    // With the connection goes what it has joined: who had it is told once.
    const tells = channel === placeOf.user(user);
    const entry = { channel, user, id, rank, value: this.#value, owned: true, tells, idleMs: kept };
    return this.#parts.registrar.set(entry, options);
  }

  #drop(channel: string): Promise<void> {
    return this.#parts.registrar.drop({ channel, user: this.user, id: this.id });
  }

  async #within(what: string, work: Promise<unknown>, { signal }: Abortable): Promise<void> {
    const { clock, withinMs } = this.#parts;
    await withDeadline(withinMs, () => work, { clock, signal, what });
  }
}

function requireActivity(activity: unknown): Activity {
  if (activity === 'online' || activity === 'away') return activity;
  throw new InvalidArgument('activity', 'online or away', activity);
}
