import type { Health } from '@parley/cache-core/kernel';
import { createHealthCheck } from '../health.ts';
import { count } from '../rows.ts';
import type { Tables } from '../tables.ts';

/** The health of the server, and how the tables of the cache are doing. */
export function cacheHealth(tables: Tables, which: Readonly<Record<string, string>>): () => Promise<Health> {
  const statement = tables.statement('cache_health', which);
  return createHealthCheck(tables.db.clock, async (signal) => {
    const [server, [row = []]] = await Promise.all([
      tables.db.health(),
      tables.query(statement, [], { signal }),
    ]);
    return {
      status: server.status,
      details: {
        ...server.details,
        rows: count(row, 0),
        bytes: count(row, 1),
        deadRows: count(row, 2),
        updates: count(row, 3),
        updatesInPlace: count(row, 4),
        guards: count(row, 5),
      },
    };
  });
}
