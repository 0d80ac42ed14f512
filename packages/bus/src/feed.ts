import type { BrokerCall, StoredRecord } from './broker.ts';
import type { Position } from './position.ts';

/** What can be followed: one channel, everything `wide` of a topic, or a queue's need of workers. */
export type FeedKind = 'channel' | 'topic' | 'queue';

/** Calls take effect in the order in which they are made. */
export interface BrokerFeed {
  /**
   * Resolves when whatever is said from now on will be heard. Joining twice does no harm. A name that cannot be joined, or is lost before it
   * was, makes the whole call reject; those of it that had succeeded are left again or told as lost.
   */
  readonly join: (kind: FeedKind, names: readonly string[], options?: BrokerCall) => Promise<void>;

  /** Resolves when the server knows it, or is away. Words that were under way may still arrive. */
  readonly leave: (kind: FeedKind, names: readonly string[]) => Promise<void>;

  /** How long, in ms, a feed can go on without noticing that it does not hear any more. */
  readonly detectionMs: number;

  /** What there is to be watched of it, such as `probeTimeouts`: numbers by name. @default nothing */
  readonly figures?: (() => Readonly<Record<string, number>>) | undefined;

  readonly close: () => Promise<void>;
}

/**
 * What a feed tells. Nothing is told twice of one channel at the same time, and never after `close` has resolved.
 *
 * Obligations: as long as a name is joined and not told as lost, whatever was appended or sent to it is told, at least by `advanced`. A feed
 * that cannot vouch for that says `lost`, within `detectionMs`.
 */
export interface FeedListener {
  /** Records as they were appended: in order of offsets within a call, perhaps again, perhaps with holes. */
  readonly records: (channel: string, epoch: string, records: readonly StoredRecord[]) => void;
  /** The log has come this far; what it holds may be read. */
  readonly advanced: (channel: string, position: Position) => void;
  /** @param kind by what it was joined; who has joined both hears it twice */
  readonly signal: (kind: 'channel' | 'topic', channel: string, body: string) => void;
  /** There may be work in the queue. */
  readonly work: (queue: string) => void;
  /** Not joined any more. */
  readonly lost: (kind: FeedKind, names: readonly string[], reason: string) => void;
}
