import type { Clock } from '@parley/cache-core/kernel';
import type { Typist } from '@parley/hub-protocol';
import type { Presence } from '@parley/presence';
import { senderOf } from '../live/lines.ts';
import type { Entry } from '../live/log-reader.ts';
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
  /** By channel and user. */
  readonly #told = new Map<string, Map<string, Map<string, Told>>>();
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
    const theirs = this.#ofUser(channelId, userId);
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
    const known = this.#told.get(channelId)?.get(userId)?.delete(`${user}\n${connection}`) === true;
    if (!known && connection === byRequests) await asked(this.#takeOver(channelId, user));
    await asked(typing.stop(channelId, { user, connection }));
  }

  /** Entries of the log that somebody has heard of: a message ends what was typed, whichever node has taken it. */
  heard(channelId: string, entries: readonly Entry[]): void {
    if (!this.#told.has(channelId)) return;
    for (const entry of entries) {
      const sender = senderOf(entry);
      if (sender !== undefined) this.over(channelId, sender);
    }
  }

  /** They have sent what they typed, or may say nothing there any more. */
  over(channelId: string, userId: string): void {
    const channel = this.#told.get(channelId);
    const theirs = channel?.get(userId);
    if (channel === undefined || theirs === undefined) return;
    channel.delete(userId);
    if (channel.size === 0) this.#told.delete(channelId);
    for (const told of theirs.values()) this.#stop(channelId, theirs, told);
  }

  /** The connection is gone, and types nowhere: neither where it did before, which are these channels. */
  gone(channelIds: Iterable<string>, userId: string, connection: string): void {
    for (const channelId of channelIds) {
      const theirs = this.#told.get(channelId)?.get(userId) ?? new Map<string, Told>();
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

  #ofUser(channelId: string, userId: string): Map<string, Told> {
    const channel = this.#told.get(channelId) ?? new Map<string, Map<string, Told>>();
    const theirs = channel.get(userId) ?? new Map<string, Told>();
    this.#told.set(channelId, channel.set(userId, theirs));
    return theirs;
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < forgetMs) return;
    this.#sweptAt = now;
    for (const [channelId, channel] of this.#told) {
      for (const [userId, theirs] of channel) {
        for (const [key, { at }] of theirs) if (now - at > forgetMs) theirs.delete(key);
        if (theirs.size === 0) channel.delete(userId);
      }
      if (channel.size === 0) this.#told.delete(channelId);
    }
  }
}
