import { StoreFault } from '@parley/cache-core/kernel';
import { bootOf } from '../boot.ts';
import type { CallOptions, Database, Param, Statement, TextRow } from '../database.ts';
import { codeOf } from '../errors.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';

/** After this time a process that has only listened looks whether the days are still there. */
const renewMs = 12 * 3_600_000;

/** For how many days after today there are partitions. */
export const daysAhead = 2;

/** The tables of the bus, with a history of this server process and partitions for these days. */
export class BusTables {
  readonly #tables: Tables;
  readonly #begin: Statement;
  #ready: Promise<void> | true | undefined;
  #begunAt = -Infinity;

  constructor(db: Database, options: TablesOptions) {
    this.#tables = new Tables(db, options);
    this.#begin = this.#tables.statement('bus_begin_history');
  }

  get db(): Database {
    return this.#tables.db;
  }

  get schema(): string {
    return this.#tables.schema;
  }

  /** The channel on which the server passes on our notices. */
  get noticeChannel(): string {
    return `${this.schema}.bus`;
  }

  statement(name: string): Statement {
    return this.#tables.statement(name);
  }

  async query(
    statement: Statement,
    params: readonly Param[],
    options: CallOptions = {},
  ): Promise<readonly TextRow[]> {
    if (this.#ready !== true) await this.prepare();
    try {
      return await this.#tables.query(statement, params, options);
    } catch (error) {
      if (isWithoutDay(error)) {
        // Nobody has used the bus for days. The statement has changed nothing.
        await this.begin();
        return this.#tables.query(statement, params, options);
      }
      if (isGone(error)) this.#ready = undefined;
      throw error;
    }
  }

  /** Not bound to any caller: the next ones need it as well. */
  async prepare(): Promise<void> {
    if (this.#ready === true) return;
    this.#ready ??= this.begin().then(
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

  /** The same while a transaction of the caller's is open, which may have the only connection there is. */
  async prepareWithin(): Promise<void> {
    if (this.#ready !== true && this.db.maxConnections === 1) {
      const message =
        'Postgres: with a single connection the tables cannot be made within a transaction: await prepare() before';
      throw new StoreFault(message, { evidence: { store: 'postgres', schema: this.schema } });
    }
    await this.prepare();
    // A statement that finds no partition can be run again, a transaction cannot.
    const age = this.db.clock.monotonic() - this.#begunAt;
    if (age > renewMs && this.db.maxConnections > 1) await this.begin();
  }

  /** Another server may have taken over since. */
  async begin(): Promise<void> {
    await this.#tables.query(this.#begin, [await bootOf(this.db), daysAhead]);
    this.#begunAt = this.db.clock.monotonic();
  }
}

/** A row that no partition takes; our tables have no other condition. */
function isWithoutDay(error: unknown): boolean {
  return codeOf(error) === '23514';
}

function isGone(error: unknown): boolean {
  const { cause } = error instanceof Error ? error : {};
  return ['42P01', '42883', '3F000'].includes(codeOf(cause) ?? '');
}
