import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { Line } from './line.ts';
import type { PresenceStats } from './stats.ts';
import type { Appended } from './view.ts';

export interface ReaperOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: Line;
  readonly stats: PresenceStats;
  readonly heartbeatMs: number;
  readonly reapMs: number;
  readonly tell: (appended: readonly Appended[]) => void;
}

/** How much one call takes out, so that the server is not kept from other work. */
const atOnce = 500;

/**
 * Takes out what has ended anywhere. The store says when the next thing will end, and every process wakes up for it at a moment of its own
 * soon after: so a process that crashed is seen as soon as its lease is over, and nobody asks in between.
 */
export class Reaper {
  readonly #options: ReaperOptions;
  #timer: Timer | undefined;
  #state: 'idle' | 'running' | 'closed' = 'idle';

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    void this.#reap();
  }

  close(): void {
    this.#state = 'closed';
    this.#timer?.cancel();
  }

  /** Takes out everything that has ended by now; for a process that leaves. */
  async finish(): Promise<void> {
    const { line, tell } = this.#options;
    for (let more = true; more;) {
      const reaped = await line.call('reap', (store, signal) => store.reap(atOnce, { signal }), {
        last: true,
      });
      tell(reaped.appended);
      more = reaped.more;
    }
  }

  async #reap(): Promise<void> {
    const { line, stats, heartbeatMs, reapMs, random, tell } = this.#options;
    let nextMs: number | undefined;
    try {
      const reaped = await line.call('reap', (store, signal) => store.reap(atOnce, { signal }));
      stats.reaped += reaped.appended.reduce((sum, { diffs }) => sum + diffs.length, 0);
      tell(reaped.appended);
      nextMs = reaped.more ? 0 : Math.min(reaped.nextMs ?? heartbeatMs, heartbeatMs) + random() * reapMs;
    } catch {
      nextMs = heartbeatMs * (0.1 + 0.1 * random());
    }
    if (this.#state !== 'running') return;
    this.#timer = this.#options.clock.timer(nextMs, () => void this.#reap(), { unref: true });
  }
}
