import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type {
  AbortableOperationOptions,
  CompiledQuery,
  DatabaseConnection,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { types } from 'pg';
import type { CallOptions, Result, Session } from './database.ts';
import { toParam } from './kysely-params.ts';

/** What Kysely needs of a `Database`: sessions, which take care of themselves when they hang or break. */
export interface Sessions {
  acquire(options?: CallOptions): Promise<Session>;
}

/**
 * Typed access to the tables of a schema, on a server and embedded alike; values have the types that the driver `pg` gives them. It
 * closes nothing: `destroy` ends the use of Kysely, `Database.close` the connections.
 */
export function createKysely<Tables>(sessions: Sessions, schema?: string): Kysely<Tables> {
  const kysely = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new SessionDriver(sessions),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  return schema === undefined ? kysely : kysely.withSchema(schema);
}

/** Kysely on a session that somebody else gives back: for queries within a transaction. */
export function kyselyOn<Tables>(session: Session, schema?: string): Kysely<Tables> {
  return createKysely<Tables>({ acquire: async () => ({ ...session, release() {} }) }, schema);
}

class SessionDriver implements Driver {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async init(): Promise<void> {}

  async acquireConnection(options: AbortableOperationOptions = {}): Promise<SessionConnection> {
    return new SessionConnection(await this.#sessions.acquire(options));
  }

  async releaseConnection(connection: SessionConnection): Promise<void> {
    connection.session.release();
  }

  async beginTransaction(connection: SessionConnection, settings: TransactionSettings): Promise<void> {
    const { isolationLevel, accessMode } = settings;
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`;
    const access = accessMode === undefined ? '' : ` ${accessMode}`;
    await connection.run(`begin${level}${access}`);
  }

  async commitTransaction(connection: SessionConnection): Promise<void> {
    await connection.run('commit');
  }

  async rollbackTransaction(connection: SessionConnection): Promise<void> {
    await connection.run('rollback');
  }

  async destroy(): Promise<void> {}
}

class SessionConnection implements DatabaseConnection {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  async run(text: string): Promise<void> {
    await this.session.query({ text, operation: text });
  }

  async executeQuery<R>(
    query: CompiledQuery,
    options: AbortableOperationOptions = {},
  ): Promise<QueryResult<R>> {
    const statement = { text: query.sql, operation: 'a query' };
    const result = await this.session.query(statement, query.parameters.map(toParam), options);
    const changed = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(result.command);
    return {
      rows: toObjects<R>(result),
      ...(changed && { numAffectedRows: BigInt(result.count) }),
    };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not supported: ask for the rows in pages');
  }
}

/** The types are Kysely's to vouch for: it derives them from the query, as for every driver. */
function toObjects<R>({ rows, columns }: Result): R[] {
  const parsers = columns.map(({ type }) => types.getTypeParser(type, 'text'));
  return rows.map(
    (row) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      Object.fromEntries(
        columns.map(({ name }, i) => {
          const value = row[i] ?? null;
          return [name, value === null ? null : parsers[i]?.(value)];
        }),
      ) as R,
  );
}
