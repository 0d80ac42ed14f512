import { createInstanceId, safeCall } from '@parley/cache-core/kernel';
import type { Follower } from './follower.ts';
import { memberOf, type Member } from './member.ts';
import type { StatusBook } from './status-book.ts';
import type { Position } from './view.ts';

export interface Counts {
  readonly users: number;
  /** Of a view, as of its last look at the store. */
  readonly connections: number;
}

/** Who is in a channel. */
export interface Roster extends Counts {
  readonly members: readonly Member[];
  /** False of a large channel, of which only some members are listed. */
  readonly complete: boolean;
  /** It may not be right: the store is away, or has lost its data a moment ago. */
  readonly stale: boolean;
  /** Which events are in it already. */
  readonly position: Position;
}

/**
 * What becomes of a channel. Positions count the events of a view without holes, from its snapshot on; they are those of this process, since
 * what users choose to be seen as is in it too.
 */
export type PresenceEvent =
  | { readonly type: 'snapshot'; readonly roster: Roster }
  | { readonly type: 'join' | 'update'; readonly member: Member; readonly position: Position }
  | {
      readonly type: 'leave';
      readonly user: string;
      /** By the store's clock, in milliseconds since 1970. */
      readonly at: number;
      readonly position: Position;
    }
  | { readonly type: 'stale'; readonly stale: boolean; readonly position: Position };

export type PresenceListener = (event: PresenceEvent) => void;

/** A channel as others see it: who is there, and how they want to be seen. Shared by everybody who watches it in this process. */
export class ChannelView {
  readonly #follower: Follower;
  readonly #book: StatusBook;
  readonly #members = new Map<string, Member>();
  readonly #listeners = new Set<PresenceListener>();
  readonly #epoch: string = createInstanceId();
  readonly #ends: (() => void)[];
  readonly #ready: Promise<void>;
  #offset = 0;
  #known = false;
  #at = 0;
  #told = true;

  constructor(follower: Follower, book: StatusBook) {
    this.#follower = follower;
    this.#book = book;
    this.#ends = [
      follower.listen({
        changed: ({ user, at }) => this.#look(user, at),
        replaced: () => this.#snapshot(),
        stale: () => this.#tellStale(),
      }),
      book.listen({
        changed: (user) => this.#look(user, this.#at),
        stale: () => this.#tellStale(),
      }),
    ];
    this.#ready = this.#begin();
  }

  get ready(): Promise<void> {
    return this.#ready;
  }

  get roster(): Roster {
    const { complete, entries, users, members } = this.#follower;
    const hidden = complete ? members.size - this.#members.size : 0;
    return {
      members: [...this.#members.values()],
      users: users - hidden,
      connections: entries,
      complete,
      stale: !this.#known || this.#stale,
      position: this.#position(),
    };
  }

  /** Without what users have chosen it is not known how they are to be seen. */
  get #stale(): boolean {
    return this.#follower.stale || this.#book.stale;
  }

  get known(): boolean {
    return this.#known;
  }

  listen(listener: PresenceListener): () => void {
    this.#listeners.add(listener);
    if (this.#known) safeCall('presence watch', listener, { type: 'snapshot', roster: this.roster });
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#listeners.clear();
  }

  async #begin(): Promise<void> {
    await Promise.all([this.#follower.ready, this.#book.ready()]);
    this.#known = true;
    this.#snapshot();
  }

  #snapshot(): void {
    if (!this.#known) return;
    this.#members.clear();
    for (const [user, held] of this.#follower.members) {
      const member = memberOf(held, user, this.#book.of(user));
      if (member !== undefined) this.#members.set(user, member);
    }
    this.#offset += 1;
    this.#told = this.#stale;
    this.#emit({ type: 'snapshot', roster: this.roster });
  }

  /** What is told is what makes a difference for others. */
  #look(user: string, at: number): void {
    this.#at = Math.max(this.#at, at);
    if (!this.#known) return;
    const before = this.#members.get(user);
    const member = memberOf(this.#follower.members.get(user), user, this.#book.of(user));
    if (member === undefined) {
      if (this.#members.delete(user)) this.#tell({ type: 'leave', user, at: this.#at });
    } else if (JSON.stringify(before) !== JSON.stringify(member)) {
      this.#members.set(user, member);
      this.#tell({ type: before === undefined ? 'join' : 'update', member });
    }
  }

  #tellStale(): void {
    if (!this.#known || this.#told === this.#stale) return;
    this.#told = this.#stale;
    this.#tell({ type: 'stale', stale: this.#told });
  }

  #tell(event: Untold): void {
    if (!this.#known) return;
    this.#offset += 1;
    this.#emit({ ...event, position: this.#position() });
  }

  #emit(event: PresenceEvent): void {
    for (const listener of this.#listeners) safeCall('presence watch', listener, event);
  }

  #position(): Position {
    return { epoch: this.#epoch, offset: this.#offset };
  }
}

type Without<Event> = Event extends { readonly position: Position } ? Omit<Event, 'position'> : never;
type Untold = Without<PresenceEvent>;
