import type { ApplicationTables, Database } from '@parley/adapter-postgres';
import { busFeed, busInvalidation, createBus, type Bus, type BusOptions } from '@parley/bus';
import { createCache, type Cache, type CacheOptions, type Selection } from '@parley/cache-core';
import {
  parseDuration,
  safeLogger,
  systemClock,
  throwIfAborted,
  type Duration,
  type Health,
  type Logger,
} from '@parley/cache-core/kernel';
import { createPresence, type CreatePresenceOptions, type Presence } from '@parley/presence';
import { openBackend, type Backend } from './backend.ts';
import { Closers } from './closers.ts';
import type { ParleyConfig } from './config.ts';
import type { DatabaseOptions } from './database.ts';
import { firstAnswers } from './first-answers.ts';
import { openGates, type Gates } from './gates.ts';
import { healthOf } from './health.ts';
import { isolationOf } from './isolation.ts';
import { lineLogger } from './line-logger.ts';
import { readConfig, type Environment, type ReadConfigOptions } from './read-config.ts';
import { selectAdapters, selectDatabase, type Selections } from './select.ts';

export interface OpenParleyOptions extends ReadConfigOptions {
  /** A pino logger fits as it is. @default lines of JSON on stderr, from warnings on */
  readonly logger?: Logger | undefined;
  /** What is said of the cache beyond the environment, and over it. */
  readonly cache?: Omit<CacheOptions, 'store' | 'invalidation' | 'logger' | 'clock'> | undefined;
  /** What is said of the bus beyond the environment. */
  readonly bus?: Omit<BusOptions, 'broker' | 'clock'> | undefined;
  /** What is said of presence. */
  readonly presence?: Omit<CreatePresenceOptions, 'store' | 'feed' | 'clock'> | undefined;
  /**
   * Whether the application keeps tables of its own: then there is a `database`, wherever the cache is kept. Where that is a database too,
   * both are one.
   *
   * @default none
   */
  readonly database?: true | DatabaseOptions | undefined;
  /**
   * Whether this is the chat hub, whose bus and presence are on the Redis of `CHAT_REDIS_*`, where that is set.
   *
   * @default false
   */
  readonly chat?: boolean | undefined;
  /**
   * A part of its own in the Redis or the database, by name: those of one name share their entries.
   * @default one for each call while NODE_ENV is test, removed by `close`; none elsewhere
   */
  readonly isolation?: string | undefined;
  /** How long to wait for the store's first answer before going on without it. @default 2 s */
  readonly startLimit?: Duration | undefined;
  /** How long `close` may take. @default 10 s */
  readonly closeLimit?: Duration | undefined;
  /** Gives up opening; what was opened until then is closed. */
  readonly signal?: AbortSignal | undefined;
}

/** What an application works with: open until `close`. */
export interface Parley extends Gates, AsyncDisposable {
  readonly cache: Cache;
  readonly bus: Bus;
  /** Asks nothing of the store before it is used. */
  readonly presence: Presence;
  readonly config: ParleyConfig;
  /** Which adapter serves what, and why. */
  readonly selection: Selections;
  /** Answers within a second or two, and never rejects. */
  readonly health: () => Promise<Health>;
  /** Closes everything that was opened, in order, within `closeLimit`. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** With a database for tables of the application. */
export interface ParleyWithDatabase extends Parley {
  readonly selection: Required<Selections>;
  /** Closed last. Its `schema` is that of our tables. */
  readonly database: Database;
  /**
   * The tables of an application, in a schema of its own with the name of the application. The folder has statements that name this
   * schema (`hub.messages`), and its migrations in `migrations/`. With `isolation`, and in each test, the schema is another one.
   */
  readonly tables: (name: string, folder: URL) => ApplicationTables;
}

/**
 * Opens what the environment asks for. A wrong configuration rejects with `ConfigError`, and so does a store that answers and refuses: a
 * wrong password, missing rights. A store that does not answer keeps nothing from starting: the cache works from memory and loaders until
 * it comes, and `health` says so. Neither does a database: what the application asks of it rejects with `StoreUnavailable` until it comes.
 */
export function openParley(
  env: Environment | undefined,
  options: OpenParleyOptions & { readonly database: true | DatabaseOptions },
): Promise<ParleyWithDatabase>;
export function openParley(env?: Environment, options?: OpenParleyOptions): Promise<Parley>;
export async function openParley(
  env: Environment = process.env,
  options: OpenParleyOptions = {},
): Promise<Parley | ParleyWithDatabase> {
  const config = readConfig(env, options);
  const database = options.database === true ? {} : options.database;
  const selection: Selections = {
    ...selectAdapters(config, options.chat),
    ...(database !== undefined && { database: selectDatabase(config) }),
  };
  const logger = safeLogger(options.logger ?? lineLogger());
  const clock = systemClock;
  const startMs = parseDuration(options.startLimit ?? '2s', { field: 'startLimit', min: 1 });
  const closeMs = parseDuration(options.closeLimit ?? '10s', { field: 'closeLimit', min: 1 });
  const isolation = isolationOf(config.mode, options.isolation);
  tell(config, selection, logger);
  throwIfAborted(options.signal);

  const closers = new Closers(clock);
  const close = (): Promise<void> => closers.close(closeMs);
  try {
    const { adapter } = selection.cache;
    const backend = await openBackend(adapter, config, {
      closers,
      logger,
      isolation,
      database,
      chat: options.chat,
    });
    const gates = openGates(backend, { closers, clock, closeMs });
    const bus = createBus({ ...options.bus, broker: backend.broker, clock });
    closers.add('the bus', () => bus.close({ within: closeMs / 2_000 }));
    const presence = createPresence({
      ...options.presence,
      store: backend.presenceStore,
      feed: busFeed(bus),
      clock,
    });
    // Before the bus, over which others are told who has left.
    closers.add('presence', () => presence.close({ within: closeMs / 4_000 }));
    const cache = createCache({
      ...cacheOptions(config),
      ...options.cache,
      store: backend.store,
      // Where nobody else can change what is kept, there is nothing to hear of.
      invalidation: backend.store?.capabilities.shared === true ? busInvalidation(bus) : undefined,
      logger,
      clock,
    });
    closers.add('the cache', () => cache.close());
    await firstAnswers(backend, { startMs, signal: options.signal, clock, logger });
    const health = (): Promise<Health> =>
      healthOf({ cache, bus, presence, gates, backend, closers, selection, clock });
    const { limiter, locks, sessions } = gates;
    const parts = { cache, bus, presence, limiter, locks, sessions };
    const parley = { ...parts, config, selection, health, close, [Symbol.asyncDispose]: close };
    return { ...parley, ...forApplication(backend, selection) };
  } catch (error) {
    // What went wrong first is what is told.
    await close().catch((failure: unknown) =>
      logger.warn({ error: failure }, 'Closing what was opened failed'),
    );
    throw error;
  }
}

/** Nothing where no database was asked for, even if the cache is kept in one. */
function forApplication(
  { database }: Backend,
  selection: Selections,
): Pick<ParleyWithDatabase, 'database' | 'tables' | 'selection'> | undefined {
  if (database === undefined || selection.database === undefined) return undefined;
  const { db, tables } = database;
  return { database: db, tables, selection: { ...selection, database: selection.database } };
}

function tell(config: ParleyConfig, { cache, presence, database }: Selections, logger: Logger): void {
  const say = ({ adapter, because, warning }: Selection, what: string): void => {
    logger.info({ adapter, because }, `${what}: ${adapter}`);
    if (warning !== undefined) logger.warn({ adapter }, warning);
  };
  if (presence.because === cache.because)
    say(cache, 'Cache, presence, limits, locks and sessions are kept, and the bus carried, by');
  else {
    say(cache, 'Cache, limits, locks and sessions are kept by');
    say(presence, 'Presence is kept, and the bus carried, by');
  }
  if (database !== undefined) say(database, 'The tables of the application are kept by');
  for (const { variable, note } of config.notes) logger.info({ variable }, `${variable} ${note}`);
}

function cacheOptions({ cache, mode }: ParleyConfig): CacheOptions {
  return {
    ttlClasses: cache.ttlClasses,
    // The environment that was handed over decides, not that of the process.
    handOut: mode === 'production' ? 'shared' : 'frozen',
    ...(cache.defaultTtl !== undefined && { ttl: cache.defaultTtl }),
  };
}
