import type { Clock } from '@parley/cache-core/kernel';
import type { Typist } from '@parley/hub-protocol';
import type { Presence } from '@parley/presence';
import { asked, unheeded } from './asked.ts';
import { typistName } from './seen.ts';

export interface TypistsOptions {
  readonly typing: Presence['typing'];
  readonly clock: Clock;
}

/** One who types, on one connection or by requests. */
export interface Typed extends Typist {
  readonly channelId: string;
  readonly connection: string;
}

interface Told {
  readonly name: string;
  readonly connection: string;
  readonly at: number;
}

/** Those who type by requests do so on no connection. */
export const byRequests = 'requests';

/** Longer than the store keeps it. */
const forgetMs = 12_000;
/** A user types in so many threads of a channel at a time; who begins elsewhere ceases where they began first. */
const maxPlaces = 8;

/** What was said through this node of who types, so that it ends with the message. */
export class Typists {
  readonly #options: TypistsOptions;
  readonly #told = new Map<string, Map<string, Told>>();
  #sweptAt = -Infinity;

  constructor(options: TypistsOptions) {
    this.#options = options;
  }

  /** Resolves when the store knows. */
  async start(typed: Typed): Promise<void> {
    const { clock, typing } = this.#options;
    const { channelId, userId, connection } = typed;
    const now = clock.monotonic();
    this.#sweep(now);
    const name = typistName(typed);
    const place = placeOf(channelId, userId);
    const theirs = this.#told.get(place) ?? new Map<string, Told>();
    this.#told.set(place, theirs);
    const key = `${name}\n${connection}`;
    theirs.delete(key);
    theirs.set(key, { name, connection, at: now });
    const [first] = theirs.values();
    if (theirs.size > maxPlaces && first !== undefined) this.#stop(channelId, theirs, first);
    await asked(typing.start(channelId, { user: name, connection }));
  }

  async stop(typed: Typed): Promise<void> {
    const { channelId, userId, connection } = typed;
    const { typing } = this.#options;
    const user = typistName(typed);
    const known = this.#told.get(placeOf(channelId, userId))?.delete(`${user}\n${connection}`) === true;
    if (!known && connection === byRequests) await asked(this.#takeOver(channelId, user));
    await asked(typing.stop(channelId, { user, connection }));
  }

  /** They have sent what they typed, or may say nothing there any more. */
  over(channelId: string, userId: string): void {
    const place = placeOf(channelId, userId);
    const theirs = this.#told.get(place);
    if (theirs === undefined) return;
    this.#told.delete(place);
    for (const told of theirs.values()) this.#stop(channelId, theirs, told);
  }

  /** The connection is gone, and types nowhere: neither where it did before, which are these channels. */
  gone(channelIds: Iterable<string>, userId: string, connection: string): void {
    for (const channelId of channelIds) {
      const theirs = this.#told.get(placeOf(channelId, userId)) ?? new Map<string, Told>();
      for (const told of theirs.values())
        if (told.connection === connection) this.#stop(channelId, theirs, told);
    }
  }

  /** Only who has said it can take it back; what was said through another node becomes what this one has said. */
  async #takeOver(channelId: string, user: string): Promise<void> {
    const { typing } = this.#options;
    const { users } = await typing.list(channelId);
    if (users.includes(user)) await typing.start(channelId, { user, connection: byRequests });
  }

  #stop(channelId: string, theirs: Map<string, Told>, { name, connection }: Told): void {
    theirs.delete(`${name}\n${connection}`);
    unheeded(this.#options.typing.stop(channelId, { user: name, connection }));
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < forgetMs) return;
    this.#sweptAt = now;
    for (const [place, theirs] of this.#told) {
      for (const [key, { at }] of theirs) if (now - at > forgetMs) theirs.delete(key);
      if (theirs.size === 0) this.#told.delete(place);
    }
  }
}

const placeOf = (channelId: string, userId: string): string => `${channelId}\n${userId}`;
