import type { CallRoute, Hub } from '@parley/hub-client';
import { limits, type Channel } from '@parley/hub-protocol';
import type { Context } from '../context.ts';
import { untilEnded } from '../until-ended.ts';
import type { Follower } from './follower.ts';
import { whenAllGone } from './gone-channels.ts';

export interface FollowOptions {
  readonly call: CallRoute;
  readonly hub: Hub;
  readonly follower: Follower;
  readonly named: readonly Channel[];
  /** Also who comes and goes. */
  readonly presence: boolean;
}

/** Shows what comes until somebody ends it, nobody reads it, or there is nothing to come any more. */
export function follow(
  context: Pick<Context, 'out' | 'world'>,
  { call, hub, follower, named, presence }: FollowOptions,
): Promise<void> {
  return untilEnded(context, hub, (fail) => {
    let begun = false;
    const watched = new Set<string>();
    const askWhetherGone = whenAllGone(call, hub, named, fail);
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
      follower.settled().catch(fail);
    });
    const stopReading = hub.subscribe(() => {
      const { channels, ready } = hub.snapshot();
      for (const [id, { position, reading }] of channels) {
        // Of a channel that comes later, all that was said since: who was just taken in has read up to there.
        if (!follower.knows(id))
          follower.begin(id, begun ? Math.min(position, reading.lastReadSeq) : position, undefined);
        follower.reach(id, position);
        if (!presence || watched.has(id) || watched.size >= limits.watches) continue;
        watched.add(id);
        hub.watch(id);
      }
      begun ||= ready;
      follower.settled().catch(fail);
      askWhetherGone();
    });
    return () => {
      follower.stop();
      stopReading();
    };
  });
}
