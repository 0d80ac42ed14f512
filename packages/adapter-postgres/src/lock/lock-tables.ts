import { isParleyError, StoreFault } from '@parley/cache-core/kernel';
import { backgroundFailures } from '../background.ts';
import type { CallOptions, Database, Param, Statement, TextRow } from '../database.ts';
import { count } from '../rows.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';

const sweepEveryMs = 300_000;
const maxRows = 10_000;
/** How many rows may have been changed before an embedded database is cleaned up: nobody else does it. */
const vacuumRows = 5_000;

/** The tables of locks, and their upkeep: now and then, by those who use them. */
export class LockTables extends Tables {
  readonly #sweep: Statement;
  #prepared = false;
  #sweptAt: number;
  #written = 0;

  constructor(db: Database, options: TablesOptions) {
    super(db, options);
    this.#sweep = this.statement('lock_sweep');
    // Somebody else takes care of them.
    if (options.migrate === false) this.#prepared = true;
    // Not at once: processes that only come and go have nothing to sweep.
    this.#sweptAt = db.clock.monotonic();
  }

  override async query(
    statement: Statement,
    params: readonly Param[],
    options: CallOptions = {},
  ): Promise<readonly TextRow[]> {
    const rows = await super.query(statement, params, options);
    this.#prepared = true;
    return rows;
  }

  /** For a transaction of the caller's, which may have the only connection there is. */
  async prepareWithin(): Promise<void> {
    if (!this.#prepared && this.db.maxConnections === 1) {
      const message =
        'Postgres: with a single connection the tables cannot be made within a transaction: await prepare() before';
      throw new StoreFault(message, { evidence: { store: 'postgres', schema: this.schema } });
    }
    await this.prepare();
  }

  override async prepare(): Promise<void> {
    await super.prepare();
    this.#prepared = true;
  }

  /** To be told of every change. Nobody waits for what follows from it. */
  wrote(): void {
    this.#written += 1;
    const now = this.db.clock.monotonic();
    const cleans = this.db.kind === 'pglite' && this.#written >= vacuumRows;
    if (!cleans && now - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = now;
    this.#written = 0;
    this.#tidy(cleans).catch((error: unknown) => {
      // Whoever closed the database wants no more of it.
      if (!isParleyError(error, 'CLOSED')) backgroundFailures.emit({ work: 'sweep', error });
    });
  }

  /** Forgets what nobody has used for long; answers how much. */
  async sweep(): Promise<number> {
    const [row = []] = await this.query(this.#sweep, [maxRows]);
    return count(row, 0);
  }

  async #tidy(cleans: boolean): Promise<void> {
    // One that came to its limit has left something: keys that nobody uses twice come faster than it is swept.
    while ((await this.sweep()) >= maxRows);
    if (!cleans) return;
    const session = await this.db.acquire();
    try {
      for (const table of ['locks', 'lock_waiters'])
        await session.script(`vacuum ${this.schema}.${table}`, { operation: 'vacuum' });
    } finally {
      session.release();
    }
  }
}
