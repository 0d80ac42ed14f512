import { createInstanceId, StoreUnavailable } from '@parley/cache-core/kernel';
import type { CallOptions, Database, Param, Statement, TextRow } from '../database.ts';
import { isGone, Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';

/** An embedded server does not know when it was started anew; it ends with this process at the latest. */
const thisRun = createInstanceId();

/** How many rows may have come and gone before an embedded database is cleaned up: nobody else does it. */
const vacuumRows = 5_000;

/** The tables of presence, with an epoch of the present process of the server. */
export class PresenceTables {
  readonly #tables: Tables;
  readonly #begin: Statement;
  #ready: Promise<void> | true | undefined;
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
    await this.#beginEpoch(options);
    const again = await this.run(statement, params, options);
    if (again.length > 0) return again;
    throw new StoreUnavailable('Postgres: the server was started anew while its epoch was asked for', {
      evidence: { store: 'postgres', operation: statement.operation },
    });
  }

  /** For any other statement. */
  async run(
    statement: Statement,
    params: readonly Param[],
    options: CallOptions,
  ): Promise<readonly TextRow[]> {
    // Embedded, what is left of another process is not of the epoch of this one.
    if (this.#ready !== true && this.db.kind === 'pglite') await this.#prepare();
    try {
      return await this.#tables.query(statement, params, options);
    } catch (error) {
      if (isGone(error instanceof Error ? error.cause : error)) this.#ready = undefined;
      throw error;
    }
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

  /** Not bound to any caller: the next ones need it as well. */
  async #prepare(): Promise<void> {
    this.#ready ??= this.#beginEpoch({}).then(
      () => {
        this.#ready = true;
      },
      (error: unknown) => {
        this.#ready = undefined;
        throw error;
      },
    );
    await this.#ready;
  }

  async #beginEpoch(options: CallOptions): Promise<void> {
    await this.#tables.query(this.#begin, [this.db.kind === 'pglite' ? thisRun : null], options);
  }
}
