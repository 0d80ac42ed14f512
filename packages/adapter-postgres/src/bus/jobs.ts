import type {
  AddedJob,
  BrokerCall,
  DeadJob,
  JobCounts,
  JobLease,
  JobOutcome,
  JobStore,
  NewJob,
  RedriveOptions,
  TakenJob,
  TakeRequest,
} from '@parley/bus';
import { integerArray, realArray, textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Param, Statement, TextRow } from '../database.ts';
import { count, real, text } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';
import { JobAdding } from './job-adding.ts';

type Call = 'done' | 'take' | 'extend' | 'settle' | 'dead' | 'redrive' | 'discard' | 'counts';
type Rows = Promise<readonly TextRow[]>;

export interface JobsHooks {
  /** These queues have more to do. */
  readonly woken: (queues: Iterable<string>) => void;
  /** So many rows were written, or are about to be. */
  readonly wrote: (rows: number) => void;
}

/**
 * Queues in a table. What was taken stays at the head of its queue until it is done, and who takes passes over it, and over what others are
 * taking at the moment.
 */
export class Jobs implements JobStore {
  readonly #tables: BusTables;
  readonly #hooks: JobsHooks;
  readonly #adding: JobAdding;
  readonly #statements: Readonly<Record<Call, Statement>>;

  constructor(tables: BusTables, hooks: JobsHooks) {
    this.#tables = tables;
    this.#hooks = hooks;
    this.#adding = new JobAdding(tables);
    const statement = (call: Call): Statement => tables.statement(`bus_${call}`);
    this.#statements = {
      take: statement('take'),
      extend: statement('extend'),
      done: statement('done'),
      settle: statement('settle'),
      dead: statement('dead'),
      redrive: statement('redrive'),
      discard: statement('discard'),
      counts: statement('counts'),
    };
  }

  async add(jobs: readonly NewJob[], { signal }: BrokerCall = {}): Promise<readonly AddedJob[]> {
    const added = await this.#adding.add(jobs, { signal });
    this.#hooks.wrote(jobs.length);
    this.#hooks.woken(new Set(jobs.filter(({ delayMs }) => delayMs <= 0).map(({ queue }) => queue)));
    return added;
  }

  async take(
    { queue, limit, leaseMs, token, maxAttempts }: TakeRequest,
    options: BrokerCall = {},
  ): Promise<readonly TakenJob[]> {
    const rows = await this.#run(
      'take',
      [queue, limit, boundedMs(leaseMs), token, bounded(maxAttempts)],
      options,
    );
    return rows.map((row) => ({
      id: text(row, 0),
      body: text(row, 1),
      attempt: count(row, 2),
      addedAt: count(row, 3),
    }));
  }

  async extend(leases: readonly JobLease[], leaseMs: number, options: BrokerCall = {}): Promise<boolean[]> {
    return held(leases, await this.#run('extend', [...leaseParams(leases), boundedMs(leaseMs)], options));
  }

  async settle(outcomes: readonly JobOutcome[], options: BrokerCall = {}): Promise<boolean[]> {
    this.#hooks.wrote(outcomes.length);
    if (outcomes.every(({ outcome }) => outcome === 'done')) return this.#end(outcomes, options);
    const rows = await this.#run(
      'settle',
      [
        ...leaseParams(outcomes),
        textArray(outcomes.map(({ outcome }) => outcome)),
        realArray(outcomes.map((one) => (one.outcome === 'again' ? boundedMs(one.delayMs) : 0))),
        integerArray(outcomes.map((one) => (one.outcome === 'again' && !one.countsAttempt ? 1 : 0))),
        textArray(outcomes.map((one) => (one.outcome === 'dead' ? one.reason : ''))),
      ],
      options,
    );
    const answers = held(outcomes, rows);
    this.#hooks.woken(
      new Set(
        outcomes
          .filter((one, i) => answers[i] === true && one.outcome === 'again' && one.delayMs <= 0)
          .map(({ queue }) => queue),
      ),
    );
    return answers;
  }

  async dead(
    queue: string,
    { after, limit, signal }: Parameters<JobStore['dead']>[1],
  ): Promise<readonly DeadJob[]> {
    const rows = await this.#run('dead', [queue, after ?? null, limit], { signal });
    return rows.map((row) => ({
      id: text(row, 0),
      body: text(row, 1),
      attempts: count(row, 2),
      reason: text(row, 3),
      at: count(row, 4),
    }));
  }

  async redrive(queue: string, options: BrokerCall & RedriveOptions): Promise<number> {
    const moved = await this.#countOf('redrive', queue, options);
    if (moved > 0) this.#hooks.woken([queue]);
    return moved;
  }

  discard(queue: string, options: BrokerCall & RedriveOptions): Promise<number> {
    return this.#countOf('discard', queue, options);
  }

  async counts(queue: string, options: BrokerCall = {}): Promise<JobCounts> {
    const [row = []] = await this.#run('counts', [queue], options);
    return {
      ready: count(row, 0),
      delayed: count(row, 1),
      taken: count(row, 2),
      dead: count(row, 3),
      oldestReadyMs: real(row, 4),
    };
  }

  /** Nearly all jobs are done when they are settled. */
  async #end(leases: readonly JobLease[], options: BrokerCall): Promise<boolean[]> {
    const order = leases.map((_, i) => i).toSorted((a, b) => byLock(leases[a], leases[b]));
    const sorted = order.flatMap((i) => leases[i] ?? []);
    const ended = held(sorted, await this.#run('done', leaseParams(sorted), options));
    const answers: boolean[] = leases.map(() => false);
    for (const [n, i] of order.entries()) answers[i] = ended[n] === true;
    return answers;
  }

  async #countOf(
    what: 'redrive' | 'discard',
    queue: string,
    { ids, limit, signal }: BrokerCall & RedriveOptions,
  ): Promise<number> {
    const [row = []] = await this.#run(what, [queue, ids === undefined ? null : textArray(ids), limit], {
      signal,
    });
    return count(row, 0);
  }

  #run(what: Call, params: readonly Param[], { signal }: BrokerCall): Rows {
    return this.#tables.query(this.#statements[what], params, { signal });
  }
}

const bounded = (attempts: number): number => Math.min(attempts, 2 ** 31 - 1);

/** The order in which rows are locked. */
function byLock(a: JobLease | undefined, b: JobLease | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (a.queue !== b.queue) return a.queue < b.queue ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

const leaseParams = (leases: readonly JobLease[]): Param[] => [
  textArray(leases.map(({ queue }) => queue)),
  textArray(leases.map(({ id }) => id)),
  textArray(leases.map(({ token }) => token)),
];

/** @param rows the ordinals of those that were held */
function held(leases: readonly JobLease[], rows: readonly TextRow[]): boolean[] {
  const ordinals = new Set(rows.map((row) => count(row, 0)));
  return leases.map((_, i) => ordinals.has(i + 1));
}
