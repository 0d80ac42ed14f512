import { InvalidArgument, parseDuration, requireInteger, systemClock } from '@parley/cache-core/kernel';
import type { Clock, Clocked, Duration, Random } from '@parley/cache-core/kernel';
import type { Feed } from './feed.ts';
import type { PresenceStore } from './store.ts';

export interface PresenceOptions extends Clocked {
  /** Who is where: the same for all processes. */
  readonly store: PresenceStore;
  /** How processes tell each other at once. What it loses is found at the next look. */
  readonly feed: Feed;
  /** How long what a process has registered stays when nothing is heard of it any more. @default '9s' */
  readonly lease?: Duration | undefined;
  /** How often a process says that it is there. @default '2.5s' */
  readonly heartbeat?: Duration | undefined;
  /** Within which time after its end something is taken out, by whichever process draws the shortest pause. @default '0.5s' */
  readonly reap?: Duration | undefined;
  /** How long a connection that was lost without a word is still taken to be there. @default '5s' */
  readonly grace?: Duration | undefined;
  /** The first change of a channel's status goes out at once; those that follow within this time go together. @default '75ms' */
  readonly coalesce?: Duration | undefined;
  /** How often a view is compared with the store. @default '5s' */
  readonly checkEvery?: Duration | undefined;
  /**
   * When the store has lost its data: how long those who were there are kept in views, as stale, for their processes to register them again.
   * @default '5s'
   */
  readonly gather?: Duration | undefined;
  /** How long calls wait for the store, if they say nothing else. @default '5s' */
  readonly within?: Duration | undefined;
  /** How long one call to the store may take before it is tried again. @default '2s' */
  readonly storeDeadline?: Duration | undefined;
  /** Of channels with more users than this, counts and a sample are kept instead of everybody. @default 1,000 */
  readonly largeAbove?: number | undefined;
  /** How many users of a large channel are listed. @default 100 */
  readonly sample?: number | undefined;
  /** How often the sample of a large channel is renewed while it changes. @default '2s' */
  readonly sampleEvery?: Duration | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

export interface PresenceSettings {
  readonly store: PresenceStore;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly random: Random;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly reapMs: number;
  readonly graceMs: number;
  readonly coalesceMs: number;
  readonly checkMs: number;
  readonly gatherMs: number;
  readonly withinMs: number;
  readonly storeMs: number;
  readonly largeAbove: number;
  readonly sample: number;
  readonly sampleMs: number;
}

export function settingsOf(options: PresenceOptions): PresenceSettings {
  const { store, feed } = options;
  if (typeof store?.change !== 'function')
    throw new InvalidArgument('store', 'a store, such as memoryPresenceStore()', store);
  if (typeof feed?.follow !== 'function')
    throw new InvalidArgument('feed', 'a feed, such as memoryFeed()', feed);
  const duration = (field: keyof PresenceOptions, value: Duration, min = 1): number =>
    parseDuration(options[field] ?? value, { field, min });
  const heartbeatMs = duration('heartbeat', '2.5s', 10);
  const largeAbove = requireInteger(
    'largeAbove',
    options.largeAbove ?? 1_000,
    1,
    store.capabilities.maxMembers,
  );
  return {
    store,
    feed,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    heartbeatMs,
    // One lost heartbeat must not end everything.
    leaseMs: duration('lease', '9s', heartbeatMs * 2),
    reapMs: duration('reap', '0.5s'),
    graceMs: duration('grace', '5s', 0),
    coalesceMs: duration('coalesce', '75ms', 0),
    checkMs: duration('checkEvery', '5s', 50),
    gatherMs: duration('gather', '5s', 0),
    withinMs: duration('within', '5s'),
    storeMs: duration('storeDeadline', '2s'),
    largeAbove,
    sample: requireInteger('sample', options.sample ?? Math.min(100, largeAbove), 0, largeAbove),
    sampleMs: duration('sampleEvery', '2s', 10),
  };
}
