import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier, escapeLiteral, type QueryResultRow } from 'pg';
import { until } from './until.ts';

const DEADLINE_MS = 10_000;
const GONE_MS = 5_000;

export type Query = <Row extends QueryResultRow>(
  sql: string,
  parameters?: readonly unknown[],
) => Promise<Row[]>;

/** Which sessions: by the name that the client gave itself, by a piece of its last statement, or those that listen. */
export type Backends =
  | { readonly applicationName: string }
  | { readonly query: string }
  /** Sessions whose last statement was LISTEN, or who call themselves a listener: Postgres does not show the channels of others. */
  | { readonly listeners: true };

export interface PostgresSchema {
  readonly schema: string;
  /** A connection string whose sessions find and create everything in the schema. */
  readonly url: string;
}

/** What a test does to a running server, beside its process. */
export interface PostgresAdmin {
  /** As the superuser, over a connection of its own, also while the server is read-only. Settles in any case. */
  query: Query;
  /**
   * Changes settings of the whole server (null: back to what it was started with). Sessions take them over before their next statement,
   * new ones have them when this resolves; some settings need a `restart({ data: 'keep' })`.
   */
  configure(settings: Readonly<Record<string, string | null>>): Promise<void>;
  /** Cuts sessions from the side of the server; answers how many, when they are gone. */
  terminateBackends(backends: Backends): Promise<number>;
  /** Every transaction that does not ask for more is refused writes (25006), as on a server that was demoted under its clients. */
  setReadOnly(readOnly: boolean): Promise<void>;
  /** A new, empty schema. @default a random name */
  createSchema(name?: string): Promise<PostgresSchema>;
  dropSchema(name: string): Promise<void>;
  /** A new, empty database, and its connection string. */
  createDatabase(name: string): Promise<string>;
  /** Its sessions are cut. */
  dropDatabase(name: string): Promise<void>;
}

/** Gives `use` a connection of its own for as long as it runs; everything settles, also when the server hangs. */
export async function withPostgres<T>(
  url: string,
  use: (query: Query) => Promise<T>,
  deadline = DEADLINE_MS,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: 'parley-services',
    connectionTimeoutMillis: deadline,
    query_timeout: deadline,
  });
  // Told by the rejected query as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(async <Row extends QueryResultRow>(sql: string, parameters: readonly unknown[] = []) => {
      const { rows } = await client.query<Row>(sql, [...parameters]);
      return rows;
    });
  } finally {
    await client.end();
  }
}

export function postgresAdmin(url: string): PostgresAdmin {
  const writing = <T>(use: (query: Query) => Promise<T>): Promise<T> =>
    withPostgres(url, async (query) => {
      await query('SET default_transaction_read_only = off');
      return use(query);
    });

  const loadedAt = (): Promise<number> =>
    withPostgres(url, async (query) => {
      const [row] = await query<{ at: Date }>('SELECT pg_conf_load_time() AS at');
      return row?.at.getTime() ?? 0;
    });

  async function configure(settings: Readonly<Record<string, string | null>>): Promise<void> {
    const before = await loadedAt();
    await writing(async (query) => {
      for (const [name, value] of Object.entries(settings)) {
        const parameter = name.split('.').map(escapeIdentifier).join('.');
        // A statement of its own each: ALTER SYSTEM refuses to share a transaction.
        await query(
          value === null
            ? `ALTER SYSTEM RESET ${parameter}`
            : `ALTER SYSTEM SET ${parameter} = ${escapeLiteral(value)}`,
        );
      }
      await query('SELECT pg_reload_conf()');
    });
    await until(async () => (await loadedAt()) !== before, { what: 'Postgres has read its settings again' });
  }

  async function terminateBackends(backends: Backends): Promise<number> {
    const [condition, parameters] = selection(backends);
    const rows = await writing((query) =>
      query<{ gone: boolean }>(
        `SELECT pg_terminate_backend(pid, ${GONE_MS}) AS gone FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND ${condition}`,
        parameters,
      ),
    );
    return rows.filter(({ gone }) => gone).length;
  }

  async function createSchema(name = `s${randomUUID().replaceAll('-', '')}`): Promise<PostgresSchema> {
    await writing((query) => query(`CREATE SCHEMA ${escapeIdentifier(name)}`));
    return { schema: name, url: withSearchPath(url, name) };
  }

  return {
    query: (sql, parameters) => writing((query) => query(sql, parameters)),
    configure,
    terminateBackends,
    setReadOnly: (readOnly) => configure({ default_transaction_read_only: readOnly ? 'on' : null }),
    createSchema,
    async dropSchema(name) {
      await writing((query) => query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(name)} CASCADE`));
    },
    async createDatabase(name) {
      await writing((query) => query(`CREATE DATABASE ${escapeIdentifier(name)}`));
      const own = new URL(url);
      own.pathname = `/${encodeURIComponent(name)}`;
      return own.href;
    },
    async dropDatabase(name) {
      await writing((query) => query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`));
    },
  };
}

function withSearchPath(url: string, schema: string): string {
  const own = new URL(url);
  // Words of the options end at a space, unless it is escaped.
  const path = escapeIdentifier(schema).replaceAll(/[\\\s]/g, (mark) => `\\${mark}`);
  const options = [own.searchParams.get('options') ?? '', `-csearch_path=${path}`].join(' ').trim();
  own.searchParams.set('options', options);
  // Not every driver takes a plus for a space.
  own.search = own.search.replaceAll('+', '%20');
  return own.href;
}

function selection(backends: Backends): [condition: string, parameters: readonly string[]] {
  if ('applicationName' in backends) return ['application_name = $1', [backends.applicationName]];
  if ('query' in backends) return ['strpos(query, $1) > 0', [backends.query]];
  // One that has said LISTEN may have asked other things since; those of Parley are known by their name.
  return ["(query ~* '^\\s*listen\\s' or application_name like '% listener')", []];
}
