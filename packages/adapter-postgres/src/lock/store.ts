import { requireKey, requireMs } from '@parley/cache-core/kernel';
import type { LockCall, LockReply, LockStore } from '@parley/cache-core/lock';
import { boundedMs } from '../bounded-ms.ts';
import type { CallOptions, Database, Session, TextRow } from '../database.ts';
import { createHealthCheck } from '../health.ts';
import { count, flag, real } from '../rows.ts';
import type { TablesOptions } from '../tables.ts';
import { PostgresLockEar } from './ear.ts';
import { LockTables } from './lock-tables.ts';

export interface PostgresLockStoreOptions extends TablesOptions {
  /** How long a lock is kept for whoever's turn it is, in milliseconds. @default 500 */
  readonly claimMs?: number | undefined;
  /** How often the connection that listens for turns is asked whether it still does, in milliseconds. @default 5_000 */
  readonly probeEveryMs?: number | undefined;
}

export interface LockInTransactionOptions extends CallOptions {
  /** How long to try, in milliseconds. Whoever asks in vain for the same lock has it for a moment, so a little is always needed. @default 50 */
  readonly waitMs?: number | undefined;
}

export interface PostgresLockStore extends LockStore {
  /** Makes the tables, if they are to be made. The first call of any kind does it as well, except within a transaction on the only connection. */
  readonly prepare: () => Promise<void>;

  /**
   * Locks a key until the transaction that the session is in ends, by commit, rollback or the loss of its connection. Answers its fence, which
   * commits with it; undefined: somebody else has it, by a lease or in a transaction. No lease can be over too early, and nothing has to be
   * checked. Not in turn: it takes a free lock before those who wait for a lease. The transaction must be `read committed`.
   */
  readonly lockInTransaction: (
    session: Session,
    key: string,
    options?: LockInTransactionOptions,
  ) => Promise<number | undefined>;

  /**
   * Whether a lease with this fence is the last one that was given, and still held. Then nobody takes the lock until the transaction that the
   * session is in ends, even if the lease is over before; the holder may extend it. So what is written in a transaction that has asked this is
   * written under the lock.
   */
  readonly checkFence: (
    session: Session,
    key: string,
    fence: number,
    options?: CallOptions,
  ) => Promise<boolean>;

  /** Forgets locks that nobody has used for a day. It is done by itself every few minutes, by those who use locks. */
  readonly sweep: () => Promise<number>;
}

const retryMs = 5;
const shortestMs = 500;

/** Locks in tables of a Postgres server or of an embedded one. Nothing is done before the first call. The database stays the caller's to close. */
export function postgresLockStore(db: Database, options: PostgresLockStoreOptions = {}): PostgresLockStore {
  const tables = new LockTables(db, options);
  const claimMs = requireMs('claimMs', options.claimMs ?? 500);
  const probeEveryMs = requireMs('probeEveryMs', options.probeEveryMs ?? 5_000);
  const statements = {
    acquire: tables.statement('lock_acquire'),
    extend: tables.statement('lock_extend'),
    release: tables.statement('lock_release'),
    inTransaction: tables.statement('lock_in_transaction'),
    checkFence: tables.statement('lock_check_fence'),
  };

  return {
    name: db.kind,
    prefix: tables.schema,
    // What is embedded has one process for itself.
    capabilities: { shared: db.kind === 'postgres', maxKeyBytes: 1_024 },
    prepare: () => tables.prepare(),
    sweep: () => tables.sweep(),
    health: lockHealth(tables),

    async acquire({ key, token, leaseMs, queue }, call) {
      const waits = [queue?.ear ?? null, queue === undefined ? null : boundedMs(queue.keepMs)];
      const params = [key, token, boundedMs(leaseMs), claimMs, ...waits];
      const [row = []] = await tables.query(statements.acquire, params, callOf(call));
      tables.wrote();
      return readReply(row);
    },

    async extend({ key, token, leaseMs }, call) {
      const params = [key, token, boundedMs(leaseMs)];
      const rows = await tables.query(statements.extend, params, callOf(call));
      tables.wrote();
      return rows.length > 0;
    },

    async release({ key, token }, call) {
      const [row = []] = await tables.query(statements.release, [key, token, claimMs], callOf(call));
      tables.wrote();
      return flag(row, 0);
    },

    listen: (listener) => new PostgresLockEar(tables, { probeEveryMs, listener }),

    async lockInTransaction(session, key, { waitMs = 50, ...call } = {}) {
      requireKey(key);
      await tables.prepareWithin();
      const until = db.clock.monotonic() + waitMs;
      for (;;) {
        const { rows } = await session.query(statements.inTransaction, [key], call);
        const [row = []] = rows;
        if (row[0] !== null) return count(row, 0);
        if (db.clock.monotonic() + retryMs > until) return undefined;
        await db.clock.sleep(retryMs * (1 + Math.random()), { signal: call.signal });
      }
    },

    async checkFence(session, key, fence, call) {
      requireKey(key);
      await tables.prepareWithin();
      const { rows } = await session.query(statements.checkFence, [key, fence], call);
      return rows.length > 0;
    },
  };
}

/**
 * One key whose commits hang must not take all connections there are, when nobody waits for them any more. A connection that is left behind is closed
 * however, so not for the last moment of somebody's wait.
 */
const callOf = ({ signal, limitMs }: LockCall = {}): CallOptions => ({
  signal,
  timeoutMs: limitMs === undefined ? undefined : Math.max(limitMs, shortestMs),
});

function readReply(row: TextRow): LockReply {
  if (row[0] !== null) return { state: 'granted', fence: count(row, 0) };
  return { state: 'held', forMs: Math.max(0, real(row, 1)) };
}

/** The health of the server, and how the tables of locks are doing. */
function lockHealth(tables: LockTables): LockStore['health'] {
  const statement = tables.statement('lock_health');
  return createHealthCheck(tables.db.clock, async (signal) => {
    const [server, [row = []]] = await Promise.all([
      tables.db.health(),
      tables.query(statement, [], { signal }),
    ]);
    const [held, waiting, rows, deadRows] = [0, 1, 2, 3].map((column) => count(row, column));
    return { status: server.status, details: { ...server.details, held, waiting, rows, deadRows } };
  });
}
