import { Cache } from './cache.ts';
import type { Codec } from './codec.ts';
import { Core } from './core.ts';
import { EntryCodec } from './entry-codec.ts';
import { CacheEvents } from './events.ts';
import type { HandOut } from './handing-out.ts';
import type { Invalidation } from './invalidation.ts';
import { systemClock, type Clocked } from './kernel/clock.ts';
import { parseDuration, type Duration } from './kernel/duration.ts';
import { InvalidArgument } from './kernel/errors.ts';
import { safeLogger, silentLogger, type Logger } from './kernel/logger.ts';
import { noStore } from './local-store.ts';
import {
  defaultRules,
  defaultTtlClasses,
  parseTtl,
  refineRules,
  type EntryOptions,
  type TtlClass,
  type TtlClasses,
} from './options.ts';
import type { CachePolicy } from './policy.ts';
import type { LocalBounds } from './space.ts';
import { emptyStats } from './stats.ts';
import type { CacheStore } from './store.ts';

export interface CacheOptions extends EntryOptions, Clocked {
  /**
   * Where entries are kept beyond this process.
   * @default nowhere: a cache of one tier, in memory
   */
  readonly store?: CacheStore | undefined;
  /**
   * How this process hears of changes that others make to a shared store. Without it nothing is believed for longer than `stalenessBound`.
   * @default none
   */
  readonly invalidation?: Invalidation | undefined;
  /**
   * How much is kept in this process's memory, and for each namespace again; false keeps nothing. Bytes are those of the entries, about as
   * the heap has them; what a process knows of the tags that it met, of 100,000 at the most, takes some 300 bytes a tag on top.
   * @default 10,000 entries and 64 MiB
   */
  readonly local?: Partial<LocalBounds> | false | undefined;
  /** The first part of every key in the store. @default 'cache' */
  readonly namespace?: string | undefined;
  /**
   * How old an answer may be at the most, when another process changed the value and the word of it was lost. Also bounded from below by
   * the time in which `invalidation` notices that it is cut off.
   * @default 2 s
   */
  readonly stalenessBound?: Duration | undefined;
  /** How long a call to the store may take before the cache goes on without it. @default 0.5 s */
  readonly storeDeadline?: Duration | undefined;
  /** How long another process waits for a loader whose process died. @default 3 s */
  readonly lease?: Duration | undefined;
  /** How many loaders run at once, and how many wait, while the store is away. @default 64 and 10,000 */
  readonly loadersWithoutStore?: { readonly running?: number; readonly queued?: number } | undefined;
  /** What `'short'`, `'medium'` and `'long'` mean. @default 5 minutes, 1 hour, 1 day */
  readonly ttlClasses?: Partial<Record<TtlClass, Duration>> | undefined;
  /** How values become bytes. @default JSON where it is exact, V8's structured format elsewhere */
  readonly codec?: Codec | undefined;
  /** Further codecs whose entries can be read. @default none */
  readonly readableCodecs?: readonly Codec[] | undefined;
  /**
   * How values leave this process's memory.
   * @default 'frozen' unless NODE_ENV is production, 'shared' there
   */
  readonly handOut?: HandOut | undefined;
  /** Patterns of caching from outside. @default none */
  readonly policies?: readonly CachePolicy[] | undefined;
  /** @default silent */
  readonly logger?: Logger | undefined;
  /** @default Math.random */
  readonly random?: (() => number) | undefined;
}

export function createCache(options: CacheOptions = {}): Cache {
  const clock = options.clock ?? systemClock;
  const namespace = options.namespace ?? 'cache';
  if (!/^[\w.-]{1,64}$/.test(namespace)) {
    throw new InvalidArgument('namespace', '1 to 64 letters, digits, "_", "-" or "."', namespace);
  }
  const classes = ttlClasses(options.ttlClasses ?? {});
  const stats = emptyStats();
  const policies = options.policies ?? [];
  const events = new CacheEvents(policies);
  const core = new Core({
    stats,
    events,
    policies,
    handOut: options.handOut ?? (process.env['NODE_ENV'] === 'production' ? 'shared' : 'frozen'),
    store: options.store ?? noStore({ clock }),
    invalidation: options.invalidation,
    codec: new EntryCodec({
      codec: options.codec,
      readable: options.readableCodecs,
      onUseless: (why) => {
        stats[why === 'schema' ? 'schemaMisses' : 'unreadable'] += 1;
        events.emit({ type: 'unusable', why });
      },
    }),
    clock,
    random: options.random ?? Math.random,
    logger: safeLogger(options.logger ?? silentLogger),
    classes,
    boundMs: duration('stalenessBound', options.stalenessBound, 2_000),
    deadlineMs: duration('storeDeadline', options.storeDeadline, 500),
    leaseMs: duration('lease', options.lease, 3_000),
    maxLoaders: options.loadersWithoutStore?.running ?? 64,
    maxQueuedLoaders: options.loadersWithoutStore?.queued ?? 10_000,
  });
  const bounds: LocalBounds | undefined =
    options.local === false
      ? undefined
      : {
          maxEntries: options.local?.maxEntries ?? 10_000,
          maxBytes: options.local?.maxBytes ?? 64 * 1024 * 1024,
        };
  return new Cache(core, namespace, refineRules(defaultRules(classes), options, classes), bounds);
}

function ttlClasses(given: Partial<Record<TtlClass, Duration>>): TtlClasses {
  const one = (name: TtlClass): number => {
    const ttl = given[name];
    return ttl === undefined
      ? defaultTtlClasses[name]
      : parseTtl(`ttlClasses.${name}`, ttl, defaultTtlClasses, 1);
  };
  return { short: one('short'), medium: one('medium'), long: one('long') };
}

function duration(field: string, value: Duration | undefined, otherwiseMs: number): number {
  return value === undefined ? otherwiseMs : parseDuration(value, { field, min: 1 });
}
