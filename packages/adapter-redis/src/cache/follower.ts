import { exponentialBackoff, type Clock } from '@parley/cache-core/kernel';
import type { Feed } from './feed.ts';

export interface FollowerOptions {
  readonly clock: Clock;
  /** Rejects when there will never be another one. */
  readonly open: (onLive: () => void) => Promise<Feed>;
  readonly onState: (state: 'live' | 'suspect') => void;
}

const openAgainAfter = exponentialBackoff({ minMs: 20, baseMs: 100, maxMs: 2_000 });

/** Goes from one feed to the next, for ever: each doubt ends one, and the next begins with nothing believed. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #feed: Feed | undefined;
  #live = false;
  #failures = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#done = this.#run();
  }

  get live(): boolean {
    return this.#live;
  }

  get vouchedUntil(): number {
    return this.#live && this.#feed !== undefined ? this.#feed.vouchedUntil : -Infinity;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#feed?.stop();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { clock, open } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#failures += 1;
      try {
        const feed = await open(() => this.#rise());
        this.#feed = feed;
        const run = feed.run();
        // Stopped while it was being opened.
        if (signal.aborted) feed.stop();
        await run;
      } catch {
        // The connection was closed by its owner.
        this.#stop.abort();
      }
      this.#fall();
      const pause = clock.sleep(openAgainAfter(this.#failures), { signal, unref: true });
      await pause.catch(() => undefined);
    }
  }

  #rise(): void {
    this.#failures = 0;
    this.#live = true;
    this.#options.onState('live');
  }

  #fall(): void {
    if (!this.#live) return;
    this.#live = false;
    this.#options.onState('suspect');
  }
}
