import { abortable, StoreUnavailable } from '@parley/cache-core/kernel';
import type { CallOptions, Database, Param, Statement, TextRow } from './database.ts';
import { codeOf } from './errors.ts';
import { migrate } from './migrate.ts';
import { requireSchema } from './schema-name.ts';
import { ownStatement } from './sql.ts';

export interface TablesOptions {
  /**
   * The schema of our tables.
   *
   * @default that of the database
   */
  readonly schema?: string | undefined;

  /**
   * Whether the tables are made, or brought up to date, before the first use. Without, somebody else has to call `migrate`.
   *
   * @default true
   */
  readonly migrate?: boolean | undefined;
}

/** Our tables in a database, made when they are first needed, and again when somebody dropped them. */
export class Tables {
  readonly db: Database;
  readonly schema: string;
  readonly #migrates: boolean;
  #ready: Promise<void> | true | undefined;

  constructor(db: Database, options: TablesOptions) {
    this.db = db;
    this.schema = requireSchema('schema', options.schema ?? db.schema);
    this.#migrates = options.migrate ?? true;
    if (!this.#migrates) this.#ready = true;
  }

  /** A statement of ours; `tables` puts others in the place of those it names. */
  statement(name: string, tables?: Readonly<Record<string, string>>): Statement {
    return ownStatement(name, { schema: this.schema, ...(tables !== undefined && { tables }) });
  }

  async query(
    statement: Statement,
    params: readonly Param[],
    options: CallOptions = {},
  ): Promise<readonly TextRow[]> {
    if (this.#ready !== true) await abortable(this.prepare(), options.signal);
    try {
      return (await this.db.query(statement, params, options)).rows;
    } catch (error) {
      throw this.#migrates && isGone(error) ? this.#again(error) : error;
    }
  }

  /** Not bound to any caller: the next ones need it as well. */
  async prepare(): Promise<void> {
    if (this.#ready === true) return;
    this.#ready ??= this.#make();
    await this.#ready;
  }

  async #make(): Promise<void> {
    try {
      await migrate(this.db, { schema: this.schema });
      this.#ready = true;
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }

  #again(cause: unknown): StoreUnavailable {
    this.#ready = undefined;
    const message = `Postgres: the tables of schema ${this.schema} are gone; the next call makes them anew`;
    return new StoreUnavailable(message, { cause, evidence: { store: 'postgres', schema: this.schema } });
  }
}

/** No such table, function or schema: dropped, or another database was restored. */
export function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === '42P01' || code === '42883' || code === '3F000';
}
