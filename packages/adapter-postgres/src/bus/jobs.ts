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
import { StoreFault } from '@parley/cache-core/kernel';
import { integerArray, realArray, textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Param, Statement, TextRow } from '../database.ts';
import { count, flag, real, text } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';
import { onceKey } from './once-key.ts';
import { byName, slices } from './parts.ts';

type Call = 'add' | 'take' | 'extend' | 'settle' | 'dead' | 'redrive' | 'discard' | 'counts';
type Rows = Promise<readonly TextRow[]>;

/**
 * Queues in a table. A job that was taken is due again when its lease runs out, so one index finds all that can be taken; who takes passes
 * over what others are taking.
 */
export class Jobs implements JobStore {
  readonly #tables: BusTables;
  readonly #woken: (queues: Iterable<string>) => void;
  readonly #statements: Readonly<Record<Call, Statement>>;

  /** @param woken is told of queues that have more to do */
  constructor(tables: BusTables, woken: (queues: Iterable<string>) => void) {
    this.#tables = tables;
    this.#woken = woken;
    this.#statements = {
      add: tables.statement('bus_add'),
      take: tables.statement('bus_take'),
      extend: tables.statement('bus_extend'),
      settle: tables.statement('bus_settle'),
      dead: tables.statement('bus_dead'),
      redrive: tables.statement('bus_redrive'),
      discard: tables.statement('bus_discard'),
      counts: tables.statement('bus_counts'),
    };
  }

  async add(jobs: readonly NewJob[], { signal }: BrokerCall = {}): Promise<readonly AddedJob[]> {
    const added = new Map<NewJob, AddedJob>();
    for (const part of byName(jobs, ({ queue }) => queue)) {
      const cut = slices(part);
      if (cut.length > 1) {
        // What is too large for one statement and must not be torn apart.
        await this.#tables.prepare();
        await this.#tables.db.transaction(
          async (session) => {
            for (const slice of cut)
              await addInto(
                added,
                slice,
                async (params) => (await session.query(this.#statements.add, params)).rows,
              );
          },
          { signal },
        );
      } else await addInto(added, part, (params) => this.#run('add', params, { signal }));
      this.#woken(new Set(part.filter(({ delayMs }) => delayMs <= 0).map(({ queue }) => queue)));
    }
    return jobs.map((job) => {
      const answer = added.get(job);
      if (answer === undefined) throw new StoreFault('Postgres: a job was left without an answer');
      return answer;
    });
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
    this.#woken(
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
    if (moved > 0) this.#woken([queue]);
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

async function addInto(
  added: Map<NewJob, AddedJob>,
  jobs: readonly NewJob[],
  run: (params: readonly Param[]) => Rows,
): Promise<void> {
  if (jobs.length === 0) return;
  const rows = await run([
    textArray(jobs.map(({ queue }) => queue)),
    textArray(jobs.map(({ id }) => id)),
    textArray(jobs.map(({ body }) => body)),
    realArray(jobs.map(({ delayMs }) => boundedMs(Math.max(0, delayMs)))),
    textArray(jobs.map(({ once }) => once && onceKey(once.key))),
    realArray(jobs.map(({ once }) => once && boundedMs(once.forMs))),
  ]);
  for (const row of rows) {
    const job = jobs[count(row, 0) - 1];
    if (job !== undefined) added.set(job, { id: text(row, 1), repeated: flag(row, 2) });
  }
}

const bounded = (attempts: number): number => Math.min(attempts, 2 ** 31 - 1);

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
