import type { Clock, Timer } from '@parley/cache-core/kernel';
import { settle, type Waiting } from './waiting.ts';

export interface QuietChannelsOptions {
  readonly clock: Clock;
  readonly coalesceMs: number;
  /** What has waited for long enough. */
  readonly over: (key: string, waiting: Waiting) => void;
}

interface Quiet {
  readonly held: Map<string, Waiting>;
  readonly timer: Timer;
}

/** Channels of which a change has just been sent, and those that wait for the others to come: they go together. */
export class QuietChannels {
  readonly #options: QuietChannelsOptions;
  readonly #channels = new Map<string, Quiet>();

  constructor(options: QuietChannelsOptions) {
    this.#options = options;
  }

  /** What waits in a channel, to be added to; undefined: nothing has to wait. */
  of(channel: string): Map<string, Waiting> | undefined {
    return this.#channels.get(channel)?.held;
  }

  /** A change is sent. */
  begin(channel: string): void {
    const { clock, coalesceMs, over } = this.#options;
    if (coalesceMs === 0 || this.#channels.has(channel)) return;
    const held = new Map<string, Waiting>();
    const end = (): void => {
      this.#channels.delete(channel);
      if (held.size === 0) return;
      this.begin(channel);
      for (const [key, waiting] of held) over(key, waiting);
    };
    this.#channels.set(channel, { held, timer: clock.timer(coalesceMs, end, { unref: true }) });
  }

  close(): void {
    for (const { held, timer } of this.#channels.values()) {
      timer.cancel();
      for (const { waiters } of held.values()) settle(waiters);
    }
    this.#channels.clear();
  }
}
