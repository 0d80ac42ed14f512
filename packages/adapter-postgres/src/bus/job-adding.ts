import type { AddedJob, NewJob } from '@parley/bus';
import { StoreFault } from '@parley/cache-core/kernel';
import { realArray, textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { CallOptions, Param, Statement, TextRow } from '../database.ts';
import { count, flag, text } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';
import { onceKey } from './once-key.ts';
import { byName, slices } from './parts.ts';

type Run = (statement: Statement, params: readonly Param[]) => Promise<readonly TextRow[]>;

/** Adds jobs: those of one queue all or none. */
export class JobAdding {
  readonly #tables: BusTables;
  readonly #add: Statement;
  readonly #addAgain: Statement;
  readonly #addOnce: Statement;

  constructor(tables: BusTables) {
    this.#tables = tables;
    this.#add = tables.statement('bus_add');
    this.#addAgain = tables.statement('bus_add_again');
    this.#addOnce = tables.statement('bus_add_once');
  }

  async add(jobs: readonly NewJob[], options: CallOptions): Promise<AddedJob[]> {
    const added = new Map<NewJob, AddedJob>();
    for (const part of byName(jobs, ({ queue }) => queue)) {
      const cut = slices(part);
      if (cut.length > 1) await this.#inTransaction(added, cut, options);
      else await this.#addInto(added, part, (what, params) => this.#tables.query(what, params, options));
    }
    return jobs.map((job) => {
      const answer = added.get(job);
      if (answer === undefined) throw new StoreFault('Postgres: a job was left without an answer');
      return answer;
    });
  }

  /** What is too large for one statement and must not be torn apart. */
  async #inTransaction(
    added: Map<NewJob, AddedJob>,
    parts: readonly (readonly NewJob[])[],
    options: CallOptions,
  ): Promise<void> {
    await this.#tables.prepare();
    await this.#tables.db.transaction(async (session) => {
      for (const part of parts)
        await this.#addInto(added, part, async (what, params) => (await session.query(what, params)).rows);
    }, options);
  }

  async #addInto(added: Map<NewJob, AddedJob>, jobs: readonly NewJob[], run: Run): Promise<void> {
    if (jobs.length === 0) return;
    const params = [
      textArray(jobs.map(({ queue }) => queue)),
      textArray(jobs.map(({ id }) => id)),
      textArray(jobs.map(({ body }) => body)),
      realArray(jobs.map(({ delayMs }) => boundedMs(Math.max(0, delayMs)))),
    ];
    if (jobs.every(({ once, again }) => once === undefined && again !== true)) {
      await run(this.#add, params);
      for (const job of jobs) added.set(job, { id: job.id, repeated: false });
      return;
    }
    if (jobs.every(({ once }) => once === undefined)) {
      const rows = await run(this.#addAgain, params);
      const fresh = new Set(rows.map((row) => nameOf(text(row, 0), text(row, 1))));
      // Of two with one id the second one is a repetition.
      for (const job of jobs)
        added.set(job, { id: job.id, repeated: !fresh.delete(nameOf(job.queue, job.id)) });
      return;
    }
    const keys = textArray(jobs.map(({ once }) => once && onceKey(once.key)));
    const times = realArray(jobs.map(({ once }) => once && boundedMs(once.forMs)));
    for (const row of await run(this.#addOnce, [...params, keys, times])) {
      const job = jobs[count(row, 0) - 1];
      if (job !== undefined) added.set(job, { id: text(row, 1), repeated: flag(row, 2) });
    }
  }
}

/** Neither part has control characters. */
const nameOf = (queue: string, id: string): string => `${queue}\n${id}`;
