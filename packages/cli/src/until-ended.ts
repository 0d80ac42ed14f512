import type { Hub } from '@parley/hub-client';
import type { Context } from './context.ts';
import { watchConnection } from './watch-connection.ts';

/**
 * Keeps a connection until somebody ends it, nobody reads any more, or no attempt to connect follows.
 *
 * @param work begins what is shown, and answers what stops it; what it is given ends everything with an error
 */
export async function untilEnded(
  { out, world }: Pick<Context, 'out' | 'world'>,
  hub: Hub,
  work: (fail: (error: unknown) => void) => () => void,
): Promise<void> {
  const end = Promise.withResolvers<void>();
  const stopSignals = world.onInterrupt(() => end.resolve());
  // Known when the next line is written.
  out.gone.addEventListener('abort', () => end.resolve(), { once: true });
  const { over, stop } = watchConnection(hub, out);
  const stopWork = work((error) => end.reject(error));
  try {
    await Promise.race([end.promise, over]);
  } finally {
    stopWork();
    stop();
    stopSignals();
    hub.close();
  }
}
