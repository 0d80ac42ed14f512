import { createBatcher, exponentialBackoff, isRetryable, withDeadline } from '@parley/cache-core/kernel';
import type { Timer } from '@parley/cache-core/kernel';
import type { BusCore } from './core.ts';
import type { JobLease, JobOutcome, Outcome } from './job-store.ts';

interface Held {
  readonly lease: JobLease;
  readonly lost: AbortController;
  /** When (monotonic) it runs out, if nothing more is heard of it. */
  until: number;
  expiry: Timer | undefined;
}

export interface HeldLease {
  /** Aborted when the job is not ours any more. */
  readonly signal: AbortSignal;
  /** Ends the job; false when it was not ours any more. */
  readonly settle: (outcome: Outcome) => Promise<boolean>;
}

/** The leases of one worker: lengthened together while their jobs are at work, and given up as soon as they may have run out. */
export class Leases {
  readonly #core: BusCore;
  readonly #leaseMs: number;
  readonly #held = new Set<Held>();
  readonly #settle: (outcome: JobOutcome) => Promise<boolean>;
  #timer: Timer | undefined;
  #closed = false;

  constructor(core: BusCore, leaseMs: number) {
    this.#core = core;
    this.#leaseMs = leaseMs;
    this.#settle = createBatcher<JobOutcome, boolean>({
      // Without a limit two calls that are never answered would hold up all that come after them.
      run: (outcomes) =>
        withDeadline(core.callMs, (signal) => core.broker.jobs.settle(outcomes, { signal }), {
          clock: core.clock,
          what: 'settling jobs',
        }),
      maxBatch: core.broker.capabilities.maxBatch,
      maxInFlight: 2,
    });
  }

  /** @param takenAt before it was asked for, so that the broker's time for it ends later than ours */
  hold(lease: JobLease, takenAt: number, ending: AbortSignal): HeldLease {
    const until = takenAt + this.#leaseMs;
    const held: Held = { lease, lost: new AbortController(), until, expiry: undefined };
    const end = (): void => held.lost.abort();
    ending.addEventListener('abort', end, { once: true });
    this.#held.add(held);
    this.#watch(held);
    this.#arm();
    return {
      signal: held.lost.signal,
      settle: async (outcome) => {
        try {
          return await this.#end(held, outcome);
        } finally {
          ending.removeEventListener('abort', end);
          held.expiry?.cancel();
          this.#held.delete(held);
        }
      },
    };
  }

  /** Handlers that do not heed their signals keep their jobs until the leases run out. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Tried for as long as the lease is ours: who comes later finds the job with somebody else. */
  async #end(held: Held, outcome: Outcome): Promise<boolean> {
    const { clock, random } = this.#core;
    const backoff = exponentialBackoff({ baseMs: 50, maxMs: 1_000, minMs: 5, random });
    for (let failures = 1; ; failures++) {
      const left = held.until - clock.monotonic();
      if (left <= 0) return false;
      try {
        const settle = (): Promise<boolean> => this.#settle({ ...held.lease, ...outcome });
        return await withDeadline(Math.min(left, 2_000), settle, { clock, what: 'settling a job' });
      } catch (error) {
        if (!isRetryable(error)) return false;
        await clock.sleep(Math.min(backoff(failures), held.until - clock.monotonic()));
      }
    }
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#closed) return;
    this.#timer = this.#core.clock.timer(
      this.#leaseMs / 3,
      () => {
        this.#timer = undefined;
        void this.#extend();
      },
      { unref: true },
    );
  }

  async #extend(): Promise<void> {
    const { maxBatch } = this.#core.broker.capabilities;
    const all = [...this.#held];
    for (let from = 0; from < all.length; from += maxBatch)
      await this.#extendSome(all.slice(from, from + maxBatch));
    if (this.#held.size > 0) this.#arm();
  }

  async #extendSome(some: readonly Held[]): Promise<void> {
    const { broker, clock } = this.#core;
    const asked = clock.monotonic();
    const leases = some.map(({ lease }) => lease);
    try {
      const extend = (signal: AbortSignal): Promise<boolean[]> =>
        broker.jobs.extend(leases, this.#leaseMs, { signal });
      const still = await withDeadline(this.#leaseMs / 3, extend, { clock, what: 'extending leases' });
      for (const [i, held] of some.entries()) {
        if (still[i] === true) held.until = asked + this.#leaseMs;
        else if (this.#held.has(held)) this.#lose(held);
      }
    } catch {
      // Asked again, while there is time.
    }
  }

  /** At the moment itself: later somebody else may be at work on the same job. */
  #watch(held: Held): void {
    const { clock } = this.#core;
    const look = (): void => {
      if (held.until <= clock.monotonic()) this.#lose(held);
      else this.#watch(held);
    };
    held.expiry = clock.timer(held.until - clock.monotonic(), look, { unref: true });
  }

  #lose(held: Held): void {
    held.expiry?.cancel();
    held.until = -Infinity;
    held.lost.abort();
  }
}
