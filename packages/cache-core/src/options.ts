import { InvalidArgument } from './kernel/errors.ts';
import { parseDuration, type Duration } from './kernel/duration.ts';
import { envelopeLimits } from './envelope.ts';

/** How long things live, by how often they change: `REDIS_TTL_*` set the three. */
export type TtlClass = 'short' | 'medium' | 'long';

/** Seconds (fractions allowed), a text such as `'5m'`, or a class. */
export type Ttl = Duration | TtlClass;

/** A method, so that options for values of one form fit where any form is taken. */
interface TagsFrom<Value> {
  tagsOf(value: Value): readonly string[];
}

export type Tags<Value> = readonly string[] | TagsFrom<Value>['tagsOf'];

/** How an entry lives. Given to the cache as defaults, to a namespace or region, and to single calls; the nearest one counts. */
export interface EntryOptions<Value = unknown> {
  /**
   * How long the entry is fresh.
   * @default 'medium', one hour
   */
  readonly ttl?: Ttl | undefined;
  /**
   * How long it stays in this process's memory before the store is asked again; never longer than `ttl`.
   * @default `ttl`
   */
  readonly localTtl?: Ttl | undefined;
  /**
   * A random part of the ttl that is taken off, so that entries of one moment do not expire in one moment: 0.1 takes up to a tenth.
   * @default 0
   */
  readonly jitter?: number | undefined;
  /**
   * How long after its ttl a stale value is kept, to be served when the loader fails or takes longer than `softLimit`.
   * @default 0
   */
  readonly grace?: Duration | undefined;
  /**
   * Serve a stale value within `grace` at once and load behind it.
   * @default false
   */
  readonly staleWhileRevalidate?: boolean | undefined;
  /**
   * Load anew behind a hit once less than this part of the ttl is left: 0.2 refreshes in the last fifth.
   * @default 0, never
   */
  readonly refreshAhead?: number | undefined;
  /** How long a caller waits for the loader when there is a stale value to serve instead. @default no limit but `hardLimit` */
  readonly softLimit?: Duration | undefined;
  /** How long a loader may take before its callers get `DeadlineExceeded` and its signal is aborted. @default 30 s */
  readonly hardLimit?: Duration | undefined;
  /**
   * How long "there is none" (a loader's `undefined` or `null`) is remembered; 0 does not cache it.
   * @default 0 for undefined; `ttl` for null
   */
  readonly negativeTtl?: Ttl | undefined;
  /** What the entry depends on. `users:123` is also invalidated by `users`. From the value where it is a function. @default none */
  readonly tags?: Tags<Value> | undefined;
  /** Every use gives the entry its whole ttl again. @default false */
  readonly sliding?: boolean | undefined;
  /** Entries with more bytes than this are refused. @default 8 MiB, or less where the store takes less */
  readonly maxBytes?: number | undefined;
  /** Entries from this many bytes on are compressed where that makes them smaller; `Infinity` never. @default 16 KiB */
  readonly compressFrom?: number | undefined;
}

/** What the mechanisms below work with: checked, complete, in milliseconds. */
export interface EntryRules {
  readonly ttlMs: number;
  readonly localTtlMs: number;
  readonly jitter: number;
  readonly graceMs: number;
  readonly staleWhileRevalidate: boolean;
  readonly refreshAhead: number;
  readonly softLimitMs: number;
  readonly hardLimitMs: number;
  readonly negativeTtlMs: number | undefined;
  readonly tags: Tags<unknown>;
  readonly sliding: boolean;
  readonly maxBytes: number;
  readonly compressFrom: number;
}

export type TtlClasses = Readonly<Record<TtlClass, number>>;

export const defaultTtlClasses: TtlClasses = { short: 300_000, medium: 3_600_000, long: 86_400_000 };

export const defaultRules = (classes: TtlClasses): EntryRules => ({
  ttlMs: classes.medium,
  localTtlMs: Infinity,
  jitter: 0,
  graceMs: 0,
  staleWhileRevalidate: false,
  refreshAhead: 0,
  softLimitMs: Infinity,
  hardLimitMs: 30_000,
  negativeTtlMs: undefined,
  tags: [],
  sliding: false,
  maxBytes: 8 * 1024 * 1024,
  compressFrom: 16 * 1024,
});

/** The rules with what the options say put over them. */
export function refineRules(base: EntryRules, options: EntryOptions, classes: TtlClasses): EntryRules {
  const rules: { -readonly [K in keyof EntryRules]: EntryRules[K] } = { ...base };
  if (options.ttl !== undefined) rules.ttlMs = parseTtl('ttl', options.ttl, classes, 1);
  if (options.localTtl !== undefined) rules.localTtlMs = parseTtl('localTtl', options.localTtl, classes, 0);
  if (options.jitter !== undefined) rules.jitter = requirePart('jitter', options.jitter);
  if (options.grace !== undefined) rules.graceMs = parseDuration(options.grace, { field: 'grace' });
  if (options.staleWhileRevalidate !== undefined) rules.staleWhileRevalidate = options.staleWhileRevalidate;
  if (options.refreshAhead !== undefined)
    rules.refreshAhead = requirePart('refreshAhead', options.refreshAhead);
  if (options.softLimit !== undefined)
    rules.softLimitMs = parseDuration(options.softLimit, { field: 'softLimit' });
  if (options.hardLimit !== undefined) {
    rules.hardLimitMs = parseDuration(options.hardLimit, { field: 'hardLimit', min: 1 });
  }
  if (options.negativeTtl !== undefined)
    rules.negativeTtlMs = parseTtl('negativeTtl', options.negativeTtl, classes, 0);
  if (options.tags !== undefined)
    rules.tags = typeof options.tags === 'function' ? options.tags : checkTags(options.tags);
  if (options.sliding !== undefined) rules.sliding = options.sliding;
  if (options.maxBytes !== undefined) rules.maxBytes = requireAmount('maxBytes', options.maxBytes);
  if (options.compressFrom !== undefined)
    rules.compressFrom = requireAmount('compressFrom', options.compressFrom);
  return rules;
}

export function parseTtl(field: string, ttl: unknown, classes: TtlClasses, min: number): number {
  if (ttl === 'short' || ttl === 'medium' || ttl === 'long') return classes[ttl];
  return parseDuration(ttl, { field, min });
}

export function checkTags(tags: unknown, field = 'tags'): readonly string[] {
  if (!Array.isArray(tags)) throw new InvalidArgument(field, 'a list of texts', tags);
  if (tags.length > envelopeLimits.tags)
    throw new InvalidArgument(field, `at most ${envelopeLimits.tags}`, tags);
  for (const [i, tag] of tags.entries()) {
    const usable = typeof tag === 'string' && tag !== '' && tag.isWellFormed() && !tag.includes('\0');
    if (!usable || Buffer.byteLength(tag) > envelopeLimits.tagBytes) {
      throw new InvalidArgument(
        `${field}[${i}]`,
        `a text of 1 to ${envelopeLimits.tagBytes} bytes without NUL`,
        tag,
      );
    }
  }
  return tags;
}

function requirePart(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < 1) return value;
  throw new InvalidArgument(field, 'a part from 0 to below 1', value);
}

function requireAmount(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new InvalidArgument(field, 'a number of bytes', value);
}
