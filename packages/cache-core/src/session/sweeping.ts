import { Closed, isParleyError } from '../kernel/errors.ts';
import type { Timer } from '../kernel/clock.ts';
import { withDeadline } from '../kernel/deadline.ts';
import type { SessionKeeper } from './keeper.ts';
import { sessionTroubles } from './session-trouble.ts';

/** How long one batch may take. */
const batchMs = 30_000;

/** Removes what is over, now and then and in batches, from a store where somebody has to. */
export class SessionSweeper {
  readonly #keeper: SessionKeeper;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(keeper: SessionKeeper) {
    this.#keeper = keeper;
    if (keeper.store.capabilities.sweeps && keeper.times.sweepEveryMs > 0) this.#schedule();
  }

  /** Removes everything that is over now; answers how much it was. */
  async sweep(): Promise<number> {
    const { store, times } = this.#keeper;
    let total = 0;
    for (let more = true; more && !this.#closed;) {
      const work = (signal: AbortSignal): ReturnType<typeof store.sweep> =>
        store.sweep(times.sweepBatch, { signal });
      const options = { clock: times.clock, what: 'sweeping sessions', signal: this.#closing.signal };
      const swept = await withDeadline(batchMs, work, options);
      total += swept.removed;
      more = swept.more && swept.removed > 0;
    }
    return total;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Closed('The sessions'));
    this.#timer?.cancel();
    await this.#running;
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #schedule(): void {
    if (this.#closed) return;
    const { clock, random, sweepEveryMs } = this.#keeper.times;
    // Spread out, so that processes that were started together do not come together.
    this.#timer = clock.timer(sweepEveryMs * (0.75 + random() / 2), () => this.#wake(), { unref: true });
  }

  #wake(): void {
    this.#running = this.sweep()
      .then(
        () => undefined,
        (error: unknown) => {
          // Whoever closed the store wants no more of it.
          if (isParleyError(error, 'CLOSED')) this.#closing.abort(error);
          else sessionTroubles.emit({ work: 'sweep', store: this.#keeper.store.name, error });
        },
      )
      .finally(() => this.#schedule());
  }
}
