import type { Health } from '@parley/cache-core/kernel';
import { createHealthCheck } from '../health.ts';
import { count } from '../rows.ts';
import type { Tables } from '../tables.ts';

/** The health of the server, and how the tables of limits are doing. */
export function limitHealth(tables: Tables): () => Promise<Health> {
  const statement = tables.statement('limit_health');
  return createHealthCheck(tables.db.clock, async (signal) => {
    const [server, [row = []]] = await Promise.all([
      tables.db.health(),
      tables.query(statement, [], { signal }),
    ]);
    return {
      status: server.status,
      details: {
        ...server.details,
        identities: count(row, 0),
        entries: count(row, 1),
        tokens: count(row, 2),
        blocks: count(row, 3),
        holders: count(row, 4),
        deadRows: count(row, 5),
      },
    };
  });
}
