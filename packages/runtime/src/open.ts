import { busInvalidation, createBus, type Bus, type BusOptions } from '@parley/bus';
import { createCache, type Cache, type CacheOptions } from '@parley/cache-core';
import {
  combineHealth,
  isParleyError,
  isRetryable,
  parseDuration,
  safeLogger,
  systemClock,
  throwIfAborted,
  withDeadline,
  type Clock,
  type Duration,
  type Health,
  type Logger,
} from '@parley/cache-core/kernel';
import { openBackend, type Backend } from './backend.ts';
import { Closers } from './closers.ts';
import type { ParleyConfig } from './config.ts';
import { isolationOf } from './isolation.ts';
import { lineLogger } from './line-logger.ts';
import { readConfig, type Environment, type ReadConfigOptions } from './read-config.ts';
import { selectAdapters, type Selections } from './select.ts';

export interface OpenParleyOptions extends ReadConfigOptions {
  /** A pino logger fits as it is. @default lines of JSON on stderr, from warnings on */
  readonly logger?: Logger | undefined;
  /** What is said of the cache beyond the environment, and over it. */
  readonly cache?: Omit<CacheOptions, 'store' | 'invalidation' | 'logger' | 'clock'> | undefined;
  /** What is said of the bus beyond the environment. */
  readonly bus?: Omit<BusOptions, 'broker' | 'clock'> | undefined;
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
export interface Parley extends AsyncDisposable {
  readonly cache: Cache;
  readonly bus: Bus;
  readonly config: ParleyConfig;
  /** Which adapter serves what, and why. */
  readonly selection: Selections;
  /** Answers within a second or two, and never rejects. */
  readonly health: () => Promise<Health>;
  /** Closes everything that was opened, in order, within `closeLimit`. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/**
 * Opens what the environment asks for. A wrong configuration rejects with `ConfigError`, and so does a store that answers and refuses: a
 * wrong password, missing rights. A store that does not answer keeps nothing from starting: the cache works from memory and loaders until
 * it comes, and `health` says so.
 */
export async function openParley(
  env: Environment = process.env,
  options: OpenParleyOptions = {},
): Promise<Parley> {
  const config = readConfig(env, options);
  const selection = selectAdapters(config);
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
    const backend = await openBackend(selection.cache.adapter, config, { closers, logger, isolation });
    const bus = createBus({ ...options.bus, broker: backend.broker, clock });
    closers.add('the bus', () => bus.close({ within: closeMs / 2_000 }));
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
    await firstAnswer(backend, { startMs, signal: options.signal, clock, logger });
    const health = (): Promise<Health> => healthOf({ cache, bus, backend, closers, selection, clock });
    return { cache, bus, config, selection, health, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    // What went wrong first is what is told.
    await close().catch((failure: unknown) =>
      logger.warn({ error: failure }, 'Closing what was opened failed'),
    );
    throw error;
  }
}

function tell(config: ParleyConfig, { cache }: Selections, logger: Logger): void {
  logger.info(
    { adapter: cache.adapter, because: cache.because },
    `The cache is kept, and the bus carried, by: ${cache.adapter}`,
  );
  if (cache.warning !== undefined) logger.warn({ adapter: cache.adapter }, cache.warning);
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

interface FirstAnswerOptions {
  readonly startMs: number;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Finds out at the start what no waiting would heal, and does not wait for what may. */
async function firstAnswer(
  { store }: Backend,
  { startMs, logger, ...options }: FirstAnswerOptions,
): Promise<void> {
  if (store === undefined) return;
  try {
    await withDeadline(startMs, (signal) => store.read(['parley:probe'], { signal }), {
      ...options,
      what: `the first answer of ${store.name}`,
    });
  } catch (error) {
    if (!isParleyError(error) || !isRetryable(error)) throw error;
    logger.warn({ store: store.name, error }, 'The store does not answer; starting without it');
  }
}

interface HealthFacts {
  readonly cache: Cache;
  readonly bus: Bus;
  readonly backend: Backend;
  readonly closers: Closers;
  readonly selection: Selections;
  readonly clock: Clock;
}

async function healthOf({ cache, bus, backend, closers, selection, clock }: HealthFacts): Promise<Health> {
  const { adapter, because, warning } = selection.cache;
  const details = { adapter, because };
  if (closers.closed)
    return { status: 'down', since: clock.now(), details: { ...details, error: 'it is closed' } };
  const [ofCache, ofBus] = await Promise.all([cache.health(), bus.health()]);
  const warnings = [...(warning === undefined ? [] : [warning]), ...(backend.warnings?.() ?? [])];
  return {
    // Without its broker the bus waits, and the rest goes on.
    ...combineHealth({ cache: ofCache, bus: ofBus }, { optional: ['bus'], clock }),
    details: { ...details, ...(warnings.length > 0 && { warnings: warnings.join('; ') }) },
  };
}
