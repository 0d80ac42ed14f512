import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from './linearizable/check.ts';
import type { LockInput, LockOutput } from './linearizable/models.ts';
import type { Random } from './random.ts';

/** What a store can do besides that keeps its locks where transactions are. */
export interface TrafficTransaction {
  lock(key: string): Promise<number | undefined>;
  check(key: string, fence: number): Promise<boolean>;
}

export interface TrafficTransactions {
  /** Resolves when what the work did is committed. */
  transact(work: (transaction: TrafficTransaction) => Promise<void>): Promise<void>;
}

export interface TransactionsOptions {
  readonly store: TrafficTransactions;
  readonly by: string;
  readonly random: Random;
  readonly leaseMs: number;
  readonly record: (key: string, operation: Operation<LockInput, LockOutput>) => void;
  readonly isTrouble: (error: unknown) => boolean;
}

/** One who locks for the length of a transaction, and one who writes under a lease in one, with what they saw. */
export class LockTransactions {
  readonly #options: TransactionsOptions;

  constructor(options: TransactionsOptions) {
    this.#options = options;
  }

  async lock(key: string, token: string): Promise<void> {
    const { by, record, random, leaseMs } = this.#options;
    const calledAt = performance.now();
    const take: LockInput = { kind: 'acquire', token };
    let [taken, leftAt] = [false, 0];
    const committed = await this.#transact(async (transaction) => {
      const fence = await transaction.lock(key);
      record(key, { by, input: take, calledAt, answer: { output: { fence }, at: performance.now() } });
      taken = fence !== undefined;
      if (taken) await sleep(random.between(0, leaseMs / 2));
      leftAt = performance.now();
    });
    if (!taken) return;
    const input: LockInput = { kind: 'release', token };
    if (committed)
      record(key, {
        by,
        input,
        calledAt: leftAt,
        answer: { output: { held: true }, at: performance.now() },
      });
    // With its connection a transaction ends, nobody here knows when.
    else record(key, { by, input, calledAt });
  }

  /** It may go on for longer than the lease. */
  async check(key: string, token: string, fence: number): Promise<void> {
    const { by, record, random, leaseMs } = this.#options;
    const calledAt = performance.now();
    let [answeredAt, held, leftAt] = [0, false, 0];
    const committed = await this.#transact(async (transaction) => {
      held = await transaction.check(key, fence);
      answeredAt = performance.now();
      if (held) await sleep(random.between(0, leaseMs * 1.2));
      leftAt = performance.now();
    });
    if (answeredAt === 0) return;
    const input: LockInput = { kind: 'check', token, keptUntil: held && committed ? leftAt : undefined };
    record(key, { by, input, calledAt, answer: { output: { held }, at: answeredAt } });
  }

  async #transact(work: (transaction: TrafficTransaction) => Promise<void>): Promise<boolean> {
    const { store, isTrouble } = this.#options;
    try {
      await store.transact(work);
      return true;
    } catch (error) {
      if (!isTrouble(error)) throw error;
      return false;
    }
  }
}
