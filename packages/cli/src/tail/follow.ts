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
  let begun = false;
  const stopSignals = world.onInterrupt(() => end.resolve());
  // Known when the next line is written.
  out.gone.addEventListener('abort', () => end.resolve(), { once: true });
  hub.on('event', (_, { event, timestamp, senderId, channelId, seq, epoch }) => {
    // Of channels that are not followed, only that they were made.
    if (channelId === null || !hub.snapshot().channels.has(channelId)) return;
    follower.hear({
      event,
      timestamp,
      senderId,
      channelId,
      ...(seq !== undefined && { seq }),
      ...(epoch !== undefined && { epoch }),
    });
    follower.settled().catch(end.reject);
  });
  const { over, stop } = watchConnection(hub, out);
  const stopReading = hub.subscribe(() => {
    const { channels, ready } = hub.snapshot();
    for (const [id, { position, reading }] of channels) {
      // Of a channel that comes later, all that was said since: who was just taken in has read up to there.
      if (!follower.knows(id))
        follower.begin(id, begun ? Math.min(position, reading.lastReadSeq) : position, undefined);
      follower.reach(id, position);
    }
    begun ||= ready;
    follower.settled().catch(end.reject);
    for (const { id } of ready ? named : []) if (channels.has(id)) present.add(id);
    if (named.length > 0 && present.size === named.length && named.every(({ id }) => !channels.has(id)))
      end.reject(notFound('the channel is gone, or it is not for you any more'));
  });
  try {
    await Promise.race([end.promise, over]);
  } finally {
    follower.stop();
    stopReading();
    stop();
    stopSignals();
    hub.close();
  }
}
