import { abortable, type Abortable, type Clock } from '@parley/cache-core/kernel';

/** Whoever adds to logs, as those who change a channel see it. */
export interface Adding {
  /** Whether something waits to be added to the channel. */
  readonly wants: (channelId: string) => boolean;
  /** A channel is free again. */
  readonly onFree: () => void;
}

interface Turn {
  /** It has come, or was waited for long enough. */
  readonly begun: Promise<void>;
  readonly end: () => void;
}

export interface TurnsOptions {
  readonly clock: Clock;
  /** A database with one connection does one thing after the other by itself: who waits for it must not hold a channel meanwhile. */
  readonly connections: number;
}

/**
 * So long a turn is waited for and lasts, all in all. When the database hangs each finds that out by its own deadline; and when it is slow because
 * too much is asked of it, no channel waits for what is still on its way to it.
 */
const patienceMs = 100;

/**
 * Whose turn it is in a channel, of what this node does. The row of a channel is held by whoever changes it, and by whoever adds to its log:
 * without turns they would wait for each other in the database, each on a connection. Other nodes know nothing of it, and nothing depends on it
 * but time.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #connections: number;
  readonly #held = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  #adding: Adding = { wants: () => false, onFree: () => {} };

  constructor({ clock, connections }: TurnsOptions) {
    this.#clock = clock;
    this.#connections = connections;
  }

  attend(adding: Adding): void {
    this.#adding = adding;
  }

  isHeld(channelId: string): boolean {
    return this.#held.has(channelId);
  }

  /** For a commit of messages, when nobody holds the channel. */
  take(channelId: string): void {
    this.#held.add(channelId);
  }

  /** After it: a change that waits comes before the next messages. */
  release(channelId: string): void {
    if (!this.#next(channelId)) this.#free(channelId);
  }

  /** Runs a change of the channel in its turn. */
  async change<T>(channelId: string, work: () => Promise<T>, { signal }: Abortable = {}): Promise<T> {
    if (this.#connections === 1) return work();
    const turn = this.#queue(channelId);
    const timer = this.#clock.timer(patienceMs, turn.end, { unref: true });
    try {
      await abortable(turn.begun, signal);
      return await work();
    } finally {
      timer.cancel();
      turn.end();
    }
  }

  #queue(channelId: string): Turn {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    let state: 'waits' | 'holds' | 'over' = 'waits';
    const begin = (): void => {
      state = 'holds';
      resolve();
    };
    if (this.#held.has(channelId)) this.#line(channelId).push(begin);
    else {
      this.#held.add(channelId);
      begin();
    }
    const end = (): void => {
      if (state === 'waits') this.#leave(channelId, begin);
      else if (state === 'holds') this.#endChange(channelId);
      state = 'over';
      resolve();
    };
    return { begun, end };
  }

  /** Messages that wait come before the next change. */
  #endChange(channelId: string): void {
    if (this.#adding.wants(channelId) || !this.#next(channelId)) this.#free(channelId);
  }

  #free(channelId: string): void {
    this.#held.delete(channelId);
    this.#adding.onFree();
  }

  #next(channelId: string): boolean {
    const line = this.#waiting.get(channelId);
    const begin = line?.shift();
    if (line?.length === 0) this.#waiting.delete(channelId);
    begin?.();
    return begin !== undefined;
  }

  #line(channelId: string): (() => void)[] {
    const line = this.#waiting.get(channelId) ?? [];
    this.#waiting.set(channelId, line);
    return line;
  }

  #leave(channelId: string, begin: () => void): void {
    const left = this.#waiting.get(channelId)?.filter((one) => one !== begin) ?? [];
    if (left.length > 0) this.#waiting.set(channelId, left);
    else this.#waiting.delete(channelId);
  }
}
