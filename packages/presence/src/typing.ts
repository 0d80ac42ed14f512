import { parseDuration, requireInteger, safeCall, withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Duration } from '@parley/cache-core/kernel';
import type { Followed, Followers } from './followers.ts';
import { placeOf, requireName } from './names.ts';
import type { Registrar } from './registrar.ts';
import { keyOf, type EntryName } from './wanted.ts';
import { watchOf, type Watch } from './watch.ts';

export interface TypingOptions {
  /** How long somebody types when nothing more is said of it. @default '10s' */
  readonly expiry?: Duration | undefined;
  /** How often one who goes on typing is told to the store at the most. @default '3s' */
  readonly throttle?: Duration | undefined;
  /** Of more than this, it is only said that several people type. @default 3 */
  readonly several?: number | undefined;
}

/** Somebody who types. */
export interface Typist {
  readonly user: string;
  /** Of several connections of a user each types for itself. @default 'typing' */
  readonly connection?: string | undefined;
}

export interface TypingNow {
  /** In the order in which they began, as far as this process knows it. */
  readonly users: readonly string[];
  /** There are too many to name. */
  readonly several: boolean;
  readonly stale: boolean;
}

export interface TypingParts {
  readonly clock: Clock;
  readonly followers: Followers;
  readonly registrar: Registrar;
  readonly withinMs: number;
  readonly start: () => void;
}

const idleMs = 30_000;
const defaultId = 'typing';

/**
 * Who types where. Only beginning and end are told; in between the store is told that it goes on, and ends it when that is not said any more,
 * whatever becomes of who said it.
 */
export class Typing {
  readonly #parts: TypingParts;
  readonly #expiryMs: number;
  readonly #throttleMs: number;
  readonly #several: number;
  /** When (monotonic) each was last told, by its name. */
  readonly #told = new Map<string, { readonly at: number; readonly name: EntryName }>();

  constructor(parts: TypingParts, options: TypingOptions = {}) {
    this.#parts = parts;
    this.#expiryMs = parseDuration(options.expiry ?? '10s', { field: 'typing.expiry', min: 10 });
    this.#throttleMs = parseDuration(options.throttle ?? '3s', {
      field: 'typing.throttle',
      max: this.#expiryMs / 2,
    });
    this.#several = requireInteger('typing.several', options.several ?? 3, 1);
  }

  /**
   * Somebody begins to type, or goes on. To be called with every key: what is told already is not told again. Resolves when the store has it,
   * rejects at the limit; the next call after the throttle says it anew.
   */
  async start(channel: string, typist: Typist): Promise<void> {
    const { clock, registrar, start } = this.#parts;
    start();
    const name = nameOf(channel, typist);
    const key = keyOf(name);
    const now = clock.monotonic();
    const told = this.#told.get(key);
    if (told !== undefined && now - told.at < this.#throttleMs) return;
    this.#forget(now);
    // Behind the others, so that those in front are the oldest.
    this.#told.delete(key);
    this.#told.set(key, { at: now, name });
    const forMs = this.#expiryMs;
    const entry = { ...name, rank: 0, value: '', owned: true, forMs, idleMs };
    await this.#within(registrar.set(entry, { lasting: false }));
  }

  /** They have stopped, or what they typed was sent. */
  async stop(channel: string, typist: Typist): Promise<void> {
    const name = nameOf(channel, typist);
    if (this.#told.delete(keyOf(name))) await this.#within(this.#parts.registrar.drop(name, this.#expiryMs));
  }

  /** The connection is gone, and types nowhere. */
  async disconnected(user: string, connection: string): Promise<void> {
    const theirs = [...this.#told].filter(([, { name }]) => name.user === user && name.id === connection);
    await Promise.all(
      theirs.map(([key, { name }]) => {
        this.#told.delete(key);
        return this.#parts.registrar.drop(name, this.#expiryMs);
      }),
    );
  }

  /** Who types now; asks the store where the channel is not watched. */
  async list(channel: string): Promise<TypingNow> {
    const place = placeOf.typing(channel);
    const known = this.#parts.followers.find(place);
    if (known?.known === true) return this.#now(known);
    const limit = this.#several + 1;
    const { members = [], users } = await this.#parts.followers.read({ channel: place, limit });
    return this.#shown(
      members.map(({ user }) => user),
      users,
      false,
    );
  }

  watch(channel: string, listener: (now: TypingNow) => void): Watch<TypingNow> {
    const { followers, clock, withinMs, start } = this.#parts;
    start();
    const { follower, release }: Followed = followers.follow(placeOf.typing(channel));
    const tell = (): void => {
      if (follower.known) safeCall('typing watch', listener, this.#now(follower));
    };
    const end = follower.listen({ changed: tell, replaced: tell, stale: tell });
    if (follower.known) tell();
    return watchOf({
      clock,
      withinMs,
      ready: () => follower.ready,
      current: () => this.#now(follower),
      close: () => {
        end();
        release();
      },
    });
  }

  #now({ members, users, stale }: Followed['follower']): TypingNow {
    return this.#shown([...members.keys()], users, stale);
  }

  #shown(users: readonly string[], count: number, stale: boolean): TypingNow {
    const several = count > this.#several;
    return { users: several ? [] : users, several, stale };
  }

  #within(work: Promise<void>): Promise<void> {
    const { clock, withinMs } = this.#parts;
    return withDeadline(withinMs, () => work, { clock, what: 'typing' });
  }

  #forget(now: number): void {
    for (const [key, { at }] of this.#told) {
      if (now - at < this.#expiryMs) break;
      this.#told.delete(key);
    }
  }
}

const nameOf = (channel: string, { user, connection }: Typist): EntryName => ({
  channel: placeOf.typing(channel),
  user: requireName('user', user),
  id: requireName('connection', connection ?? defaultId),
});
