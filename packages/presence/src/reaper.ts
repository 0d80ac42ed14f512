import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { Line } from './line.ts';
import type { PresenceStats } from './stats.ts';
import type { Reaped, ReapTime } from './store.ts';
import type { Appended } from './view.ts';

export interface ReaperOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: Line;
  readonly stats: PresenceStats;
  readonly heartbeatMs: number;
  readonly reapMs: number;
  readonly gatherMs: number;
  readonly storeMs: number;
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
  /** When this process came to the store, or last found it to be back (monotonic). */
  #backAt = -Infinity;
  /** What the store last said when it is, and when that was heard (monotonic). */
  #moment: { readonly told: string; readonly at: number } | undefined;
  #state: 'idle' | 'running' | 'closed' = 'idle';

  constructor(options: ReaperOptions) {
    this.#options = options;
    options.line.onTurn((up) => {
      // What the time is says nothing of leases that could not be renewed since.
      this.#moment = undefined;
      if (up && this.#state === 'running') this.#pause();
    });
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    this.#pause();
  }

  close(): void {
    this.#state = 'closed';
    this.#timer?.cancel();
  }

  /** Others may be about to register again, what is theirs must not be taken out. */
  get gathering(): boolean {
    const { clock, gatherMs } = this.#options;
    return clock.monotonic() - this.#backAt < gatherMs;
  }

  /** Takes out everything that has ended by now; for a process that leaves. */
  async finish(last: AbortSignal): Promise<void> {
    for (let more = !this.gathering; more;) more = (await this.#takeOut(atOnce, last)).more;
  }

  /**
   * Whoever has just come (back) to the store does not know whether others were cut off as well: those whose lease is over only for that
   * reason get the time to register again, unnoticed.
   */
  #pause(): void {
    this.#backAt = this.#options.clock.monotonic();
    this.#arm(this.#options.gatherMs * (1 + 0.1 * this.#options.random()));
  }

  #arm(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.timer(ms, () => void this.#reap(), { unref: true });
  }

  async #reap(): Promise<void> {
    const { line, stats, heartbeatMs, reapMs, random } = this.#options;
    let nextMs: number;
    const wasUp = line.up;
    try {
      const reaped = await this.#takeOut(atOnce);
      stats.reaped += reaped.appended.reduce((sum, { diffs }) => sum + diffs.length, 0);
      nextMs = reaped.more ? 0 : Math.min(reaped.nextMs ?? heartbeatMs, heartbeatMs) + random() * reapMs;
    } catch {
      nextMs = heartbeatMs * (0.1 + 0.1 * random());
    }
    const isBack = line.up && !wasUp;
    if (this.#state === 'running' && !isBack) this.#arm(nextMs);
  }

  /**
   * A call that the store comes to only after it stood still must take out nothing: those whose leases ended meanwhile could not renew them. So
   * it says up to when it may, and the first one asks only what the time is. So does the first one after another has failed, or the store was
   * found to be away; and where only a part of it is, it goes on in the others.
   */
  async #takeOut(limit: number, last?: AbortSignal): Promise<Reaped> {
    const { line, clock, storeMs, tell } = this.#options;
    const within = this.#within;
    const most = this.#moment === undefined ? 0 : limit;
    try {
      const reaped = await line.call(
        'reap',
        (store, signal) => store.reap(most, { signal, within, partMs: storeMs / 2 }),
        { last, tells: ({ failure }) => failure ?? true },
      );
      this.#moment = { told: reaped.moment, at: clock.monotonic() };
      tell(reaped.appended);
      return reaped;
    } catch (error) {
      this.#moment = undefined;
      throw error;
    }
  }

  get #within(): ReapTime | undefined {
    const { clock, line, storeMs, gatherMs } = this.#options;
    const known = this.#moment;
    if (known !== undefined)
      return { moment: known.told, ms: clock.monotonic() - known.at + storeMs, gatherMs };
    // Any part of it may have been away.
    return line.up ? undefined : { moment: '', ms: 0, gatherMs };
  }
}
