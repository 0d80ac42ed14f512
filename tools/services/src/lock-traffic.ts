import { setTimeout as sleep } from 'node:timers/promises';
import { checkLinearizable, type Operation } from './linearizable/check.ts';
import {
  fencedModel,
  lockModel,
  withExpiry,
  type LockInput,
  type LockOutput,
} from './linearizable/models.ts';
import { LockTransactions, type TrafficTransactions } from './lock-transactions.ts';
import type { Random } from './random.ts';

/** As much of a store of locks as is tried: this package knows none. */
export interface TrafficLockStore extends Partial<TrafficTransactions> {
  acquire(request: {
    readonly key: string;
    readonly token: string;
    readonly leaseMs: number;
  }): Promise<{ readonly state: 'granted'; readonly fence: number } | { readonly state: 'held' }>;
  extend(lease: { readonly key: string; readonly token: string; readonly leaseMs: number }): Promise<boolean>;
  release(held: { readonly key: string; readonly token: string }): Promise<boolean>;
}

/** As much of the facade. */
export interface TrafficLocks {
  acquire(
    key: string,
    options: { readonly wait: `${number}ms`; readonly autoExtend: boolean },
  ): Promise<TrafficLock>;
}

export interface TrafficLock {
  readonly fence: number;
  readonly held: boolean;
  release(): Promise<boolean>;
}

export interface LockTrafficOptions {
  readonly random: Random;
  readonly keys: readonly string[];
  /** Aborted when it is enough. */
  readonly until: AbortSignal;
  /** Whether it is the store that is in trouble, which is expected here. */
  readonly isTrouble: (error: unknown) => boolean;
}

export interface LockTotals {
  readonly calls: number;
  readonly granted: number;
  /** Looks at a fence within a transaction that found the lock held. */
  readonly checked: number;
  readonly unknown: number;
}

type LockOperation = Operation<LockInput, LockOutput>;

/**
 * Each store is used by one who takes locks, holds them for shorter or longer than the lease, and repeats what it got no answer to; in
 * transactions as well, where the store has them. Afterwards what all of them saw of each key must be what a lock with leases and rising fences answers; rejects if it is not.
 */
export async function runLockHistory(
  stores: readonly TrafficLockStore[],
  leaseMs: number,
  { random, keys, until, isTrouble }: LockTrafficOptions,
): Promise<LockTotals> {
  const histories = new Map(keys.map((key) => [key, [] as LockOperation[]]));
  const record = async <Output extends LockOutput>(
    key: string,
    by: string,
    input: LockInput,
    call: () => Promise<Output>,
  ): Promise<Output | undefined> => {
    const calledAt = performance.now();
    const output = await call().catch((error: unknown) => {
      if (!isTrouble(error)) throw error;
      return undefined;
    });
    const answer = output === undefined ? undefined : { output, at: performance.now() };
    histories.get(key)?.push({ by, input, calledAt, answer });
    return output;
  };

  const transactionsOf = ({ transact }: TrafficLockStore, by: string, own: Random) =>
    transact &&
    new LockTransactions({
      store: { transact },
      by,
      random: own,
      leaseMs,
      record: (key, operation) => histories.get(key)?.push(operation),
      isTrouble,
    });

  const party = async (store: TrafficLockStore, name: string, own: Random): Promise<void> => {
    const transactions = transactionsOf(store, name, own);
    for (let n = 1; !until.aborted; n++) {
      const key = keys[own.between(0, keys.length - 1)] ?? '';
      const token = `${name}.${n}`;
      if (transactions !== undefined && own.chance(0.3)) {
        await transactions.lock(key, token);
        continue;
      }
      const take = () =>
        record(key, name, { kind: 'acquire', token }, async () => {
          const reply = await store.acquire({ key, token, leaseMs });
          return { fence: reply.state === 'granted' ? reply.fence : undefined };
        });
      const taken = (await take()) ?? (await sleep(own.between(1, 200)).then(take));
      if (taken?.fence !== undefined) await sleep(own.between(0, leaseMs));
      let isOver = false;
      if (taken?.fence !== undefined && own.chance(0.5)) {
        const extended = await record(key, name, { kind: 'extend', token }, async () => ({
          held: await store.extend({ key, token, leaseMs }),
        }));
        isOver = extended?.held === false;
        await sleep(own.between(0, leaseMs * 1.2));
      }
      // Whether nobody has had the lock since is another question than whether its lease is over, which some know by then.
      if (taken?.fence !== undefined && !isOver && own.chance(0.6))
        await transactions?.check(key, token, taken.fence);
      // Sometimes it crashes, and says nothing more.
      if (taken !== undefined && taken.fence === undefined) await sleep(own.between(1, leaseMs / 2));
      else if (own.chance(0.9))
        await record(key, name, { kind: 'release', token }, async () => ({
          held: await store.release({ key, token }),
        }));
    }
  };

  await Promise.all(stores.map((store, i) => party(store, `p${i}`, random.fork())));
  for (const [key, history] of histories) {
    const verdict = checkLinearizable(lockModel, withExpiry(history, leaseMs));
    if (verdict.linearizable) continue;
    const lines = [...verdict.longest.slice(-10), '--- none of these can come next:', ...verdict.stuck];
    throw new Error(`${key} was no lock:\n${lines.map((one) => JSON.stringify(one)).join('\n')}`);
  }
  const all = [...histories.values()].flat();
  return {
    calls: all.length,
    granted: all.filter(
      ({ answer }) => answer !== undefined && 'fence' in answer.output && answer.output.fence,
    ).length,
    checked: all.filter(({ input }) => input.keptUntil !== undefined).length,
    unknown: all.filter(({ answer }) => answer === undefined).length,
  };
}

export interface HeldTotals {
  readonly taken: number;
  readonly failed: number;
  /** Writes that came with a fence that was not the highest any more. */
  readonly refused: number;
}

/**
 * Each of the facades is used by one who takes locks, waits for its turn, and writes with its fence, sometimes after it has lost the lock. Rejects
 * if two were sure of the same lock at the same moment, or if fences did not rise.
 */
export async function runLockHolders(
  facades: readonly TrafficLocks[],
  { random, keys, until, isTrouble }: LockTrafficOptions,
): Promise<HeldTotals> {
  const inside = new Map(keys.map((key) => [key, new Set<TrafficLock>()]));
  const fences = new Map<string, number>();
  const writes = new Map(keys.map((key) => [key, [] as Operation<{ readonly fence: number }, boolean>[]]));
  const highest = new Map<string, number>();
  let [taken, failed, refused] = [0, 0, 0];

  const write = (key: string, by: string, { fence }: TrafficLock): void => {
    const calledAt = performance.now();
    const fits = fence >= (highest.get(key) ?? 0);
    if (fits) highest.set(key, fence);
    else refused += 1;
    writes
      .get(key)
      ?.push({ by, input: { fence }, calledAt, answer: { output: fits, at: performance.now() } });
  };

  const hold = async (key: string, name: string, lock: TrafficLock, own: Random): Promise<void> => {
    const others = inside.get(key) ?? new Set();
    if (lock.held) {
      for (const other of others)
        if (other.held) throw new Error(`two were sure of ${key}: ${other.fence} and ${lock.fence}`);
      if (lock.fence <= (fences.get(key) ?? 0))
        throw new Error(`the fence of ${key} did not rise: ${lock.fence}`);
      fences.set(key, lock.fence);
    }
    others.add(lock);
    try {
      for (let steps = own.between(1, 5); steps > 0; steps--) {
        write(key, name, lock);
        await sleep(own.between(0, own.chance(0.2) ? 1_000 : 30));
        // Often it goes on without looking, as programs do that were stopped for a while.
        if (!lock.held && own.chance(0.2)) return;
      }
    } finally {
      const released = lock.release();
      others.delete(lock);
      await released;
    }
  };

  const party = async (locks: TrafficLocks, name: string, own: Random): Promise<void> => {
    while (!until.aborted) {
      const key = keys[own.between(0, keys.length - 1)] ?? '';
      const lock = await locks
        .acquire(key, { wait: `${own.between(1, 3_000)}ms`, autoExtend: own.chance(0.7) })
        .catch((error: unknown) => {
          if (!isTrouble(error)) throw error;
          return undefined;
        });
      if (lock === undefined) failed += 1;
      else {
        taken += 1;
        await hold(key, name, lock, own);
      }
    }
  };

  await Promise.all(facades.map((locks, i) => party(locks, `p${i}`, random.fork())));
  for (const [key, history] of writes)
    if (!checkLinearizable(fencedModel, history).linearizable)
      throw new Error(`the fences of ${key} did not hold`);
  return { taken, failed, refused };
}
