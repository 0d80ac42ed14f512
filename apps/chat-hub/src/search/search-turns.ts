import { createBulkhead, throwIfAborted, type Bulkhead } from '@parley/cache-core/kernel';
import { HubError } from '@parley/hub-protocol';

export interface SearchTurnsOptions {
  /** How many look at once. */
  readonly running: number;
  /** How many wait for that, of all users together. */
  readonly waiting: number;
  /** How many of one user wait for each other. */
  readonly waitingOfUser: number;
}

/** Searches one after the other: each user's, and of all users so many at once as leave the database to others. */
export class SearchTurns {
  readonly #all: Bulkhead;
  readonly #waitingOfUser: number;
  readonly #users = new Map<string, Bulkhead>();

  constructor({ running, waiting, waitingOfUser }: SearchTurnsOptions) {
    this.#all = createBulkhead({ name: 'search', maxRunning: running, maxQueued: waiting });
    this.#waitingOfUser = waitingOfUser;
  }

  get running(): number {
    return this.#all.running;
  }

  /**
   * Runs what holds its turn until it is over. It must not be over before the database has ended what it was asked.
   *
   * @throws {HubError} `RATE_LIMITED` where the user waits for too many already
   */
  async run<T>(userId: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    throwIfAborted(signal);
    const own = this.#users.get(userId) ?? createBulkhead({ maxRunning: 1, maxQueued: this.#waitingOfUser });
    if (own.queued >= this.#waitingOfUser)
      throw new HubError('RATE_LIMITED', 'searches wait for each other already', { retryAfter: 1_000 });
    this.#users.set(userId, own);
    try {
      // Who waits for an own search takes no place from others.
      return await own.run(() => this.#all.run(work, { signal }), { signal });
    } finally {
      if (own.running + own.queued === 0) this.#users.delete(userId);
    }
  }
}
