import { StoreUnavailable } from '@parley/cache-core/kernel';
import type { CallOptions, Database, Param, Statement, TextRow } from '../database.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';

/** How many rows may have come and gone before an embedded database is cleaned up: nobody else does it. */
const vacuumRows = 5_000;

/** The tables of presence, with an epoch of the present process of the server. */
export class PresenceTables {
  readonly #tables: Tables;
  readonly #begin: Statement;
  #gone = 0;

  constructor(db: Database, options: TablesOptions) {
    this.#tables = new Tables(db, options);
    this.#begin = this.#tables.statement('presence_begin');
  }

  get db(): Database {
    return this.#tables.db;
  }

  get schema(): string {
    return this.#tables.schema;
  }

  statement(name: string): Statement {
    return this.#tables.statement(name);
  }

  /** For a statement that answers nothing, and changes nothing, where the server has no epoch yet: it was started anew. */
  async query(
    statement: Statement,
    params: readonly Param[],
    options: CallOptions = {},
  ): Promise<readonly TextRow[]> {
    const rows = await this.run(statement, params, options);
    if (rows.length > 0) return rows;
    await this.run(this.#begin, [], options);
    const again = await this.run(statement, params, options);
    if (again.length > 0) return again;
    throw new StoreUnavailable('Postgres: the server was started anew while its epoch was asked for', {
      evidence: { store: 'postgres', operation: statement.operation },
    });
  }

  /** For any other statement. */
  run(statement: Statement, params: readonly Param[], options: CallOptions): Promise<readonly TextRow[]> {
    return this.#tables.query(statement, params, options);
  }

  /** To be told how many rows have come or gone. */
  async wrote(rows: number): Promise<void> {
    if (this.db.kind !== 'pglite') return;
    this.#gone += rows;
    if (this.#gone < vacuumRows) return;
    this.#gone = 0;
    const session = await this.db.acquire();
    try {
      for (const table of ['leases', 'channels', 'entries', 'diffs'])
        await session.script(`vacuum ${this.schema}.presence_${table}`, { operation: 'vacuum' });
    } finally {
      session.release();
    }
  }
}
