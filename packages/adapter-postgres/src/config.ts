import { userInfo } from 'node:os';
import { InvalidArgument, parseDuration, requireInteger } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import { readUrl } from './config-url.ts';
import { resolveTls } from './config-tls.ts';
import type { PostgresTls, TlsSettings } from './config-tls.ts';
import { requireSchema } from './schema-name.ts';
import type { Address } from './servers.ts';

/** Where a server is. */
export interface PostgresAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  /** @default 5432 */
  readonly port?: number | undefined;
}

/** Where the server is and how to treat it. A field stands above the same part of the URL. */
export interface PostgresConfig {
  /**
   * `postgres://user:password@host:port/database`, or `host:port,host:port` for a primary and its standbys, with any of these parameters: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`,
   * `application_name`, `connect_timeout`, `channel_binding`, `target_session_attrs`, `options`, `host`.
   */
  readonly url?: string | undefined;

  /**
   * A name, an address, or the folder of a Unix socket.
   *
   * @default 'localhost'
   */
  readonly host?: string | undefined;

  /** @default 5432 */
  readonly port?: number | undefined;

  /**
   * Servers that may take the place of that one. When it does not answer, is a standby or takes no writes, they are asked in turn; who is
   * found stays until it fails. `connectTimeout` is divided among all.
   *
   * @default none
   */
  readonly standbys?: readonly PostgresAddress[] | undefined;

  /** @default the name of the user who runs this process */
  readonly user?: string | undefined;

  /**
   * The password, or a function that is asked for it before every connection, for those that expire.
   *
   * @default what PGPASSWORD or the password file of Postgres says
   */
  readonly password?: string | (() => string | Promise<string>) | undefined;

  /** @default the user */
  readonly database?: string | undefined;

  /**
   * `true` verifies the server's certificate by the authorities that Node trusts.
   *
   * @default false
   */
  readonly tls?: boolean | PostgresTls | undefined;

  /**
   * Whether to bind the password exchange to the TLS connection, where the server offers it.
   *
   * @default false
   */
  readonly channelBinding?: boolean | undefined;

  /**
   * The schema that holds our tables, and nothing else.
   *
   * @default 'parley'
   */
  readonly schema?: string | undefined;

  /**
   * How the connections are called in `pg_stat_activity`.
   *
   * @default 'parley'
   */
  readonly applicationName?: string | undefined;

  /**
   * How many connections are open at once. One more is opened to listen.
   *
   * @default 4
   */
  readonly maxConnections?: number | undefined;

  /**
   * How long to wait for a connection, be it a new one or a free one.
   *
   * @default '3s'
   */
  readonly connectTimeout?: Duration | undefined;

  /**
   * How long a statement may stay without an answer; then its connection is given up.
   *
   * @default '5s'
   */
  readonly queryTimeout?: Duration | undefined;

  /**
   * When the server itself ends a statement; 0 leaves that to its own settings, which poolers such as PgBouncer ask for.
   *
   * @default nine tenths of `queryTimeout`
   */
  readonly statementTimeout?: Duration | undefined;

  /**
   * When a connection that nobody needs is closed.
   *
   * @default '30s'
   */
  readonly idleTimeout?: Duration | undefined;

  /**
   * When a connection is replaced by a new one, so that a name that moved is noticed; 0 means never.
   *
   * @default '30m'
   */
  readonly maxLifetime?: Duration | undefined;

  /**
   * How long a connection is silent before TCP asks whether the other side is there.
   *
   * @default '10s'
   */
  readonly keepAlive?: Duration | undefined;

  /**
   * Whether statements are prepared once for each connection. Turn it off behind a pooler that hands out a server connection for each
   * transaction and does not keep prepared statements.
   *
   * @default true
   */
  readonly prepare?: boolean | undefined;

  /** Command-line options for the server, such as `-c search_path=app`. */
  readonly options?: string | undefined;
}

/** A configuration with nothing left to decide. Holds the password: never to be printed. */
export interface PostgresSettings {
  readonly host: string;
  readonly port: number;
  readonly standbys: readonly Address[];
  readonly user: string;
  readonly password: PostgresConfig['password'];
  readonly database: string;
  readonly tls: TlsSettings;
  readonly channelBinding: boolean;
  readonly schema: string;
  readonly applicationName: string;
  readonly maxConnections: number;
  readonly connectMs: number;
  readonly queryMs: number;
  readonly statementMs: number;
  readonly idleMs: number;
  readonly lifetimeMs: number;
  readonly keepAliveMs: number;
  readonly prepare: boolean;
  readonly options: string | undefined;
}

const fields: readonly string[] = [
  ...([
    'url',
    'host',
    'port',
    'standbys',
    'user',
    'password',
    'database',
    'tls',
    'channelBinding',
    'schema',
  ] as const),
  ...(['applicationName', 'maxConnections', 'connectTimeout', 'queryTimeout', 'statementTimeout'] as const),
  ...(['idleTimeout', 'maxLifetime', 'keepAlive', 'prepare', 'options'] as const),
] satisfies (keyof PostgresConfig)[];

const minute = 60_000;
const day = 1_440 * minute;

/** Everything that can be known to be wrong before a connection is made is an {@link InvalidArgument} that names the field. */
export function resolveConfig(config: PostgresConfig): PostgresSettings {
  for (const name of Object.keys(config)) {
    if (!fields.includes(name)) throw new InvalidArgument('config', `made of ${fields.join(', ')}`, name);
  }
  const url = config.url === undefined ? {} : readUrl(config.url);
  const user = requireText('user', config.user ?? url.user ?? userInfo().username);
  const queryMs = parseDuration(config.queryTimeout ?? '5s', { field: 'queryTimeout', min: 10, max: day });
  return {
    host: requireText('host', config.host ?? url.host ?? 'localhost'),
    port: requirePort('port', config.port ?? url.port),
    standbys: requireStandbys(config.standbys ?? (config.host === undefined ? url.standbys : [])),
    user,
    password: requirePassword(config.password ?? url.password),
    database: requireText('database', config.database ?? url.database ?? user),
    tls: resolveTls(config.tls ?? url.tls ?? false),
    channelBinding: requireBoolean('channelBinding', config.channelBinding ?? url.channelBinding ?? false),
    schema: requireSchema('schema', config.schema ?? 'parley'),
    applicationName: requireText(
      'applicationName',
      config.applicationName ?? url.applicationName ?? 'parley',
      48,
    ),
    maxConnections: requireInteger('maxConnections', config.maxConnections ?? 4, 1, 1_000),
    connectMs: parseDuration(config.connectTimeout ?? url.connectTimeout ?? '3s', {
      field: 'connectTimeout',
      min: 10,
      max: 10 * minute,
    }),
    queryMs,
    statementMs: parseDuration(config.statementTimeout ?? (queryMs * 0.9) / 1000, {
      field: 'statementTimeout',
      max: day,
    }),
    idleMs: parseDuration(config.idleTimeout ?? '30s', { field: 'idleTimeout', min: 1, max: day }),
    lifetimeMs: parseDuration(config.maxLifetime ?? '30m', { field: 'maxLifetime', max: 20 * day }),
    keepAliveMs: parseDuration(config.keepAlive ?? '10s', { field: 'keepAlive', min: 1, max: day }),
    prepare: requireBoolean('prepare', config.prepare ?? true),
    options: config.options ?? url.options,
  };
}

/**
 * The config of a connection string, by the rules of libpq. What is wrong with it is an {@link InvalidArgument} at once; nothing is opened.
 * Everything else is set on the result: `{ ...postgresConfigFromUrl(url), schema: 'shop' }`.
 */
export function postgresConfigFromUrl(url: string): PostgresConfig {
  const config = readUrl(url);
  resolveConfig(config);
  return config;
}

function requirePort(field: string, port: number | undefined): number {
  return requireInteger(field, port ?? 5432, 1, 65_535);
}

function requireStandbys(standbys: PostgresConfig['standbys'] = []): Address[] {
  if (!Array.isArray(standbys) || standbys.length > 15) {
    throw new InvalidArgument('standbys', 'a list of at most 15 addresses', typeof standbys);
  }
  return standbys.map(({ host, port }: PostgresAddress) => ({
    host: requireText('standbys.host', host),
    port: requirePort('standbys.port', port),
  }));
}

function requireText(field: string, value: unknown, longest = 1_024): string {
  if (typeof value !== 'string' || value === '' || value.length > longest || value.includes('\0')) {
    throw new InvalidArgument(field, `a text of 1 to ${longest} characters`, value);
  }
  return value;
}

function requireBoolean(field: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new InvalidArgument(field, 'true or false', value);
  return value;
}

function requirePassword(password: PostgresConfig['password']): PostgresConfig['password'] {
  if (password === undefined || typeof password === 'string' || typeof password === 'function')
    return password;
  // Whatever it is, it was meant to be secret.
  throw new InvalidArgument('password', 'a text or a function that returns one', '***');
}
