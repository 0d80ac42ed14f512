import type { Subject, Subjects } from '../../src/scenario.ts';
import { schemaName } from '../bus/schema-name.ts';
import { hourSeconds, identityAt, mustAdmit, plenty } from './identities.ts';
import { generous, limiting, onPostgres } from './ours.ts';

const connections = 16;

const ours = limiting(onPostgres, { message: generous }, async (limiter) => {
  const first = await limiter.check('message', { identity: identityAt(0) });
  mustAdmit(first.ok);
  let away = 0;
  return {
    async op(i) {
      const verdict = await limiter.check('message', { identity: identityAt(i) });
      if (verdict.decidedBy !== 'store') away++;
      return verdict;
    },
    teardown: () => {
      if (away > 0) throw new Error(`${away} checks were not decided by the store`);
    },
  };
});

/** In its own table, and in one that is emptied by a crash, as ours is: what its documentation lets a user create beforehand. */
const flexible =
  (logged: boolean): Subject =>
  async ({ url, prefix }) => {
    const { RateLimiterPostgres } = await import('rate-limiter-flexible');
    const { default: pg } = await import('pg');
    const storeClient = new pg.Pool({ connectionString: url('postgres'), max: connections });
    const tableName = schemaName(prefix);
    await storeClient.query(
      `CREATE ${logged ? '' : 'UNLOGGED'} TABLE ${tableName}
        (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`,
    );
    const limiter = new RateLimiterPostgres({
      storeClient,
      tableName,
      tableCreated: true,
      points: plenty,
      duration: hourSeconds,
    });
    mustAdmit((await limiter.consume(identityAt(0))).remainingPoints > 0);
    return { op: (i) => limiter.consume(identityAt(i)), teardown: () => storeClient.end() };
  };

/**
 * The store that express-rate-limit lists. It opens its own pool, and begins with migrations, which look for their table in all schemas: so it
 * gets a database for itself.
 */
const expressStore: Subject = async ({ url, prefix }) => {
  const { PostgresStore } = await import('@acpr/rate-limit-postgresql');
  const { rateLimit } = await import('express-rate-limit');
  const { default: pg } = await import('pg');
  const operator = new pg.Client({ connectionString: url('postgres') });
  await operator.connect();
  const database = schemaName(prefix);
  await operator.query(`CREATE DATABASE ${database}`);
  await operator.end();
  const connectionString = Object.assign(new URL(url('postgres')), { pathname: `/${database}` }).href;
  const store = new PostgresStore({ connectionString, max: connections }, prefix);
  rateLimit({ store, windowMs: hourSeconds * 1_000, limit: plenty });
  mustAdmit((await untilMigrated(() => store.increment(identityAt(0)))).totalHits === 1);
  return { op: (i) => store.increment(identityAt(i)), teardown: () => store.pool.end() };
};

/** Nothing tells when its migrations are done. */
async function untilMigrated<T>(call: () => Promise<T>): Promise<T> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A counter for each identity and window, one statement a call. */
const bare: Subject = async ({ url, prefix }) => {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: url('postgres'), max: connections });
  const table = schemaName(prefix);
  await pool.query(
    `CREATE UNLOGGED TABLE ${table} (key text PRIMARY KEY, used bigint NOT NULL, til timestamptz NOT NULL)`,
  );
  const text = `INSERT INTO ${table} AS t VALUES ($1, 1, now() + interval '1 hour')
    ON CONFLICT (key) DO UPDATE SET used = t.used + 1 RETURNING used`;
  return {
    op: (i) => pool.query({ name: 'count', text, values: [identityAt(i)] }),
    teardown: () => pool.end(),
  };
};

export const postgresChecks: Subjects = {
  ours,
  floor: bare,
  rivals: {
    'rate-limiter-flexible': flexible(true),
    'rate-limiter-flexible, unlogged table': flexible(false),
    '@acpr/rate-limit-postgresql': expressStore,
  },
};
