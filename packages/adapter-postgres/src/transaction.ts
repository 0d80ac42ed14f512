import { StoreFault } from '@parley/cache-core/kernel';
import type { CallOptions, Session } from './database.ts';

const begin = { text: 'begin', operation: 'beginning a transaction' };
const commit = { text: 'commit', operation: 'committing' };
const rollback = { text: 'rollback', operation: 'rolling back' };

/** Runs the work in a transaction on a session of its own, which is given back in any case. */
export async function runTransaction<T>(
  acquire: (options?: CallOptions) => Promise<Session>,
  work: (session: Session) => Promise<T>,
  options: CallOptions = {},
): Promise<T> {
  const session = await acquire(options);
  try {
    await session.query(begin, [], options);
    const result = await work(session);
    const { command } = await session.query(commit);
    // So the server answers when a statement failed before and the work went on as if nothing had happened.
    if (command === 'ROLLBACK')
      throw new StoreFault('Postgres: the transaction was rolled back, not committed');
    return result;
  } catch (error) {
    // Its failure adds nothing: a session whose transaction is still open is not used again.
    await session.query(rollback).catch(() => {});
    throw error;
  } finally {
    session.release();
  }
}
