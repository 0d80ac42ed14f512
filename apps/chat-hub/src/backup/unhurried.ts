import type { Session } from '@parley/runtime';

const mostMs = 6 * 3_600_000;

/**
 * A session in whose transaction statements may take long: limits that are right for a request would end a copy of everything in its middle, on
 * a slow disk or of a large hub, after an hour of work.
 */
export async function unhurried(session: Session): Promise<Session> {
  await session.query({
    text: `select set_config(name, '0', true) from pg_settings
      where name in ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`,
    operation: 'taking time',
  });
  return {
    query: (statement, params, options) =>
      session.query(statement, params, { timeoutMs: mostMs, ...options }),
    script: (text, options) => session.script(text, { timeoutMs: mostMs, ...options }),
    release: () => session.release(),
  };
}
