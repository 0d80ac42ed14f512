import type { Health } from '@parley/cache-core/kernel';
import type { BrokerFeed, FeedListener } from './feed.ts';
import type { JobStore } from './job-store.ts';
import type { Position } from './position.ts';

/**
 * What a bus asks of the place that carries its messages.
 *
 * Obligations of every broker, shown by the laws in `@parley/bus/conformance`:
 * - Bodies are well-formed text without NUL and come back as they were given. A broker never looks inside them.
 * - Names of channels are any text of up to 1,024 bytes without control characters, `<topic>:<channel>`; nothing in them has a meaning.
 * - Time is the broker's own: whatever ends in `Ms` counts from when the broker carries the call out.
 * - At most once: what a lost connection leaves open is reported as `StoreUnavailable`, never sent again by the broker.
 * - Failures are `StoreUnavailable` (try later) or `StoreFault` (trying again will not help), with the driver's error as `cause`.
 * - A broker closes nothing that it did not open.
 */
export interface Broker {
  /** For messages and metrics: `redis`, `postgres`, `pglite`, `memory`. */
  readonly name: string;
  /** What its names stand under, for messages and metrics: a prefix, a schema. @default nothing */
  readonly prefix?: string | undefined;
  readonly capabilities: BrokerCapabilities;
  readonly streams: StreamStore;
  readonly jobs: JobStore;

  /** Tells whoever follows the channel now, and keeps nothing. Those of one channel arrive in the order given. */
  readonly send: (signals: readonly Signal[], options?: BrokerCall) => Promise<void>;

  /** What this process hears. The feed connects when something is first joined. */
  readonly open: (listener: FeedListener) => BrokerFeed;

  /** Answers within its own deadline, and never rejects. */
  readonly health: () => Promise<Health>;
}

export interface BrokerCapabilities {
  /** Whether other processes hear what this one says. */
  readonly shared: boolean;
  /** The largest body in bytes of UTF-8; larger ones are refused before the call. */
  readonly maxBodyBytes: number;
  /** How many records, signals, channels or jobs one call carries at the most. */
  readonly maxBatch: number;
  /** How many calls should be under way at once. */
  readonly maxInFlight: number;
}

export interface BrokerCall {
  /**
   * Gives up waiting; what was sent may still take effect. Whoever calls does not rely on it: a broker whose calls are sent at once has
   * nothing to give up, and need not ask for it, which spares the signal where it is made when it is asked for.
   */
  readonly signal?: AbortSignal | undefined;
}

export interface Signal {
  readonly channel: string;
  readonly body: string;
  /** Whether those hear of it too who follow the whole topic. */
  readonly wide: boolean;
}

/**
 * Streams: each channel has a log of its own. Offsets count from 1 without holes, in the order in which records were appended. An epoch
 * is a stretch of the log in which an offset means one record only. It is another one whenever the broker cannot rule out that records
 * were lost behind the back of their readers: the log is gone, or another server took over that may have missed the last of it.
 */
export interface StreamStore {
  /**
   * Appends in the order given, and tells the followers. The records of one channel get consecutive offsets, all or none of them; a batch
   * over several channels is not a transaction.
   */
  readonly append: (records: readonly NewRecord[], options?: BrokerCall) => Promise<readonly Appended[]>;

  /** What the log holds, and where it stands. A channel nothing was appended to has an epoch too, which lasts until it is lost. */
  readonly read: (requests: readonly ReadRequest[], options?: BrokerCall) => Promise<readonly StreamPage[]>;

  /** Channels of a topic by name, after the one given, to which `wide` records were appended, and where each stands. */
  readonly channels: (
    topic: string,
    page: BrokerCall & { readonly after?: string | undefined; readonly limit: number },
  ) => Promise<readonly ChannelPosition[]>;

  /** Forgets the log. Its readers are told by a new epoch. */
  readonly drop: (channels: readonly string[], options?: BrokerCall) => Promise<void>;
}

export interface NewRecord {
  readonly channel: string;
  /** Names the record among all; at most 64 characters of ASCII without spaces. */
  readonly id: string;
  readonly body: string;
  readonly keep: Retention;
  readonly wide: boolean;
  /** Set when an earlier call with this id may have appended it; then it is appended only if it is not found among what came since. */
  readonly sinceMs?: number | undefined;
  /** Among records of one key in one channel within `forMs`, only the first is appended; the others are answered with its place. */
  readonly once?: { readonly key: string; readonly forMs: number } | undefined;
}

/** How much of a log is kept at least; a broker may keep up to a few hundred records and a quarter of the time more. */
export interface Retention {
  readonly count: number;
  readonly forMs: number;
}

export interface Appended {
  readonly position: Position;
  /** When, by the broker's clock, in milliseconds since 1970. */
  readonly at: number;
  /** It was there already; by `once`, or by `sinceMs`. */
  readonly repeated: boolean;
}

export interface ReadRequest {
  readonly channel: string;
  /** Undefined: from the oldest one that is kept. Of another epoch: nothing is returned but where the log stands. */
  readonly after: Position | undefined;
  /** How many records at the most; 0 asks only where the log stands. A broker may return fewer, and never none where there are some. */
  readonly limit: number;
}

export interface StreamPage {
  readonly epoch: string;
  /** The last offset given out in this log; 0: none yet. */
  readonly top: number;
  /** The first offset that is kept; `top + 1` when none is. */
  readonly oldest: number;
  /** Earlier epochs that this one goes on with, latest first: up to each of these positions, this log is the same as theirs was. */
  readonly lineage: readonly Position[];
  readonly records: readonly StoredRecord[];
}

export interface StoredRecord {
  readonly offset: number;
  readonly at: number;
  readonly id: string;
  readonly body: string;
}

export interface ChannelPosition {
  readonly channel: string;
  readonly position: Position;
}
