import { parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import type { CacheStore, CacheStoreCapabilities, StoreCallOptions } from '@parley/cache-core';
import { textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Database, Param, Statement, TextRow } from '../database.ts';
import { count, flag, text } from '../rows.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';
import { cacheHealth } from './cache-health.ts';
import {
  keysOf,
  leaseParams,
  recordParams,
  timeParams,
  toLeaseReply,
  tokensOf,
  toRecord,
} from './records.ts';
import { bySize, untilAnswered, withoutRepeats } from './rounds.ts';
import { Sweeper } from './sweeper.ts';

export interface PostgresCacheStoreOptions extends TablesOptions {
  /**
   * Whether entries outlive a crash of the server, and go to its standbys. It costs about half of the speed of writing. A standby that
   * is promoted before it has received everything brings back what was invalidated last, unless it is a synchronous one.
   *
   * @default false
   */
  readonly logged?: boolean | undefined;

  /**
   * How often a process looks for expired rows besides the looks that come with writing.
   *
   * @default '1m'
   */
  readonly sweepEvery?: Duration | undefined;
}

export interface PostgresCacheStore extends CacheStore, AsyncDisposable {
  /** Ends the sweeping of this process. The database stays open. */
  close(): Promise<void>;
}

const unloggedTables = {};
const loggedTables = { cache_entries: 'cache_entries_logged', cache_guards: 'cache_guards_logged' };

function capabilitiesOf({ kind, maxConnections }: Database): CacheStoreCapabilities {
  return {
    // What is embedded has one process for itself.
    shared: kind === 'postgres',
    holds: true,
    maxRecordBytes: 64 * 1024 * 1024,
    maxKeyBytes: 4_096,
    maxBatch: 256,
    // Half of the connections, so that no kind of call keeps all others waiting.
    maxInFlight: Math.max(1, Math.floor(maxConnections / 2)),
  };
}

/** Cache entries in tables of a Postgres server or of an embedded one. Nothing is done before the first call. */
export function postgresCacheStore(
  db: Database,
  options: PostgresCacheStoreOptions = {},
): PostgresCacheStore {
  const tables = new Tables(db, options);
  const which = options.logged === true ? loggedTables : unloggedTables;
  const statement = (name: string): Statement => tables.statement(name, which);
  const everyMs = parseDuration(options.sweepEvery ?? '1m', { field: 'sweepEvery', min: 100 });
  const sweeper = new Sweeper(tables, { everyMs, tables: which });
  const [read, write, remove] = [
    statement('cache_read'),
    statement('cache_write'),
    statement('cache_remove'),
  ];
  const [touch, lease, fill] = [statement('cache_touch'), statement('cache_lease'), statement('cache_fill')];
  const [release, bump] = [statement('cache_release'), statement('cache_bump')];
  const [epochs, readEpochs] = [statement('cache_epochs'), statement('cache_epochs_read')];

  const run = (
    what: Statement,
    params: readonly Param[],
    options: StoreCallOptions = {},
  ): Promise<readonly TextRow[]> => tables.query(what, params, { signal: options.signal });

  const askEpochs = async (
    what: Statement,
    names: readonly string[],
    keepMs: number,
    options: StoreCallOptions,
  ): Promise<number[]> =>
    untilAnswered(names, async (open) => {
      const rows = await run(what, [textArray(open), boundedMs(keepMs)], options);
      return new Map(rows.map((row) => [text(row, 0), count(row, 1)]));
    });

  return {
    name: db.kind,
    capabilities: capabilitiesOf(db),

    async read(keys, options) {
      const rows = await run(read, [textArray(keys)], options);
      const found = new Map(rows.map((row) => [text(row, 0), toRecord(row, 1)]));
      return keys.map((key) => found.get(key));
    },

    async write(records, options) {
      for (const part of bySize(records)) {
        await run(write, [keysOf(part), ...recordParams(part)], options);
        sweeper.wrote(part);
      }
    },

    async remove(keys, options) {
      const rows = await run(remove, [textArray(keys)], options);
      const removed = new Map(rows.map((row) => [text(row, 0), flag(row, 1)]));
      return keys.map((key) => {
        const existed = removed.get(key) ?? false;
        // Asked twice for one key: the second time it was gone.
        removed.delete(key);
        return existed;
      });
    },

    async touch(records, options) {
      const rows = await run(touch, [keysOf(records), ...timeParams(records)], options);
      const touched = new Set(rows.map((row) => text(row, 0)));
      return records.map(({ key }) => touched.has(key));
    },

    lease: (requests, options) =>
      untilAnswered(requests, async (open) => {
        const rows = await run(lease, leaseParams(open), options);
        const replies = new Map(rows.map((row) => [count(row, 0), toLeaseReply(row)]));
        return pairs(open, (_, i) => replies.get(i + 1));
      }),

    async fill(records, options) {
      const filled = new Set<object>();
      for (const round of withoutRepeats(records, ({ key }) => key)) {
        for (const part of bySize(round)) {
          const rows = await run(fill, [keysOf(part), tokensOf(part), ...recordParams(part)], options);
          const keys = new Set(rows.map((row) => text(row, 0)));
          for (const record of part) if (keys.has(record.key)) filled.add(record);
          sweeper.wrote(part);
        }
      }
      return records.map((record) => filled.has(record));
    },

    async release(leases, options) {
      await run(release, [keysOf(leases), tokensOf(leases)], options);
    },

    async epochs(guards, options = {}) {
      if (options.keepMs !== undefined) return askEpochs(epochs, guards, options.keepMs, options);
      const rows = await run(readEpochs, [textArray(guards)], options);
      const known = new Map(rows.map((row) => [text(row, 0), count(row, 1)]));
      return guards.map((guard) => known.get(guard));
    },

    bump: (guards, options) => askEpochs(bump, guards, options.keepMs, options),

    health: cacheHealth(tables, which),
    close: () => sweeper.close(),
    [Symbol.asyncDispose]: () => sweeper.close(),
  };
}

/** The answers that there are, by request. */
function pairs<T, R>(requests: readonly T[], answerTo: (request: T, i: number) => R | undefined): Map<T, R> {
  const found = new Map<T, R>();
  for (const [i, request] of requests.entries()) {
    const answer = answerTo(request, i);
    if (answer !== undefined) found.set(request, answer);
  }
  return found;
}
