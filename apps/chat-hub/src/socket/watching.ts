import { HubError, isHubError, limits, type ServerFrame } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Logs } from '../chat/chat.ts';
import type { Ear } from '../presence/ear.ts';
import type { HeldRoster, Rosters } from '../presence/rosters.ts';

export interface WatchingOptions {
  readonly caller: () => Caller;
  readonly ear: Ear;
  readonly logs: Pick<Logs, 'head'>;
  readonly rosters: Pick<Rosters, 'hold'>;
  readonly send: (frame: ServerFrame) => void;
  /** A right could not be looked at: the connection is of no use as it is. */
  readonly onFailed: (error: unknown) => void;
}

interface Watched {
  readonly roster: HeldRoster;
  /** It was told who is there. */
  begun: boolean;
}

const maxTries = 5;

/** The channels of which one connection hears who is there. The right to is checked while they are held, so that a leave in between is heard of. */
export class Watching {
  readonly #options: WatchingOptions;
  readonly #held = new Map<string, Watched>();
  #leaves = 0;

  constructor(options: WatchingOptions) {
    this.#options = options;
  }

  /** @throws {HubError} `NOT_FOUND` when the channel is not for the caller, `UNAVAILABLE` when nobody knows who is there */
  async watch(channelId: string): Promise<void> {
    const before = this.#held.get(channelId);
    if (before === undefined && this.#held.size >= limits.watches)
      throw new HubError('LIMIT_REACHED', `a connection watches at most ${limits.watches} channels`);
    const { rosters, ear } = this.#options;
    const held = before ?? { roster: rosters.hold(channelId, ear), begun: false };
    this.#held.set(channelId, held);
    try {
      await this.#begin(channelId, held);
    } catch (error) {
      if (before === undefined || isHubError(error, 'NOT_FOUND')) this.#release(channelId, held);
      throw error;
    }
  }

  unwatch(channelId: string): void {
    const held = this.#held.get(channelId);
    if (held !== undefined) this.#release(channelId, held);
  }

  /** The user is no member any more, or the channel is gone: nothing is told until it is known whether it may be. */
  left(channelId: string): void {
    const held = this.#held.get(channelId);
    if (held === undefined) return;
    this.#leaves += 1;
    // What has not begun waits for the store, and looks at the right again before it does.
    if (!held.begun) return;
    held.roster.quiet();
    void this.#recheck(channelId);
  }

  /** Looks at those anew that the user is not a member of. */
  review(joined: ReadonlyMap<string, number>): void {
    for (const channelId of this.#held.keys()) if (!joined.has(channelId)) this.left(channelId);
  }

  end(): void {
    for (const [channelId, held] of this.#held) this.#release(channelId, held);
  }

  async #begin(channelId: string, held: Watched): Promise<void> {
    const { logs, caller } = this.#options;
    for (let tries = 0; tries < maxTries; tries += 1) {
      const leaves = this.#leaves;
      await logs.head(caller(), channelId);
      await held.roster.ready();
      if (leaves !== this.#leaves) continue;
      held.begun = true;
      // Whoever has unwatched meanwhile has released it, and hears nothing.
      return held.roster.begin();
    }
    throw new HubError('UNAVAILABLE', 'the channel is being changed all the time; try again');
  }

  async #recheck(channelId: string): Promise<void> {
    try {
      await this.watch(channelId);
    } catch (error) {
      if (isHubError(error, 'NOT_FOUND')) this.#options.send({ type: 'gone', channelId });
      else this.#options.onFailed(error);
    }
  }

  #release(channelId: string, held: Watched): void {
    if (this.#held.get(channelId) === held) this.#held.delete(channelId);
    held.roster.release();
  }
}
