import type { Health } from '@parley/cache-core/kernel';
import { createHealthCheck } from '../health.ts';
import { count, real } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';
import type { PostgresFeed } from './feed.ts';

/** Beyond this the queue of notices is on its way to be full, and then nobody can commit a notice any more. */
const fullQueue = 0.5;

/** The health of the server, and of what the bus needs of it. */
export function busHealth(tables: BusTables, feeds: ReadonlySet<PostgresFeed>): () => Promise<Health> {
  const statement = tables.statement('bus_health');
  return createHealthCheck(tables.db.clock, async (signal) => {
    const [server, [row = []]] = await Promise.all([
      tables.db.health(),
      tables.query(statement, [], { signal }),
    ]);
    const states = [...feeds].map((feed) => feed.state);
    const noticeQueue = real(row, 0);
    const deaf = states.some(({ listening, joined }) => joined > 0 && !listening);
    return {
      status: server.status === 'up' && (deaf || noticeQueue > fullQueue) ? 'degraded' : server.status,
      details: {
        ...server.details,
        noticeQueue,
        listening: states.filter(({ listening }) => listening).length,
        joined: states.reduce((sum, { joined }) => sum + joined, 0),
        lookMs: Math.max(0, ...states.map(({ lookMs }) => lookMs)),
        channels: count(row, 1),
        days: count(row, 2),
        jobRows: count(row, 3),
        deadJobRows: count(row, 4),
      },
    };
  });
}
