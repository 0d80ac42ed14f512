import type { Health } from '@parley/cache-core/kernel';
import { createHealthCheck } from '../health.ts';
import { count } from '../rows.ts';
import type { PresenceTables } from './presence-tables.ts';

/** The health of the server, and how the tables of presence are doing. */
export function presenceHealth(tables: PresenceTables): () => Promise<Health> {
  const statement = tables.statement('presence_health');
  return createHealthCheck(tables.db.clock, async (signal) => {
    const [server, [row = []]] = await Promise.all([
      tables.db.health(),
      tables.query(statement, [], { signal }),
    ]);
    return {
      status: server.status,
      details: {
        ...server.details,
        leases: count(row, 0),
        channels: count(row, 1),
        entries: count(row, 2),
        diffs: count(row, 3),
        deadRows: count(row, 4),
      },
    };
  });
}
