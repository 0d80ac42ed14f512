import { until } from '@parley/services';
import type { PostgresServer } from '@parley/services';

/** Waits until a session other than the asking one runs the statement. */
export async function untilRunning(server: PostgresServer, sql: string): Promise<void> {
  const running = `select 1 from pg_stat_activity where strpos(query, $1) > 0 and state = 'active' and pid <> pg_backend_pid()`;
  await until(async () => (await server.query(running, [sql])).length > 0, { what: `${sql} runs` });
}
