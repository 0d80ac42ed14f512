import type { Health } from '@parley/cache-core/kernel';
import type { ChangeBatch, Changed } from './change.ts';
import type { Appended, Position, View } from './view.ts';

/**
 * What presence asks of the place that knows who is where.
 *
 * The store holds channels. In a channel there are **entries**, named by a user and an id: a tab in a room, somebody who types, a status.
 * An entry belongs to the lease of a process, and goes with it; or to nobody, and goes when its time is over. A user is **in** a channel as
 * long as there is at least one entry of theirs, and what is told of the user is that of the entry with the highest rank, and among those
 * the one that was set last.
 *
 * Each channel has a log of what became of its users: `join` when the first entry of a user came, `update` when what is told of them became
 * another, `leave` when the last entry went. What makes no difference for a user is in no log.
 *
 * Obligations of every store, shown by the laws in `@parley/presence/conformance`:
 * - Each method is atomic for each channel: an entry, the users it makes a difference for, the counts and the log change together or not at
 *   all, by whatever path an entry goes: removed, taken over, with its lease, or by its time. Over several channels nothing is promised.
 * - A log keeps at least the last 100 diffs of a channel.
 * - The log replayed gives the view: joins and leaves of a user alternate, offsets count from 1 without holes.
 * - What has ended is still in the view until `reap` has taken it out, so that log and view never disagree.
 * - Channels, users and ids are any text of up to 1,024 bytes without control characters; values are well-formed text without NUL, and come
 *   back as they were. Nothing in them has a meaning. Leases are up to 64 characters of ASCII without spaces.
 * - Time is the store's own: whatever ends in `Ms` counts from when the store carries the call out. Clocks of processes decide nothing.
 * - At most once: what a lost connection leaves open is reported as `StoreUnavailable`, never sent again by the store. Whoever repeats a
 *   change repeats it in a new batch; what was done already makes no difference then.
 * - Failures are `StoreUnavailable` (try later) or `StoreFault` (trying again will not help), with the driver's error as `cause`. A call that
 *   fails may have been carried out for some of its channels.
 * - Nothing is left for ever: a lease that is not renewed, an entry without a lease, and a channel that nobody is in all end.
 * - A store closes nothing that it did not open.
 */
export interface PresenceStore {
  /** For messages and metrics: `redis`, `postgres`, `pglite`, `memory`. */
  readonly name: string;
  /** What its names stand under, for messages and metrics: a prefix, a schema. @default nothing */
  readonly prefix?: string | undefined;
  readonly capabilities: PresenceCapabilities;
  /**
   * In which of the parts that the store is divided into a channel is, each of which may be away alone. A call about channels of one part
   * does not depend on the others. @default there is one part
   */
  readonly partOf?: ((channel: string) => string) | undefined;

  /**
   * Begins a lease, under a name that was never used before. It ends `leaseMs` after this, or after the last `beat`. Answers with the epoch
   * that a `beat` would tell.
   *
   * Where some parts of the store are away, it is begun in the others, and not held in these; it fails only where it is begun in none.
   */
  readonly open: (lease: string, leaseMs: number, options?: PartCall) => Promise<string>;

  /**
   * Renews the lease, whatever there is under it: the cost is that of one command for each part of the store. A lease
   * whose time is over is not held any more, also before it is reaped, and is not begun anew by this. It fails where a part of the store is
   * away, unless another one says that it is not held.
   */
  readonly beat: (lease: string, leaseMs: number, options?: PartCall) => Promise<Beat>;

  /** Carries out the changes of a batch, in their order within a channel. */
  readonly change: (batch: ChangeBatch, options?: StoreCall) => Promise<Changed>;

  /** Ends leases now instead of later. What is under them goes with the next `reap`. Unknown ones do no harm. */
  readonly end: (leases: readonly string[], options?: StoreCall) => Promise<void>;

  /**
   * Takes out what has ended: entries whose lease or time is over, and channels in which nobody was for their `idleMs`. Any process may do
   * it at any time, several at once too: each entry goes once. The work is bounded by `limit`, and with 0 nothing is taken out.
   *
   * A call may lie before a store that does not go on, while every lease in it ends because nobody can renew it. So one that says `within`
   * takes nothing out when the store carries it out later than that, by its own clock.
   *
   * Where some parts of the store are away, it is done in the others; it fails only where it is in none.
   */
  readonly reap: (limit: number, options?: ReapCall) => Promise<Reaped>;

  /** What there is in channels, or what became of it since a position. Writes nothing. Answers in the order of the requests. */
  readonly read: (requests: readonly ReadRequest[], options?: StoreCall) => Promise<readonly View[]>;

  /** Answers within its own deadline, and never rejects. */
  readonly health: () => Promise<Health>;
}

export interface PresenceCapabilities {
  /** Whether other processes see what this one changes. */
  readonly shared: boolean;
  /** The largest value in bytes of UTF-8; larger ones are refused before the call. */
  readonly maxValueBytes: number;
  /** How many changes or channels one call carries at the most. */
  readonly maxBatch: number;
  /** How many members a view holds at the most. */
  readonly maxMembers: number;
}

export interface StoreCall {
  /** Gives up waiting; what was sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

/** To all parts of the store. */
export interface PartCall extends StoreCall {
  /** How long parts are waited for that do not answer, when another one has. @default until the call is given up */
  readonly partMs?: number | undefined;
}

export interface ReapCall extends PartCall {
  /**
   * Up to how many ms after a moment that `reap` answered something may be taken out; after one that the store does not know nothing is.
   * @default whenever it is carried out
   */
  readonly within?: ReapTime | undefined;
}

export interface ReapTime {
  readonly moment: string;
  readonly ms: number;
  /**
   * From a part of the store that did not answer at that moment nothing is taken out for so long after it answers again: what ended there may
   * have ended only because nobody could renew it. @default 0
   */
  readonly gatherMs?: number | undefined;
}

export interface Beat {
  /** False: whatever was under the lease is gone or going, and nothing can be changed by it any more. */
  readonly held: boolean;
  /**
   * Another one whenever the store cannot rule out that it lost changes it had answered for, such as by the takeover of a server that was
   * behind. Who sees it change must set everything again.
   */
  readonly epoch: string;
}

export interface Reaped {
  readonly appended: readonly Appended[];
  /** There is more that has ended. */
  readonly more: boolean;
  /** In how many ms the next thing ends, if nothing is renewed; undefined: nothing does. */
  readonly nextMs: number | undefined;
  /** When that was, by the store's clock, or by those of its parts. What it says only the store knows. */
  readonly moment: string;
  /** Of a part of the store that did not answer; undefined: all have. */
  readonly failure?: Error | undefined;
}

export interface ReadRequest {
  readonly channel: string;
  /** What is known already: then only what came after it is answered, where the log still has it. */
  readonly after?: Position | undefined;
  /** How many members at the most, where they are answered; which ones, if there are more, is the store's choice. */
  readonly limit: number;
}
