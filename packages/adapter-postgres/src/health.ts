import { isParleyError, withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Evidence, Health, HealthStatus } from '@parley/cache-core/kernel';
import type { Queries, TextRow } from './database.ts';
import { codeOf } from './errors.ts';
import { count, flag } from './rows.ts';
import { ownStatement } from './sql.ts';

/** How long a check may take before its answer is `down`. */
const limitMs = 1_000;

export interface Finding {
  readonly status: HealthStatus;
  readonly details?: Evidence;
}

/** Asks, in bounded time, and turns whatever happens into an answer. Remembers since when the answer is what it is. */
export function createHealthCheck(
  clock: Clock,
  ask: (signal: AbortSignal) => Promise<Finding>,
): () => Promise<Health> {
  let last: Pick<Health, 'status' | 'since'> | undefined;
  return async () => {
    const begun = clock.monotonic();
    const found = await withDeadline(limitMs, ask, { clock, what: 'the health check' }).catch(downFor);
    if (last?.status !== found.status) last = { status: found.status, since: clock.now() };
    return { ...found, since: last.since, latencyMs: clock.monotonic() - begun };
  };
}

function downFor(error: unknown): Pick<Health, 'status' | 'details'> {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error) ?? (isParleyError(error) ? error.code : undefined);
  return { status: 'down', details: { error: message, code } };
}

export interface PoolHealth {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

/** The server as its clients see it. */
export function databaseHealth(
  clock: Clock,
  queries: Queries,
  pool: () => PoolHealth | undefined,
): () => Promise<Health> {
  const statement = ownStatement('server_health', { schema: 'parley' });
  return createHealthCheck(clock, async (signal) => {
    const { rows } = await queries.query(statement, [], { signal });
    return judge(rows[0] ?? [], pool());
  });
}

function judge(row: TextRow, pool: PoolHealth | undefined): Finding {
  const [version, , , , , oldest] = row;
  const standby = flag(row, 1);
  const readOnly = flag(row, 2);
  const connections = count(row, 3);
  const maxConnections = count(row, 4);
  const crowded = connections > maxConnections * 0.9;
  return {
    status: standby || readOnly || crowded ? 'degraded' : 'up',
    details: {
      version,
      role: standby ? 'standby' : 'primary',
      readOnly,
      connections,
      maxConnections,
      ...(oldest !== null && oldest !== undefined && { oldestTransactionSeconds: Number(oldest) }),
      ...(pool !== undefined && { poolOpen: pool.open, poolIdle: pool.idle, poolWaiting: pool.waiting }),
    },
  };
}
