import type { Hub } from '@parley/hub-client';
import type { Channel } from '@parley/hub-protocol';
import { notFound } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { Follower } from './follower.ts';
import { watchConnection } from './watch-connection.ts';

/** Shows what comes until somebody ends it, nobody reads it, or there is nothing to come any more. */
export async function follow(
  { out, world }: Pick<Context, 'out' | 'world'>,
  hub: Hub,
  follower: Follower,
  named: readonly Channel[],
): Promise<void> {
  const end = Promise.withResolvers<void>();
  const present = new Set<string>();
  const stopSignals = world.onInterrupt(() => end.resolve());
  // It is told with the next line at the latest; on a terminal or a pipe that is closed, at once.
  out.gone.addEventListener('abort', () => end.resolve(), { once: true });
  hub.on('event', (_, entry) => {
    follower.hear(entry);
    follower.settled().catch(end.reject);
  });
  const { over, stop } = watchConnection(hub, out);
  const stopReading = hub.subscribe(() => {
    const { channels, ready } = hub.snapshot();
    for (const [id, { position, channel }] of channels) {
      if (follower.knows(id)) follower.reach(id, position);
      else follower.begin(id, named.length === 0 ? position : channel.seq, undefined);
    }
    follower.settled().catch(end.reject);
    for (const { id } of ready ? named : []) if (channels.has(id)) present.add(id);
    if (named.length > 0 && present.size === named.length && named.every(({ id }) => !channels.has(id)))
      end.reject(notFound('the channel is gone, or it is not for you any more'));
  });
  try {
    await Promise.race([end.promise, over]);
    await follower.settled();
  } finally {
    stopReading();
    stop();
    stopSignals();
    hub.close();
  }
}
