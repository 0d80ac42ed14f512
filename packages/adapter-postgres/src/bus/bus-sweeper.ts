import { isParleyError } from '@parley/cache-core/kernel';
import type { Timer } from '@parley/cache-core/kernel';
import { integerArray } from '../arrays.ts';
import { backgroundFailures } from '../background.ts';
import type { Param, Statement, TextRow } from '../database.ts';
import { codeOf } from '../errors.ts';
import { count, flag } from '../rows.ts';
import { daysAhead } from './bus-tables.ts';
import type { BusTables } from './bus-tables.ts';

/** Logs that are looked at together, records of one that are removed together, and rows of other kinds. */
const logsOfOneLook = 200;
const recordsOfOneLook = 5_000;
const maxRows = 5_000;
/** How long a signal that is too large for a notice waits for those who fetch it. */
const parcelMs = 60_000;
/** Days come and go slowly. */
const daysEveryMs = 3_600_000;
/** After how many removed rows an embedded database is cleaned up: nobody else does it. */
const vacuumRows = 2_000;

type What = 'claim' | 'logs' | 'forget' | 'records' | 'rest' | 'days';

export interface BusSweeperOptions {
  readonly everyMs: number;
  readonly random: () => number;
}

/**
 * Trims logs, removes what has expired, and makes and drops the partitions of days. Of all processes one does it, in small statements; who
 * was the one before does not matter.
 */
export class BusSweeper {
  readonly #tables: BusTables;
  readonly #options: BusSweeperOptions;
  readonly #statements: Readonly<Record<What, Statement>>;
  #removed = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(tables: BusTables, options: BusSweeperOptions) {
    this.#tables = tables;
    this.#options = options;
    const statement = (what: What): Statement => tables.statement(`bus_sweep_${what}`);
    this.#statements = {
      claim: statement('claim'),
      logs: statement('logs'),
      forget: statement('forget'),
      records: statement('records'),
      rest: statement('rest'),
      days: statement('days'),
    };
  }

  /** To be told of everything that is written. */
  wrote(rows: number): void {
    if (this.#tables.db.kind === 'pglite') this.#removed += rows;
    if (!this.#closed) this.#timer ??= this.#schedule();
  }

  /** Does what is due now, whoever did it last. */
  async sweep(): Promise<void> {
    await this.#trimAll();
    await this.#removeRest();
    await this.#changeDays();
    await this.#vacuum();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #schedule(): Timer {
    const { everyMs, random } = this.#options;
    // Spread out, so that processes that were started together do not come together.
    const wait = everyMs * (0.75 + random() / 2);
    return this.#tables.db.clock.timer(wait, () => this.#wake(), { unref: true });
  }

  #wake(): void {
    this.#running = this.#round()
      .catch((error: unknown) => {
        // Whoever closed the database wants no more of it.
        if (isParleyError(error, 'CLOSED')) this.#closed = true;
        else backgroundFailures.emit({ work: 'sweep', error });
      })
      .finally(() => {
        this.#running = undefined;
        this.#timer = this.#closed ? undefined : this.#schedule();
      });
  }

  async #round(): Promise<void> {
    const { everyMs } = this.#options;
    if (await this.#claims('logs', everyMs / 2)) {
      await this.#trimAll();
      await this.#removeRest();
    }
    if (await this.#claims('days', daysEveryMs)) await this.#changeDays();
    await this.#vacuum();
  }

  async #claims(what: string, afterMs: number): Promise<boolean> {
    return (await this.#run('claim', [what, afterMs])).length > 0;
  }

  async #trimAll(): Promise<void> {
    let after = -1;
    while (!this.#closed) {
      const rows = await this.#run('logs', [after, logsOfOneLook, recordsOfOneLook]);
      const [last] = rows.slice(-1);
      if (last === undefined) return;
      const before = after;
      // Once more where more is to be removed than one statement does.
      if (await this.#trim(rows)) after = before;
      else after = count(last, 0);
    }
  }

  /** Whether it removed as many records of a log as one statement does. */
  async #trim(rows: readonly TextRow[]): Promise<boolean> {
    const forgotten = rows.filter((row) => row[1] !== null);
    const over = rows.filter((row) => flag(row, 3));
    const id = (row: TextRow): number => count(row, 0);
    if (forgotten.length + over.length > 0) {
      const floors = integerArray(forgotten.map((row) => count(row, 1)));
      await this.#run('forget', [integerArray(forgotten.map(id)), floors, integerArray(over.map(id))]);
    }
    const full = rows.filter((row) => row[2] !== null);
    if (full.length === 0) return false;
    const places = integerArray(full.map((row) => count(row, 2)));
    const removed = await this.#run('records', [integerArray(full.map(id)), places]);
    const rowsGone = removed.reduce((sum, row) => sum + count(row, 0), 0);
    this.#removed += rowsGone;
    return rowsGone >= recordsOfOneLook;
  }

  async #removeRest(): Promise<void> {
    for (let gone = maxRows; gone >= maxRows && !this.#closed;) {
      const [row = []] = await this.#run('rest', [maxRows, parcelMs]);
      gone = count(row, 0);
      this.#removed += gone;
    }
  }

  async #changeDays(): Promise<void> {
    try {
      await this.#run('days', [daysAhead]);
    } catch (error) {
      // Somebody is reading or appending for long: another time.
      if (codeOf(error) !== '55P03') throw error;
    }
  }

  /** A server does this by itself. */
  async #vacuum(): Promise<void> {
    const { db, schema } = this.#tables;
    if (db.kind !== 'pglite' || this.#removed < vacuumRows) return;
    this.#removed = 0;
    const session = await db.acquire();
    try {
      for (const table of ['bus_channels', 'bus_records', 'bus_jobs', 'bus_takes', 'bus_once', 'bus_parcels'])
        await session.script(`vacuum ${schema}.${table}`, { operation: 'vacuum' });
    } finally {
      session.release();
    }
  }

  #run(what: What, params: readonly Param[]): Promise<readonly TextRow[]> {
    return this.#tables.query(this.#statements[what], params);
  }
}
