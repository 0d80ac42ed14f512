import { StoreUnavailable } from '@parley/cache-core/kernel';
import { bootOf } from './boot.ts';
import type { CallOptions, Database } from './database.ts';
import { migrate } from './migrate.ts';
import { text } from './rows.ts';
import { ownStatement } from './sql.ts';
import { isGone } from './tables.ts';

export interface EpochOptions extends CallOptions {
  /**
   * The schema of our tables, which hold the histories of the database.
   *
   * @default that of the database
   */
  readonly schema?: string | undefined;
}

/**
 * Names the stretch of time in which nothing that was committed can have been lost. It stays the same over restarts and crashes of the
 * server, and is another one when a standby was promoted, when the database or our tables in it are others, and, embedded, when the machine
 * was started anew. Epochs of a bus on this database change at the same moments.
 *
 * It makes our tables where there are none, so an embedded database must not be in a transaction of the caller's. Ask before you read what
 * you hand out under this epoch: then it is never too new for it.
 */
export async function databaseEpoch(db: Database, options: EpochOptions = {}): Promise<string> {
  const { schema = db.schema, ...call } = options;
  try {
    return await ask(db, schema, call);
  } catch (error) {
    if (!isGone(error)) throw error;
    await migrate(db, { schema, signal: call.signal });
    return ask(db, schema, call);
  }
}

async function ask(db: Database, schema: string, options: CallOptions): Promise<string> {
  // An embedded server does not know when it was started anew.
  const known = db.kind === 'postgres' ? await current(db, schema, options) : undefined;
  if (known !== undefined) return known;
  await db.query(ownStatement('history_begin', { schema }), [await bootOf(db)], options);
  const begun = await current(db, schema, options);
  if (begun === undefined) {
    throw new StoreUnavailable('Postgres: another server took over while its epoch was asked for', {
      evidence: { store: 'postgres', schema },
    });
  }
  return begun;
}

async function current(db: Database, schema: string, options: CallOptions): Promise<string | undefined> {
  const { rows } = await db.query(ownStatement('history', { schema }), [], options);
  return rows.map((row) => text(row, 0))[0];
}
