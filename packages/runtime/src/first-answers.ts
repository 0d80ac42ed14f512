import { isParleyError, isRetryable, withDeadline, type Clock, type Logger } from '@parley/cache-core/kernel';
import type { Backend } from './backend.ts';

export interface FirstAnswersOptions {
  readonly startMs: number;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Finds out at the start what no waiting would heal, and does not wait for what may. */
export async function firstAnswers(
  { store, second, database }: Backend,
  { startMs, logger, ...options }: FirstAnswersOptions,
): Promise<void> {
  const probe = async (
    what: string,
    name: string,
    ask: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> => {
    try {
      await withDeadline(startMs, ask, { ...options, what: `the first answer of ${name}` });
    } catch (error) {
      if (!isParleyError(error) || !isRetryable(error)) throw error;
      logger.warn({ [what]: name, error }, `The ${what} does not answer; starting without it`);
    }
  };
  await Promise.all([
    store && probe('store', store.name, (signal) => store.read(['parley:probe'], { signal })),
    second &&
      probe('store', `the second ${second.name}`, (signal) => second.read(['parley:probe'], { signal })),
    // What keeps the cache has just been asked.
    database &&
      store?.name !== database.db.kind &&
      probe('database', database.db.kind, (signal) =>
        database.db.query({ text: 'select 1', operation: 'the first answer' }, [], { signal }),
      ),
  ]);
}
