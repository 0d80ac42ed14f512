import type { Invalidation, InvalidationListener, Notice } from '@parley/cache-core';
import { abortable, requireMs, safeCall, throwIfAborted, type Random } from '@parley/cache-core/kernel';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { cacheKeys, requirePrefix } from '../keys.ts';
import { asList } from '../lane.ts';
import { loadScript } from '../script.ts';
import { slotOf } from '../slot.ts';
import { Feed, type Position } from './feed.ts';
import { Follower } from './follower.ts';
import { isFrom, packNotices } from './notice.ts';
import { createOutbox } from './outbox.ts';

export interface RedisInvalidationOptions {
  /** Stands before the sequence and the channel. @default the prefix of the connection */
  readonly prefix?: string | undefined;
  /**
   * How often the sequence is looked at, in milliseconds. A loss is found within three times as long.
   * @default 600: within 1.8 s, which is inside the 2 s of the cache's `stalenessBound`
   */
  readonly checkEveryMs?: number | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

const publish = loadScript('sequence', 'publish');
const position = loadScript('sequence', 'position');

/**
 * Tells other processes through a channel of Redis what changed. Channels lose what is said while a connection is away; so every message
 * is counted, and a subscription that cannot vouch for having them all is suspect until it is made anew. The connection stays the caller's
 * to close.
 */
export function redisInvalidation(
  connection: RedisConnection,
  options: RedisInvalidationOptions = {},
): Invalidation {
  const { reads, changes, clock, openSubscriber } = internalsOf(connection);
  const prefix = requirePrefix('prefix', options.prefix ?? connection.prefix);
  const { sequence, channel } = cacheKeys(prefix, connection.db);
  const checkEveryMs = requireMs('checkEveryMs', options.checkEveryMs ?? 600);
  const detectionMs = checkEveryMs * 3;
  const sharded = changes.clustered;
  const listeners = new Set<InvalidationListener>();
  let follower: Follower | undefined;

  const ask = async (): Promise<Position> => {
    const [epoch, number, history] = asList(
      await reads.run('look at the sequence', position, [sequence], []),
    );
    return { epoch: String(epoch), number: Number(number), history: String(history) };
  };

  /** What the only listener told itself: most of what a process hears, where it is the one that writes. */
  const isOwn = (body: string): boolean => {
    for (const { origin } of listeners) if (origin === undefined || !isFrom(body, origin)) return false;
    return true;
  };

  const open = async (onLive: () => void): Promise<Feed> =>
    new Feed(await openSubscriber(slotOf(sequence)), {
      clock,
      random: options.random ?? Math.random,
      channel,
      sharded,
      checkEveryMs,
      detectionMs,
      ask,
      onLive,
      isOwn,
      onNotice: (notice) => {
        for (const listener of listeners) safeCall('invalidation.notice', () => listener.notice(notice));
      },
    });

  const onState = (state: 'live' | 'suspect'): void => {
    for (const listener of listeners) safeCall('invalidation.state', () => listener.state(state));
  };

  const send = createOutbox((notices: readonly Notice[]) => {
    const bodies = packNotices(notices);
    if (bodies.length === 0) return Promise.resolve();
    return changes.run(
      'tell a change',
      publish,
      [sequence],
      [sharded ? 'SPUBLISH' : 'PUBLISH', channel, ...bodies],
    );
  });

  return {
    name: 'redis',
    detectionMs,
    async publish(notice, { signal } = {}) {
      throwIfAborted(signal);
      await abortable(send(notice), signal);
    },
    subscribe(listener) {
      // The same listener may subscribe twice, and each subscription is closed by itself.
      const own: InvalidationListener = {
        origin: listener.origin,
        notice: (notice) => listener.notice(notice),
        state: (state) => listener.state(state),
      };
      listeners.add(own);
      follower ??= new Follower({ clock, open, onState });
      if (follower.live) safeCall('invalidation.state', () => own.state('live'));
      let subscribed = true;
      return {
        vouchedUntil: () => (subscribed && follower !== undefined ? follower.vouchedUntil : -Infinity),
        async close() {
          subscribed = false;
          if (!listeners.delete(own) || listeners.size > 0) return;
          const last = follower;
          follower = undefined;
          await last?.stop();
        },
      };
    },
  };
}
