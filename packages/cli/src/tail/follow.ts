import type { CallRoute, Hub } from '@parley/hub-client';
import { isHubError, type Channel } from '@parley/hub-protocol';
import { notFound } from '../cli-error.ts';
import type { Context } from '../context.ts';
import type { Follower } from './follower.ts';
import { watchConnection } from './watch-connection.ts';

/** Shows what comes until somebody ends it, nobody reads it, or there is nothing to come any more. */
export async function follow(
  { out, world }: Pick<Context, 'out' | 'world'>,
  call: CallRoute,
  hub: Hub,
  follower: Follower,
  named: readonly Channel[],
): Promise<void> {
  const end = Promise.withResolvers<void>();
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
  /** Not there yet, or not there any more: the hub knows. */
  let asking = false;
  const askWhetherGone = (): void => {
    if (asking) return;
    asking = true;
    allGone(call, named)
      .then((gone) => {
        asking = false;
        if (gone) end.reject(notFound('the channel is gone, or it is not for you any more'));
      })
      .catch(end.reject);
  };
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
    const missing = ready ? named.filter(({ id }) => !channels.has(id)) : [];
    if (named.length > 0 && missing.length === named.length) askWhetherGone();
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

async function allGone(call: CallRoute, named: readonly Channel[]): Promise<boolean> {
  for (const { id } of named) {
    try {
      await call('readChannel', { params: { channelId: id } });
      return false;
    } catch (error) {
      // While the hub is away nothing is known. Who is known no longer is told so by the connection.
      if (!isHubError(error) || ![403, 404, 410].includes(error.status)) return false;
    }
  }
  return true;
}
