import { isParleyError, StoreUnavailable } from '@parley/cache-core/kernel';
import { backgroundFailures } from '../background.ts';
import type { CallOptions, Database, Param, Statement, TextRow } from '../database.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';

/** How many rows may have come and gone before an embedded database is cleaned up: nobody else does it. */
const vacuumRows = 5_000;

/** The tables of presence, with an epoch of the present process of the server. */
export class PresenceTables extends Tables {
  readonly #begin: Statement;
  #written = 0;

  constructor(db: Database, options: TablesOptions) {
    super(db, options);
    this.#begin = this.statement('presence_begin');
  }

  /** For a statement that answers nothing, and changes nothing, where the server has no epoch yet: it was started anew. */
  async inEpoch(
    statement: Statement,
    params: readonly Param[],
    options: CallOptions,
  ): Promise<readonly TextRow[]> {
    const rows = await this.query(statement, params, options);
    if (rows.length > 0) return rows;
    await this.query(this.#begin, [], options);
    const again = await this.query(statement, params, options);
    if (again.length > 0) return again;
    throw new StoreUnavailable('Postgres: the server was started anew while its epoch was asked for', {
      evidence: { store: 'postgres', operation: statement.operation },
    });
  }

  /** To be told how many rows may have come or gone. What was done is done, so nobody waits for what follows from it. */
  wrote(rows: number): void {
    if (this.db.kind !== 'pglite') return;
    this.#written += rows;
    if (this.#written < vacuumRows) return;
    this.#written = 0;
    this.#vacuum().catch((error: unknown) => {
      // Whoever closed the database wants no more of it.
      if (!isParleyError(error, 'CLOSED')) backgroundFailures.emit({ work: 'vacuum', error });
    });
  }

  async #vacuum(): Promise<void> {
    const session = await this.db.acquire();
    try {
      for (const table of ['leases', 'channels', 'entries', 'diffs'])
        await session.script(`vacuum ${this.schema}.presence_${table}`, { operation: 'vacuum' });
    } finally {
      session.release();
    }
  }
}
