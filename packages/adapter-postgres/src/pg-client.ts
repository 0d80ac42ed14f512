import type { ClientBase, ClientConfig, QueryArrayResult } from 'pg';
import { abortable } from '@parley/cache-core/kernel';
import type { PostgresSettings } from './config.ts';
import type { Result, Session } from './database.ts';
import { storeError } from './errors.ts';
import { operationOf } from './operation.ts';
import type { Address } from './servers.ts';

export function clientConfig(settings: PostgresSettings, { host, port }: Address): ClientConfig {
  const { statementMs, password, options } = settings;
  return {
    host,
    port,
    user: settings.user,
    ...(password !== undefined && { password }),
    database: settings.database,
    // Said in any case: the driver would look into the environment for what is undefined.
    ssl: settings.tls,
    enableChannelBinding: settings.channelBinding,
    application_name: settings.applicationName,
    // One that swallows everything must leave time for the others.
    connectionTimeoutMillis: Math.ceil(settings.connectMs / (1 + settings.standbys.length)),
    query_timeout: settings.queryMs,
    ...(statementMs > 0 && { statement_timeout: statementMs }),
    ...(options !== undefined && { options }),
    keepAlive: true,
    keepAliveInitialDelayMillis: settings.keepAliveMs,
  };
}

/** Runs statements on one connection; `settled` hears of each when it has come to its end, which may be after its caller left. */
export function clientQueries(
  client: ClientBase,
  { prepare }: Pick<PostgresSettings, 'prepare'>,
  settled: (error: unknown) => void = () => {},
): Pick<Session, 'query' | 'script'> {
  const tracked = async <T>(running: Promise<T>, operation: string): Promise<T> => {
    try {
      const result = await running;
      settled(undefined);
      return result;
    } catch (error) {
      settled(error);
      throw storeError(error, operation);
    }
  };
  return {
    query(statement, params = [], { signal, timeoutMs } = {}) {
      const running = client.query<(string | null)[]>({
        text: statement.text,
        ...(prepare && statement.name !== undefined && { name: statement.name }),
        values: [...params],
        ...textRows,
        ...limit(timeoutMs),
      });
      return abortable(tracked(running.then(toResult), operationOf(statement)), signal);
    },
    script(text, { signal, timeoutMs, operation = 'a script' } = {}) {
      const running = client.query({ text, ...limit(timeoutMs) }).then(() => {});
      return abortable(tracked(running, operation), signal);
    },
  };
}

function toResult({ rows, fields, command, rowCount }: QueryArrayResult<(string | null)[]>): Result {
  const columns = fields.map((field) => ({ name: field.name, type: field.dataTypeID }));
  return { rows, columns, command, count: rowCount ?? 0 };
}

/** Every column as the text that the server sent: each reader knows its types, and most never need parsing. */
const textRows = { rowMode: 'array', types: { getTypeParser: () => (text: string) => text } } as const;

/** Taken by the driver for a single statement, though its types do not say so. */
function limit(timeoutMs: number | undefined): object {
  return timeoutMs === undefined ? {} : { query_timeout: timeoutMs };
}
