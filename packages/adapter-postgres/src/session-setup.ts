import type { Statement } from './database.ts';

/** What every new connection is asked: whether this is a standby, whether it takes no writes, and when this server process began, to the microsecond. */
const question = `pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', extract(epoch from pg_postmaster_start_time())::text`;

/**
 * Asked on every new connection. A plan is made once and kept, often while a table is still empty and reading all of it is cheapest;
 * then the table grows. All our statements find rows by an index, so they are told to use it from the start. A statement of an application
 * that must read a whole table then seems so expensive that the server would compile it, which takes longer than running it.
 */
export const sessionSetup: Statement = {
  text: `select ${question}, set_config('enable_seqscan', 'off', false), set_config('jit', 'off', false)`,
  operation: 'connecting',
};

/**
 * In one more column, on servers: within 20 s they notice a client that the network has swallowed, and let go of what its transaction had
 * locked. By themselves they would wait for two hours.
 */
const noticing = [
  ['tcp_keepalives_idle', '10'],
  ['tcp_keepalives_interval', '3'],
  ['tcp_keepalives_count', '3'],
  ['tcp_user_timeout', '20000'],
].map(([name, value]) => `set_config('${name}', '${value}', false)`);

export const serverSessionSetup: Statement = {
  ...sessionSetup,
  text: [sessionSetup.text, ...noticing].join(', '),
};

/** The same without leaving a trace, for connections that a pooler hands to others afterwards. */
export const sessionCheck: Statement = { text: `select ${question}`, operation: 'connecting' };
