import type { Clock, Logger } from '@parley/cache-core/kernel';
import type { Files } from './files.ts';

export interface CollectOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly clock: Clock;
  /** @default 600,000 */
  readonly everyMs?: number | undefined;
}

/** Removes what nobody has any more, now and then, until the returned function is called; it waits for what is under way. */
export function collectRegularly(
  files: Pick<Files, 'collect'>,
  { logger, clock, everyMs = 600_000 }: CollectOptions,
): () => Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  async function go(): Promise<void> {
    while (!signal.aborted) {
      // Nodes that were started together need not do it together.
      await clock.sleep(everyMs * (0.75 + Math.random() / 2), { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await files.collect({ signal }).catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ error }, 'Files that nobody has could not be removed');
      });
    }
  }
  const going = go();
  return async () => {
    over.abort();
    await going;
  };
}
